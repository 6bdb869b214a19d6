"""Every state of the widget: nothing for axe to find, nothing wider than a small screen, in all looks."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import Visit
from tests.browser.states import Walk
from tests.browser.visitor import Watch

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = {"resultTypes": ["violations"], "runOnly": STANDARDS}
# What these states are made of.
EXPECTED = (r"ERR_CONNECTION_REFUSED", r"\b422\b")


def _walk(visit: Visit, watch: Watch, language: str) -> Walk:
    for one in EXPECTED:
        watch.expect(one)
    return Walk(visit(language))


@pytest.mark.parametrize(
    ("language", "look"),
    [
        ("en", {"color_scheme": "light"}),
        ("nl", {"color_scheme": "dark"}),
        ("fr", {"color_scheme": "light", "contrast": "more"}),
        ("en", {"color_scheme": "dark", "forced_colors": "active"}),
    ],
    ids=["light", "dark", "more-contrast", "forced-colours"],
)
def test_axe_finds_nothing_in_any_state(
    visit: Visit, page: Page, watch: Watch, language: str, look: dict[str, str]
) -> None:
    page.emulate_media(reduced_motion="reduce", **look)  # type: ignore[arg-type]
    # With forced colours the system chooses them; axe compares those of the style sheet.
    options = AXE | {"rules": {"color-contrast": {"enabled": "forced_colors" not in look}}}
    for state in _walk(visit, watch, language).states():
        found = Axe().run(page, context="cyber-care-chat", options=options)
        violations = found.response["violations"]
        assert [(each["id"], node["target"]) for each in violations for node in each["nodes"]] == [], state


@pytest.mark.parametrize(
    ("language", "size"),
    [("nl", (320, 568)), ("fr", (320, 568)), ("en", (640, 400))],
    ids=["320-nl", "320-fr", "zoom-200"],
)
def test_every_state_fits_a_small_screen(
    visit: Visit, page: Page, watch: Watch, language: str, size: tuple[int, int]
) -> None:
    # A screen of 1280 by 800 at 200 % zoom is one of 640 by 400.
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(reduced_motion="reduce")
    walk = _walk(visit, watch, language)
    for state in walk.states():
        if state == "closed":
            continue
        walk.visitor.no_sideways_scroll()
        for name in ("close", "menu-button", "composer", "send", "answer-send", "hide-and-send", "rate"):
            if walk.visitor.at(name).is_visible():
                walk.visitor.at(name).scroll_into_view_if_needed()
                box = walk.visitor.at(name).bounding_box()
                assert box, (state, name)
                assert box["x"] >= 0, (state, name)
                assert box["x"] + box["width"] <= size[0] + 1, (state, name)
                assert box["y"] + box["height"] <= size[1] + 1, (state, name)
