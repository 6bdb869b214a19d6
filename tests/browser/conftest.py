"""A real Chromium on the real house. A test also fails when a page logs an error, breaks its CSP or loses a request."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from launcher import programs
from launcher.layout import ROOT
from tests.browser.stand_in import StandIn
from tests.browser.visitor import Visitor, Watch
from tests.conftest import RunningHouse

SCREENSHOTS = ROOT / "var" / "screenshots"
DESKTOP = {"width": 1280, "height": 800}


# One for each file, not for the session: Playwright's loop would stand in the way of asynchronous tests elsewhere.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium without a window."""
    program = programs.find(programs.CHROMIUM)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=programs.chromium_arguments(), headless=True)
        yield running
        running.close()


@pytest.fixture
def watch() -> Iterator[Watch]:
    """What goes wrong on the pages of this test."""
    watching = Watch()
    yield watching
    assert watching.unexpected() == []


@pytest.fixture
def context(browser: Browser, watch: Watch) -> Iterator[BrowserContext]:
    """A visitor's browser, with nothing in it yet."""
    made = browser.new_context(viewport=DESKTOP, locale="en-BE", timezone_id="Europe/Brussels")
    made.on("page", watch.follow)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A tab; if the test fails, a picture of it is kept."""
    made = context.new_page()
    yield made
    report = getattr(request.node, "report_of_call", None)
    if report is not None and report.failed:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        made.screenshot(path=SCREENSHOTS / f"{re.sub(r'[^a-z0-9_]+', '-', request.node.name, flags=re.I)}.png")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Tell the fixtures how the test went."""
    report = yield
    if report.when == "call":
        item.report_of_call = report
    return report


Visit = Callable[..., Visitor]


@pytest.fixture
def visit(house: RunningHouse, page: Page) -> Visit:
    """Somebody on the demo website."""

    def visitor(language: str = "en", tab: Page | None = None) -> Visitor:
        return Visitor(tab or page, house.bot, language)

    return visitor


@pytest.fixture
def server(page: Page) -> StandIn:
    """A server that has greeted."""
    standing_in = StandIn().on(page)
    standing_in.says("Hello")
    return standing_in
