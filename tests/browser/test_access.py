"""Everybody can use it: by keyboard, with a screen reader, on a small phone, in the dark, in an emergency."""

from __future__ import annotations

import gzip
import re

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from bot.pages import WEB, built_from
from tests.browser.conftest import Visit
from tests.browser.visitor import HOME, RESPONSES, Visitor, Watch, said
from tests.conftest import RunningHouse

CRISIS = {"en": "suicide_line_en", "nl": "suicide_line_nl", "fr": "suicide_line_fr"}
LOST = {
    "en": "my parcel never came",
    "nl": "mijn pakje is nooit aangekomen",
    "fr": "je n'ai jamais reçu mon colis",
}
PAYLOAD_LIMIT = 25_000


def _axe(page: Page) -> None:
    options = {"resultTypes": ["violations"], "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    found = Axe().run(page, context="cyber-care-chat", options=options)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_closed_open_with_cards_and_at_the_read_back(visit: Visit, page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    customer = visit()
    page.goto(customer.address)
    expect(customer.at("launcher")).to_be_visible()
    _axe(page)
    customer.arrives()
    _axe(page)
    customer.says(LOST["en"])
    customer.hears(said("offer_claim", "en"))
    _axe(page)
    customer.presses("Yes")
    customer.is_asked("policy_reference")
    customer.says("what are the limits?")
    expect(customer.messages.filter(has_text=said("intake_back", "en"))).to_be_visible(timeout=30_000)
    customer.is_asked("policy_reference")
    _axe(page)


def test_dark_is_dark(visit: Visit, page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    customer = visit()
    customer.arrives()
    brightness = "(e) => getComputedStyle(e).backgroundColor.match(/\\d+/g).slice(0, 3).reduce((a, b) => a + +b, 0)"
    assert customer.at("panel").evaluate(brightness) < 150
    assert customer.messages.first.locator(".bubble").evaluate(brightness) < 200


def test_a_screen_reader_finds_its_way(visit: Visit, page: Page) -> None:
    customer = visit()
    customer.arrives()
    panel = page.get_by_role("dialog", name="Cyber Care chat")
    expect(panel).to_be_visible()
    log = panel.get_by_role("log", name="Conversation")
    expect(log).to_have_attribute("aria-live", "polite")
    expect(log).to_have_attribute("aria-busy", "false")
    expect(panel.get_by_role("textbox", name="Your message")).to_be_focused()
    for name in ("Send", "Add files", "Close chat", "Options"):
        expect(panel.get_by_role("button", name=name)).to_be_visible()
    panel.get_by_role("button", name="Options").click()
    languages = panel.get_by_role("group", name="Language").get_by_role("button")
    expect(languages).to_have_text(["English", "Nederlands", "Français"])
    expect(panel.get_by_role("button", name="English")).to_have_attribute("aria-pressed", "true")
    expect(panel.get_by_role("navigation", name="Urgent help by phone").get_by_role("link")).to_have_count(4)
    expect(panel.get_by_role("group", name="Suggested answers").get_by_role("button")).to_have_count(3)
    unnamed = "(all) => all.filter((e) => !e.getAttribute('aria-label') && !e.textContent.trim()).length"
    assert panel.locator("button, a").evaluate_all(unnamed) == 0


def test_the_keyboard_is_enough(visit: Visit, page: Page) -> None:
    customer = visit()
    page.goto(customer.address)
    launcher = customer.at("launcher")
    launcher.focus()
    page.keyboard.press("Enter")
    expect(customer.at("composer")).to_be_focused()
    customer.hears(said("welcome", "en"))

    page.keyboard.type("my parcel")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("never came")
    page.keyboard.press("Enter")
    expect(customer.own).to_have_count(1)
    assert customer.own.locator(".bubble").text_content() == "my parcel\nnever came"
    customer.hears(said("offer_claim", "en"))
    expect(customer.at("composer")).to_be_focused()

    for _ in range(4):
        page.keyboard.press("Shift+Tab")
        if customer.at("quick-reply").first.evaluate("(e) => e.getRootNode().activeElement === e"):
            break
    expect(customer.at("quick-reply").first).to_be_focused()
    page.keyboard.press("Space")
    customer.is_asked("policy_reference")
    expect(customer.at("composer")).to_be_focused()

    page.keyboard.press("Escape")
    expect(customer.at("panel")).to_be_hidden()
    expect(launcher).to_be_focused()


@pytest.mark.parametrize("language", ["en", "nl", "fr"])
def test_320_pixels_are_enough(visit: Visit, page: Page, language: str) -> None:
    page.set_viewport_size({"width": 320, "height": 568})
    customer = visit(language)
    customer.arrives()
    customer.no_sideways_scroll()
    customer.says(LOST[language])
    customer.hears(said("offer_claim", language))
    customer.no_sideways_scroll()
    for name in ("composer", "send", "close"):
        box = customer.at(name).bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320


@pytest.mark.parametrize("language", ["en", "nl", "fr"])
def test_the_numbers_for_emergencies_are_those_of_the_facts(visit: Visit, page: Page, language: str) -> None:
    customer = visit(language)
    customer.arrives()
    compare_numbers(customer)


@pytest.mark.parametrize("language", ["en", "nl", "fr"])
def test_the_numbers_stand_there_when_no_server_answers(visit: Visit, page: Page, watch: Watch, language: str) -> None:
    watch.expect("ERR_CONNECTION_REFUSED")
    page.route("**/webchat/**", lambda route: route.abort("connectionrefused"))
    customer = visit(language)
    page.goto(customer.address + HOME[language])
    customer.opens()
    compare_numbers(customer)


def compare_numbers(customer: Visitor) -> None:
    """The strip shows the numbers of the facts, each to be dialled."""
    contacts = RESPONSES.facts.contacts
    names = ("cyber_care", "card_stop", "emergency", CRISIS[customer.language])
    links = customer.at("contacts").get_by_role("link")
    expect(links).to_have_count(len(names))
    shown = [(link.get_attribute("href"), link.locator("b").inner_text()) for link in links.all()]
    assert shown == [(f"tel:{contacts[name]['dial']}", contacts[name]["number"]) for name in names]


def test_every_number_of_the_website_is_one_of_the_facts() -> None:
    dials = {contact["dial"] for contact in RESPONSES.facts.contacts.values() if "dial" in contact}
    for page in sorted((WEB / "demo").glob("*.html")):
        asked = set(re.findall(r'href="tel:([^"]+)"', page.read_text()))
        # The ombudsman stands on the public product page only.
        assert asked - dials <= {"+3225475871"}, page.name


@pytest.mark.parametrize("path", ["/", "/demo/nl.html", "/demo/fr.html", "/demo/embed.html"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_on_the_website(house: RunningHouse, page: Page, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(house.bot + path)
    options = {"resultTypes": ["violations"], "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    violations = Axe().run(page, options=options).response["violations"]
    assert [(each["id"], node["target"]) for each in violations for node in each["nodes"]] == []
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width


def test_every_kind_of_card_is_drawn(visit: Visit, page: Page) -> None:
    card = {
        "title": "All at once",
        "steps": ["first this", "then that, see https://example.be/help"],
        "points": ["one thing", "another <b>thing</b>"],
        "helplines": [
            {"id": "a", "name": "A number", "number": "02 552 51 65", "dial": "+3225525165", "note": "Day and night"},
            {
                "id": "b",
                "name": "A website",
                "web": "beschermjezelfonline.be/bank-contacteren-voor-hulp",
                "note": "List",
            },
            {"id": "c", "name": "An address", "email": "verdacht@safeonweb.be"},
            {"id": "d", "name": "Not to dial", "number": "on request", "dial": "javascript:alert(1)"},
        ],
        "rows": [{"label": "Amount", "value": "€ 240,00"}],
    }
    message = {"seq": 1, "author": "bot", "text": "", "at": "2026-01-31T10:00:00Z", "buttons": [], "card": card}
    page.route("**/webchat/messages?*", lambda route: route.fulfill(json={"messages": [message], "typing": False}))
    page.route("**/webchat/events?*", lambda route: route.fulfill(body="", content_type="text/event-stream"))
    page.set_viewport_size({"width": 320, "height": 900})
    customer = visit()
    page.goto(customer.address)
    customer.opens()
    drawn = customer.at("card")
    expect(drawn.locator("ol li")).to_have_count(2)
    expect(drawn.locator(".points li")).to_have_text(["one thing", "another <b>thing</b>"])
    lines = drawn.locator(".helpline")
    assert [line.get_attribute("href") for line in lines.all()] == [
        "tel:+3225525165",
        "https://beschermjezelfonline.be/bank-contacteren-voor-hulp",
        "mailto:verdacht@safeonweb.be",
        None,
    ]
    expect(lines.nth(1)).to_have_attribute("rel", "noopener noreferrer")
    expect(drawn.locator("dd")).to_have_text("€ 240,00")
    customer.no_sideways_scroll()
    _axe(page)


def test_the_widget_is_light(house: RunningHouse) -> None:
    sizes = {}
    with httpx.Client(base_url=house.bot, headers={"Accept-Encoding": "gzip"}) as client:
        version = re.search(r"/widget/(\w+)/", client.get("/").text)
        assert version
        for path in ("loader.js", f"{version.group(1)}/cyber-care-chat.js"):
            with client.stream("GET", f"/widget/{path}") as answer:
                assert answer.headers["content-encoding"] == "gzip"
                packed = b"".join(answer.iter_raw())
            assert gzip.decompress(packed).decode().startswith(built_from()), "run `make widget`"
            sizes[path] = len(packed)
    assert sum(sizes.values()) < PAYLOAD_LIMIT, sizes


def test_without_scripts_the_website_still_gives_the_number(house: RunningHouse, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(house.bot)
        expect(page.locator('a[href="tel:+3225525165"]').first).to_be_visible()
    finally:
        context.close()
