"""Other websites: the one line under a strict policy, the session where it cannot be read, and strangers kept out."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.test_access import compare_numbers
from tests.browser.visitor import Visitor, Watch, said
from tests.conftest import NEIGHBOUR, SHOP, SITE_PORT, RunningHouse

STRANGER = "stranger.localhost"


class Site:
    """A website of another name, with the one line in its page, and a policy that allows the chat's server only."""

    def __init__(self, house: RunningHouse) -> None:
        self.bot, self.attributes = house.bot, 'data-language="nl"'

    def page(self) -> bytes:
        """Its only page."""
        line = f'<script src="{self.bot}/widget/loader.js" {self.attributes} defer></script>'
        head = f'<title>Shop</title><link rel="icon" href="data:,">{line}'
        return f'<!doctype html><html lang="en"><head>{head}</head><body><h1>Shop</h1></body></html>'.encode()

    def policy(self) -> str:
        """Its content security policy."""
        return f"default-src 'none'; script-src {self.bot}; connect-src {self.bot}; img-src data:"

    def opened_by(self, page: Page, name: str) -> Visitor:
        """Somebody visits it under one of its names."""
        page.goto(f"http://{name}:{SITE_PORT}/")
        return Visitor(page, f"http://{name}:{SITE_PORT}", "nl")


@pytest.fixture
def site(house: RunningHouse) -> Iterator[Site]:
    """The website, being served."""
    website = Site(house)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", website.policy())
            self.end_headers()
            self.wfile.write(website.page())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", SITE_PORT), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield website
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("name", [SHOP, NEIGHBOUR])
def test_one_line_is_enough_under_a_strict_policy(site: Site, page: Page, watch: Watch, name: str) -> None:
    # The widget asks once whether the cookie travels; from a foreign site without HTTPS it does not.
    watch.expect(r"\b401\b")
    customer = site.opened_by(page, name)
    customer.opens()
    customer.hears(said("welcome", "nl"))
    customer.says("mijn pakje is nooit aangekomen")
    customer.hears(said("offer_claim", "nl"))
    page.reload()
    customer.opens()
    expect(customer.own).to_contain_text("mijn pakje is nooit aangekomen")
    assert [problem for problem in watch.problems if "Security Policy" in problem] == []


def test_the_token_is_out_of_the_pages_reach_where_the_browser_allows(
    site: Site, page: Page, context: BrowserContext
) -> None:
    customer = site.opened_by(page, NEIGHBOUR)
    customer.opens()
    customer.hears(said("welcome", "nl"))
    kept = page.evaluate("Object.values(localStorage).join() + document.cookie")
    (cookie,) = context.cookies(f"{site.bot}/webchat")
    assert cookie["value"] not in kept
    assert '"token"' not in kept
    assert cookie["httpOnly"]


def test_a_stranger_can_neither_read_nor_write(site: Site, page: Page, watch: Watch) -> None:
    watch.expect(r"/webchat/|ERR_FAILED|CORS|\b403\b")
    customer = site.opened_by(page, STRANGER)
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
    assert page.evaluate(asked, site.bot) == ["nothing", "nothing", "opaque"]


def test_attributes_come_with_the_one_line(site: Site, page: Page) -> None:
    site.attributes = 'data-language="fr" data-theme="dark" data-position="left"'
    customer = site.opened_by(page, SHOP)
    expect(customer.at("launcher")).to_contain_text("Besoin d’aide")
    box = customer.at("launcher").bounding_box()
    assert box
    assert box["x"] == 20


def test_should_the_chat_not_load_its_number_is_there(site: Site, page: Page, watch: Watch) -> None:
    watch.expect("ERR_FAILED|could not be loaded")
    page.route("**/cyber-care-chat.js", lambda route: route.abort())
    site.opened_by(page, SHOP)
    expect(page.get_by_role("link", name="Cyber Care 24/7: 02 552 51 65")).to_have_attribute("href", "tel:+3225525165")
