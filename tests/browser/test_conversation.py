"""The conversation holds: over reloads, tabs, dead lines and whatever is typed into it."""

from __future__ import annotations

import sqlite3

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Watch, said
from tests.conftest import RunningHouse

LOST = "I ordered shoes weeks ago and nothing came"
OFFLINE = "ERR_INTERNET_DISCONNECTED"


def test_a_reload_in_the_middle_of_a_claim_brings_everything_back(visit: Visit, page: Page) -> None:
    customer = visit()
    customer.arrives()
    customer.begins_claim(LOST)
    customer.says("CYB-1003-0003")
    customer.is_asked("date_of_birth")
    before = customer.messages.all_inner_texts()

    page.reload()
    customer.opens()
    customer.is_asked("date_of_birth")
    assert _words(customer.messages.all_inner_texts()) == _words(before)
    customer.says("what's this")
    customer.is_asked("date_of_birth")


def test_choices_are_still_there_after_a_reload(visit: Visit, page: Page) -> None:
    customer = visit()
    customer.arrives()
    customer.says(LOST)
    customer.hears(said("offer_claim", "en"))
    offered = customer.at("quick-reply").all_inner_texts()

    page.reload()
    customer.opens()
    customer.hears(said("offer_claim", "en"))
    assert customer.at("quick-reply").all_inner_texts() == offered


def test_a_second_tab_stays_in_step(visit: Visit, context: BrowserContext) -> None:
    customer = visit()
    customer.arrives()
    other = visit("en", context.new_page())
    other.arrives()
    other.says("good morning")
    other.hears(said("greet_first", "en"))
    for tab in (customer, other):
        expect(tab.own).to_have_count(1)
        expect(tab.own.first).to_contain_text("good morning")
        tab.hears(said("greet_first", "en"))


def test_what_is_written_offline_is_kept_and_sent_once(
    visit: Visit, context: BrowserContext, page: Page, watch: Watch, house: RunningHouse
) -> None:
    watch.expect(OFFLINE)
    customer = visit()
    customer.arrives()
    context.set_offline(True)
    expect(customer.at("status")).to_contain_text("You are offline")
    customer.says("is anybody there, one two three")
    expect(customer.own).to_have_attribute("data-state", "waiting")

    context.set_offline(False)
    expect(customer.own).to_have_attribute("data-state", "sent", timeout=30_000)
    expect(customer.at("status")).to_be_empty()
    expect(customer.messages.last).to_have_attribute("data-author", "bot", timeout=30_000)
    page.reload()
    customer.opens()
    expect(customer.own).to_have_count(1)
    assert _stored(house, "is anybody there, one two three") == 1


def test_a_server_that_cannot_be_reached_leaves_the_numbers_and_the_message(
    visit: Visit, page: Page, watch: Watch
) -> None:
    watch.expect("ERR_CONNECTION_REFUSED")
    page.route("**/webchat/**", lambda route: route.abort("connectionrefused"))
    customer = visit()
    page.goto(customer.address)
    customer.opens()
    expect(customer.at("status")).to_contain_text("02 552 51 65", timeout=15_000)
    expect(customer.at("contacts").get_by_role("link")).to_have_count(4)
    customer.says("hello over there")
    expect(customer.own).to_have_attribute("data-state", "waiting")

    page.unroute_all()
    expect(customer.own).to_have_attribute("data-state", "sent", timeout=30_000)
    expect(customer.at("status")).to_be_empty()


@pytest.mark.parametrize("stuck", [False, True], ids=["refused", "stuck in a proxy"])
def test_without_the_event_stream_the_widget_asks_by_itself(
    visit: Visit, page: Page, watch: Watch, stuck: bool
) -> None:
    watch.expect("ERR_CONNECTION_REFUSED")
    held: list[Route] = []
    page.route("**/webchat/events*", lambda route: held.append(route) if stuck else route.abort("connectionrefused"))
    customer = visit()
    customer.arrives()
    customer.says("good morning")
    customer.hears(said("greet_first", "en"))
    assert bool(held) is stuck
    page.goto("about:blank")
    page.unroute_all(behavior="ignoreErrors")


@pytest.mark.parametrize(
    "text",
    [
        "<img src=x onerror=document.title='owned'>",
        "<script>document.title='owned'</script>",
        "</textarea><svg onload=document.title='owned'>",
        "{{7*7}} ${7*7} %s \u202e abc \u0000 '; DROP TABLE messages; --",
        "/restart",
        '/correct_answer{"question": "amount", "value": "1"}',
        "🙂",
        "x" * 3_900,
    ],
    ids=["image", "script", "svg", "templates", "command", "payload", "emoji", "long"],
)
def test_text_stays_text(visit: Visit, page: Page, text: str) -> None:
    customer = visit()
    customer.arrives()
    title = page.title()
    customer.says(text)
    expect(customer.messages.last).to_have_attribute("data-author", "bot", timeout=30_000)
    expect(customer.own).to_have_count(1)
    shown = customer.own.locator(".bubble").text_content()
    assert shown == text.replace("\u202e", "").replace("\u0000", "").strip()
    assert customer.messages.locator("img, script, svg[onload]").count() == 0
    assert page.title() == title
    customer.no_sideways_scroll()


def test_the_menu_changes_the_language_of_the_assistant_too(visit: Visit, page: Page) -> None:
    customer = visit()
    customer.arrives()
    customer.begins_claim(LOST)
    customer.speaks("nl")
    customer.language = "nl"
    expect(customer.at("composer")).to_have_attribute("placeholder", "Schrijf een bericht")
    expect(customer.own.last).to_contain_text("Nederlands")
    expect(customer.messages.filter(has_text=said("change_language", "nl"))).to_be_visible(timeout=30_000)
    customer.is_asked("policy_reference")

    page.reload()
    customer.opens()
    expect(customer.at("language-nl")).to_have_attribute("aria-pressed", "true")
    customer.says("CYB-1001-0001")
    customer.is_asked("date_of_birth")


def test_before_there_is_a_conversation_the_menu_chooses_the_language_it_begins_in(
    visit: Visit, page: Page, watch: Watch
) -> None:
    watch.expect("ERR_CONNECTION_REFUSED")
    page.route("**/webchat/**", lambda route: route.abort("connectionrefused"))
    customer = visit()
    page.goto(customer.address)
    customer.opens()
    customer.speaks("fr")
    expect(customer.at("composer")).to_have_attribute("placeholder", "Écrivez un message")
    page.unroute_all()
    customer.hears(said("welcome", "fr"))
    expect(customer.own).to_have_count(0)


def _words(texts: list[str]) -> list[str]:
    # Progress bars of past questions are hidden, the clock may move on.
    return [" ".join(text.split()) for text in texts]


def _stored(house: RunningHouse, text: str) -> int:
    database = sqlite3.connect(house.bot_database)
    try:
        return int(database.execute("SELECT count(*) FROM messages WHERE text = ?", (text,)).fetchone()[0])
    finally:
        database.close()
