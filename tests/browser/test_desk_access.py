"""Everybody of the staff can use the desk: axe, three languages, a tablet, the dark; and the supervisor's page."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.desk import NOBODY_YET, PERSON, Staff, sessions, staff, waiting
from tests.browser.visitor import PATIENCE, Visitor, Watch
from tests.conftest import RunningHouse

__all__ = ["sessions", "staff", "waiting"]

Waiting = Callable[..., tuple[Visitor, str]]
TABLET = 820


def _axe(page: Page) -> None:
    options = {"resultTypes": ["violations"], "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    found = Axe().run(page, options=options)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page_or_dialog(waiting: Waiting, staff: Staff, scheme: str) -> None:
    _, conversation = waiting()
    supervisor = staff("sofie.supervisor")
    supervisor.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    expect(supervisor.row(conversation)).to_be_visible(timeout=PATIENCE)
    _axe(supervisor.page)
    supervisor.opens(conversation)
    supervisor.takes()
    supervisor.says("Hello, Sofie here.")
    supervisor.notes("A note.")
    supervisor.at("part-assistant").locator("summary").click()
    _axe(supervisor.page)
    supervisor.at("canned-button").click()
    expect(supervisor.at("canned-reply")).not_to_have_count(0)
    _axe(supervisor.page)
    supervisor.page.keyboard.press("Escape")
    for button in ("hand-back", "request", "assign", "close"):
        supervisor.at(button).click()
        expect(supervisor.at("dialog")).to_be_visible()
        _axe(supervisor.page)
        supervisor.page.keyboard.press("Escape")
        expect(supervisor.at("dialog")).to_have_count(0)
    for path in ("/desk/figures", "/desk/audit"):
        supervisor.arrives(path)
        expect(supervisor.page.locator("td").first).to_be_attached(timeout=PATIENCE)
        _axe(supervisor.page)


def test_axe_finds_nothing_where_one_signs_in(house: RunningHouse, page: Page, watch: Watch) -> None:
    watch.expect(NOBODY_YET)
    page.goto(f"{house.bot}/desk")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    _axe(page)


def test_a_tablet_shows_everything_and_nothing_sticks_out(waiting: Waiting, staff: Staff) -> None:
    _, conversation = waiting()
    agent = staff("lies.agent", width=TABLET)
    agent.opens(conversation)
    agent.takes()
    expect(agent.page.locator(".panel")).to_be_hidden()
    agent.page.get_by_role("button", name="Details").click()
    expect(agent.page.locator(".panel")).to_contain_text("Wants a person")
    boxes = "[...document.querySelectorAll('html, .queue, .talk, .panel, .top')]"
    assert (
        agent.page.evaluate(f"{boxes}.filter((e) => e.scrollWidth > e.clientWidth + 1).map((e) => e.className)") == []
    )
    # Only the parts of the page scroll, so its head stays where it is.
    assert agent.page.evaluate("document.documentElement.scrollHeight <= innerHeight")


def test_the_interface_speaks_dutch_and_french(staff: Staff) -> None:
    agent = staff("lies.agent")
    agent.page.get_by_role("button", name="Settings").click()
    agent.page.locator(".settings").get_by_label("Language").select_option("nl")
    expect(agent.at("view-waiting")).to_contain_text("Wachtend")
    assert agent.page.evaluate("document.documentElement.lang") == "nl"
    agent.page.get_by_role("button", name="Instellingen").click()
    agent.page.locator(".settings").get_by_label("Taal").select_option("fr")
    expect(agent.at("view-waiting")).to_contain_text("En attente")
    agent.page.reload()
    expect(agent.at("view-mine")).to_contain_text("À moi")


def test_single_keys_can_be_switched_off(waiting: Waiting, staff: Staff) -> None:
    _, conversation = waiting(PERSON)
    agent = staff("lies.agent")
    agent.opens(conversation)
    agent.page.get_by_role("button", name="Settings").click()
    agent.page.get_by_label("Single-key shortcuts").uncheck()
    agent.page.keyboard.press("Escape")
    agent.page.keyboard.press("t")
    agent.page.keyboard.press("?")
    expect(agent.at("dialog")).to_be_visible()
    expect(agent.at("take")).to_be_visible()


def test_a_supervisor_sees_figures_as_pictures_tables_and_csv(waiting: Waiting, staff: Staff) -> None:
    _, conversation = waiting(PERSON)
    supervisor = staff("sofie.supervisor")
    supervisor.opens(conversation)
    supervisor.takes()
    supervisor.arrives("/desk/figures")
    figures = supervisor.at("figures")
    expect(figures.get_by_role("img").first).to_be_visible(timeout=PATIENCE)
    figures.get_by_text("As a table").first.click()
    expect(figures.get_by_role("columnheader", name="Assistant alone")).to_be_visible()
    with supervisor.page.expect_download() as download:
        supervisor.at("csv").click()
    lines = list(csv.reader(io.StringIO(download.value.path().read_text(encoding="utf-8"))))
    assert lines[0] == ["figure", "value"]
    assert int(dict(lines[1:])["conversations"]) >= 1


def test_an_agent_sees_no_figures_and_an_admin_no_conversation(staff: Staff) -> None:
    agent = staff("lies.agent", "/desk/figures")
    expect(agent.page.get_by_role("main")).to_have_text("Your role does not allow this.")
    expect(agent.page.get_by_role("link", name="Figures")).to_have_count(0)
    admin = staff("jean.admin")
    expect(admin.page.get_by_role("main")).to_have_text("Your role does not allow this.")
    admin.page.get_by_role("link", name="Audit").click()
    expect(admin.page.get_by_role("status").filter(has_text="The chain is whole")).to_be_visible(timeout=PATIENCE)
