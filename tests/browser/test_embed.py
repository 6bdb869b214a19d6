"""Other websites: the one line under a strict policy, the session where it cannot be read, and strangers kept out."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.test_access import compare_numbers
from tests.browser.visitor import Visitor, Watch, said
from tests.conftest import OTHER_SITES, RunningHouse

STRANGER = "http://stranger.localhost"
NEIGHBOUR = OTHER_SITES[1]
SHOP = OTHER_SITES[0]


def _website(page: Page, house: RunningHouse, origin: str, attributes: str = 'data-language="nl"') -> Visitor:
    """A page of another site with the one line; its policy allows the chat's server and nothing else, nothing inline."""
    policy = f"default-src 'none'; script-src {house.bot}; connect-src {house.bot}; img-src 'self'"
    line = f'<script src="{house.bot}/widget/loader.js" {attributes} defer></script>'
    html = f'<!doctype html><html lang="en"><head><title>Shop</title>{line}</head><body><h1>Shop</h1></body></html>'

    def answer(route: Route) -> None:
        route.fulfill(body=html, content_type="text/html", headers={"Content-Security-Policy": policy})

    page.route(f"{origin}/", answer)
    page.route(f"{origin}/favicon.ico", lambda route: route.fulfill(status=204))
    page.goto(f"{origin}/")
    return Visitor(page, origin, "nl")


@pytest.mark.parametrize("origin", OTHER_SITES)
def test_one_line_is_enough_under_a_strict_policy(
    house: RunningHouse, page: Page, watch: Watch, context: BrowserContext, origin: str
) -> None:
    # The widget asks once whether the cookie travels; from a foreign site without HTTPS it does not.
    watch.expect(r"\b401\b")
    customer = _website(page, house, origin)
    customer.opens()
    customer.hears(said("welcome", "nl"))
    customer.says("mijn pakje is nooit aangekomen")
    customer.hears(said("offer_claim", "nl"))
    page.reload()
    customer.opens()
    expect(customer.own).to_contain_text("mijn pakje is nooit aangekomen")
    assert [problem for problem in watch.problems if "Security Policy" in problem] == []


def test_the_token_is_out_of_the_pages_reach_where_the_browser_allows(
    house: RunningHouse, page: Page, context: BrowserContext
) -> None:
    customer = _website(page, house, NEIGHBOUR)
    customer.opens()
    customer.hears(said("welcome", "nl"))
    kept = page.evaluate("Object.values(localStorage).join() + document.cookie")
    (cookie,) = context.cookies(f"{house.bot}/webchat")
    assert cookie["value"] not in kept
    assert '"token"' not in kept
    assert cookie["httpOnly"]


def test_a_stranger_can_neither_read_nor_write(house: RunningHouse, page: Page, watch: Watch) -> None:
    watch.expect(r"/webchat/|ERR_FAILED|CORS|\b403\b")
    customer = _website(page, house, STRANGER)
    customer.opens()
    compare_numbers(customer)
    asked = """async (server) => {
        const call = (path, options) => fetch(server + path, { credentials: "include", ...options }).then(
            (answer) => answer.text(), () => "nothing");
        return Promise.all([
            call("/webchat/messages?after=0"),
            call("/webchat/sessions", { method: "POST", body: "{}", headers: { "Content-Type": "application/json" } }),
            fetch(server + "/webchat/messages", { method: "POST", mode: "no-cors", credentials: "include",
                body: '{"client_id": "abcdefgh1", "text": "from a stranger"}' }).then((answer) => answer.type),
        ]);
    }"""
    assert page.evaluate(asked, house.bot) == ["nothing", "nothing", "opaque"]


def test_attributes_come_with_the_one_line(house: RunningHouse, page: Page) -> None:
    customer = _website(page, house, SHOP, 'data-language="fr" data-theme="dark" data-position="left"')
    expect(customer.at("launcher")).to_contain_text("Besoin d’aide")
    box = customer.at("launcher").bounding_box()
    assert box
    assert box["x"] == 20


def test_should_the_chat_not_load_its_number_is_there(house: RunningHouse, page: Page, watch: Watch) -> None:
    watch.expect("ERR_FAILED|could not be loaded")
    page.route("**/cyber-care-chat.js", lambda route: route.abort())
    _website(page, house, SHOP)
    expect(page.get_by_role("link", name="Cyber Care 24/7: 02 552 51 65")).to_have_attribute("href", "tel:+3225525165")
