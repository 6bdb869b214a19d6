"""What the widget does with what the server says, and the other way round."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from common.sensitive import find
from launcher.layout import ROOT
from tests.browser.conftest import Visit
from tests.browser.stand_in import StandIn, problem
from tests.browser.visitor import Visitor, Watch

WIDGET = "document.querySelector('cyber-care-chat')"
STORED = "Object.values(localStorage).join()"


@pytest.fixture
def customer(visit: Visit, page: Page, server: StandIn) -> Visitor:
    """Somebody who has opened the chat."""
    visitor = visit()
    page.goto(visitor.address)
    visitor.opens()
    expect(visitor.messages).to_have_count(1)
    return visitor


@pytest.mark.parametrize(
    ("kind", "filled", "sent"),
    [("date", "2026-01-12", "12/01/2026"), ("amount", "1.240,50", "€ 1.240,50"), ("code", " 123456 ", "123456")],
)
def test_a_question_of_a_kind_brings_its_own_field(
    customer: Visitor, server: StandIn, kind: str, filled: str, sent: str
) -> None:
    server.says("When, how much, which?", card={"input": kind})
    expect(customer.at("answer")).to_be_visible()
    expect(customer.at("card")).to_have_count(0)
    if kind == "date":
        customer.at("answer").fill(filled)
    else:
        customer.at("answer").press_sequentially(filled)
    customer.at("answer-send").click()
    expect(customer.own.last).to_contain_text(sent)
    expect(customer.at("answer-field")).to_be_hidden()
    assert server.bodies("messages")[-1]["text"] == sent


def test_the_field_says_what_it_needs_and_words_are_always_possible(customer: Visitor, server: StandIn) -> None:
    server.says("How much?", card={"input": "amount"})
    customer.at("answer").fill("a lot")
    customer.at("answer-send").click()
    expect(customer.at("answer")).to_have_attribute("aria-invalid", "true")
    expect(customer.at("answer")).to_be_focused()
    expect(customer.at("answer-field").get_by_role("alert")).to_contain_text("89.95")
    customer.says("I don't know")
    expect(customer.at("answer-field")).to_be_hidden()


def test_an_unknown_kind_of_field_is_passed_over(customer: Visitor, server: StandIn) -> None:
    server.says("And this?", card={"input": "constructor"})
    expect(customer.messages).to_have_count(2)
    expect(customer.at("answer-field")).to_be_hidden()


def test_it_is_always_clear_who_answers(customer: Visitor, server: StandIn) -> None:
    agent = customer.at("agent")
    expect(agent).to_have_text("You are talking with an AI assistant")
    expect(agent).to_have_attribute("role", "status")
    server.agent = {"mode": "waiting", "position": 2, "wait_minutes": 5}
    expect(agent).to_have_text("Waiting for a colleague · number 2 in line · about 5 min")
    server.agent = {"mode": "waiting"}
    expect(agent).to_have_text("Waiting for a colleague")
    server.agent = {"mode": "human", "staff_name": "Lies"}
    server.says("Good morning", "staff", staff_name="Lies")
    expect(agent).to_have_text("You are talking with Lies from support")
    expect(customer.messages.last.locator(".who")).to_have_text("Lies · Cyber Care team")
    server.agent = {"mode": "bot"}
    expect(agent).to_have_text("You are talking with an AI assistant")


def test_only_staff_hears_that_the_customer_writes(customer: Visitor, server: StandIn) -> None:
    customer.at("composer").press_sequentially("hello")
    server.agent = {"mode": "human", "staff_name": "Lies"}
    expect(customer.at("agent")).to_contain_text("Lies")
    assert server.bodies("typing") == []
    with customer.page.expect_request("**/webchat/typing"):
        customer.at("composer").press_sequentially(" there")
    with customer.page.expect_request("**/webchat/typing"):
        customer.at("composer").fill("")
    assert server.bodies("typing") == [{"typing": True}, {"typing": False}]


def test_the_typing_bubble_ends_even_if_nobody_says_so(visit: Visit, page: Page, server: StandIn) -> None:
    page.clock.install()
    customer = visit()
    page.goto(customer.address)
    customer.opens()
    expect(customer.messages).to_have_count(1)
    server.typing = True
    page.clock.run_for(5_000)
    expect(customer.at("typing")).not_to_be_empty()
    # From here on the server says nothing at all.
    server.failing = {"messages": lambda route: None, "events": lambda route: None}
    page.clock.run_for(60_000)
    expect(customer.at("typing")).to_be_empty()
    page.goto("about:blank")
    page.unroute_all(behavior="ignoreErrors")


def test_unread_messages_are_counted_and_read_ones_are_not(customer: Visitor, server: StandIn) -> None:
    customer.at("close").click()
    server.says("One more thing")
    server.says("And another")
    expect(customer.at("unread")).to_contain_text("2")
    expect(customer.at("launcher")).to_have_accessible_name("Continue chat , 2 new messages")
    customer.opens()
    customer.at("close").click()
    expect(customer.at("unread")).to_be_hidden()


def test_the_sound_is_off_until_asked_for(visit: Visit, page: Page, server: StandIn) -> None:
    page.add_init_script(
        "window.notes = 0; const real = AudioContext.prototype.createOscillator;"
        "AudioContext.prototype.createOscillator = function () { notes += 1; return real.call(this); };"
    )
    customer = visit()
    page.goto(customer.address)
    customer.opens()
    server.says("A message")
    expect(customer.messages).to_have_count(2)
    assert page.evaluate("notes") == 0
    customer.at("menu-button").click()
    customer.at("sound").click()
    expect(customer.at("sound")).to_have_attribute("aria-pressed", "true")
    heard = page.evaluate("notes")
    assert heard == 2
    server.says("Another")
    expect(customer.messages).to_have_count(3)
    page.wait_for_function("notes === 4")
    page.reload()
    customer.opens()
    customer.at("menu-button").click()
    expect(customer.at("sound")).to_have_attribute("aria-pressed", "true")


def test_the_conversation_can_be_taken_along(
    customer: Visitor, context: BrowserContext, page: Page, watch: Watch, server: StandIn
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    customer.at("menu-button").click()
    with page.expect_download() as saved:
        customer.at("transcript").click()
    assert Path(saved.value.path()).read_text() == "10:00 Assistant: hello"
    customer.at("menu-button").click()
    customer.at("copy").click()
    expect(customer.at("status")).to_have_text("The conversation is copied.")
    assert page.evaluate("navigator.clipboard.readText()") == "10:00 Assistant: hello"

    watch.expect(r"\b500\b")
    server.failing["transcript"] = problem(500, "internal_error")
    customer.at("menu-button").click()
    customer.at("transcript").click()
    expect(customer.at("status")).to_contain_text("did not work")


def test_at_the_end_there_is_a_rating_and_then_a_new_conversation(
    customer: Visitor, server: StandIn, page: Page
) -> None:
    customer.at("menu-button").click()
    customer.at("end").click()
    expect(customer.at("rating")).to_be_visible()
    expect(customer.at("composer")).to_be_hidden()
    expect(customer.at("score-1")).to_be_focused()
    customer.at("rate").click()
    expect(customer.at("rating").get_by_role("alert")).to_have_text("Please choose from one to five.")
    page.reload()
    customer.opens()
    customer.at("score-1").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    customer.at("reason").fill("Quick, thank you")
    customer.at("rate").click()
    expect(customer.at("new-conversation")).to_be_focused()
    assert server.bodies("rating") == [{"score": 4, "reason": "Quick, thank you"}]

    server.messages.clear()
    server.says("Hello again")
    page.keyboard.press("Enter")
    expect(customer.messages).to_have_count(1)
    expect(customer.at("composer")).to_be_focused()
    assert server.sessions == 2


def test_a_limit_is_told_in_the_servers_kind_words_and_the_message_goes_out_later(
    customer: Visitor, server: StandIn, watch: Watch
) -> None:
    watch.expect(r"\b429\b")
    server.failing["messages"] = problem(429, "rate_limited", text="One moment, that was a lot at once.")
    customer.says("hello")
    expect(customer.own).to_contain_text("One moment, that was a lot at once.")
    server.failing.clear()
    expect(customer.own).to_have_attribute("data-state", "sent", timeout=15_000)


def test_a_refused_message_can_be_sent_again_or_removed(customer: Visitor, server: StandIn, watch: Watch) -> None:
    watch.expect(r"\b422\b")
    server.failing["messages"] = problem(422, "invalid")
    customer.says("first")
    customer.says("second")
    expect(customer.at("retry")).to_have_count(2)
    customer.at("remove").last.click()
    server.failing.clear()
    customer.at("retry").click()
    expect(customer.own).to_have_count(1)
    expect(customer.own).to_have_attribute("data-state", "sent")


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("my card is 4111 1111 1111 1111, blocked", "my card is ****, blocked"),
        ("my password is Blue!Tree9", "my password is ****"),
    ],
)
def test_a_secret_is_asked_about_before_it_leaves(customer: Visitor, server: StandIn, typed: str, sent: str) -> None:
    customer.says(typed)
    caution = customer.page.get_by_role("alertdialog")
    expect(caution).to_contain_text("We never need it")
    expect(customer.at("hide-and-send")).to_be_focused()
    assert server.bodies("messages") == []
    customer.page.keyboard.press("Escape")
    expect(customer.at("composer")).to_have_value(typed)
    expect(customer.at("composer")).to_be_focused()
    customer.at("send").click()
    customer.at("hide-and-send").click()
    expect(customer.own).to_contain_text(sent)
    assert [body["text"] for body in server.bodies("messages")] == [sent]


SECRETS = (
    "4111111111111111",
    "5500-0000-0000-0004 12/28",
    "6703 4444 4444 4449",
    "pin 1234",
    "de pincode van mijn kaart is 4321",
    "cvc: 123",
    "code secret 98765",
    "password: hunter2!",
    "mijn wachtwoord is Zomer2024",
    "mon mot de passe est Soleil!9",
)
HARMLESS = (
    "0478 12 34 56 and 02 552 51 65",
    "order 4111111111111112",
    "my password is gone",
    "mijn wachtwoord werkt niet meer",
    "le code est 123456",
    "CYB-1003-0003, 12/01/2026, € 1.240,50",
    "postcode: 1000",
)


@pytest.mark.parametrize("text", [*SECRETS, *HARMLESS])
def test_the_widget_recognises_what_the_server_masks(page: Page, text: str) -> None:
    source = (ROOT / "bot" / "web" / "widget" / "sensitive.js").read_text()
    module = "data:text/javascript;base64," + base64.b64encode(source.encode()).decode()
    places = page.evaluate(
        "async ([m, t]) => (await import(m)).findSensitive(t).map(({start, end}) => [start, end])", [module, text]
    )
    kinds = ("card_number", "code", "password")
    server = [[finding.start, finding.end] for finding in find(text) if finding.kind in kinds]
    if "123456" in text:  # A code of six digits may be ours: the server lets it pass.
        server = []
    assert sorted(places) == server
    assert bool(places) is (text in SECRETS)


def test_a_known_customer_is_introduced_once_and_another_one_gets_a_conversation_of_their_own(
    customer: Visitor, server: StandIn, page: Page
) -> None:
    first, again, other = _token("CYB-1"), _token("CYB-1", "again"), _token("CYB-2")
    page.evaluate(f"(token) => {WIDGET}.identify(token)", first)
    _until(page, server, "identify", 1)
    page.evaluate(f"(token) => {WIDGET}.identify(token)", again)
    customer.says("hello")
    expect(customer.own).to_have_count(1)
    assert server.bodies("identify") == [{"token": first}]
    kept = page.evaluate(STORED)
    assert first not in kept
    assert "CYB" not in kept

    server.messages.clear()
    server.says("Hello, you")
    page.evaluate(f"(token) => {WIDGET}.identify(token)", other)
    expect(customer.own).to_have_count(0)
    _until(page, server, "identify", 2)
    assert server.bodies("identify")[1] == {"token": other}
    assert server.sessions == 2


def test_a_refused_identity_leaves_the_conversation_as_it_is(
    customer: Visitor, server: StandIn, page: Page, watch: Watch
) -> None:
    watch.expect(r"\b401\b")
    server.failing["identify"] = problem(401, "identity_token_invalid")
    with page.expect_console_message(lambda message: "identity_token_invalid" in message.text):
        page.evaluate(f"{WIDGET}.identify('nothing')")
    customer.says("hello")
    expect(customer.own).to_have_attribute("data-state", "sent")
    assert server.sessions == 1


def test_the_host_page_can_open_close_send_listen_and_forget(visit: Visit, page: Page, server: StandIn) -> None:
    customer = visit()
    page.goto(customer.address)
    page.evaluate(
        f"""() => {{ window.heard = []; for (const name of ["open", "close", "message", "agent", "end"])
        window.off = {WIDGET}.on(name, (detail) => heard.push([name, detail?.seq ?? detail?.mode])); }}"""
    )
    page.evaluate(f"{WIDGET}.open()")
    expect(customer.at("composer")).to_be_focused()
    expect(customer.messages).to_have_count(1)
    page.evaluate(f"{WIDGET}.send('  from the page  ')")
    expect(customer.own).to_contain_text("from the page")
    server.agent = {"mode": "waiting"}
    server.says("An answer")
    expect(customer.messages).to_have_count(3)
    expect(customer.at("agent")).to_contain_text("Waiting")
    page.evaluate(f"{WIDGET}.close()")
    expect(customer.at("launcher")).to_be_focused()
    heard = page.evaluate("heard")
    assert sorted(map(json.dumps, heard)) == sorted(
        map(json.dumps, [["open", None], ["message", 3], ["agent", "waiting"], ["close", None]])
    )
    page.evaluate(f"{WIDGET}.reset()")
    assert page.evaluate("Object.keys(localStorage).filter((key) => !key.endsWith('language'))") == []


def test_nothing_is_kept_before_the_chat_is_opened(visit: Visit, page: Page, context: BrowserContext) -> None:
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    customer = visit()
    page.goto(customer.address)
    expect(customer.at("launcher")).to_be_visible()
    assert context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert [url for url in requests if not url.startswith(customer.address) or "/webchat/" in url] == []


def test_the_page_chooses_theme_side_and_colours(visit: Visit, page: Page, server: StandIn) -> None:
    customer = visit()
    page.goto(customer.address)
    page.evaluate(f"{WIDGET}.setAttribute('theme', 'dark'); {WIDGET}.setAttribute('position', 'left')")
    page.evaluate(f"{WIDGET}.style.setProperty('--cc-accent', 'rgb(255, 200, 0)')")
    customer.opens()
    box = customer.at("panel").bounding_box()
    assert box
    assert box["x"] == 20
    colour = "(e) => getComputedStyle(e).backgroundColor"
    assert customer.at("panel").evaluate(colour) == "rgb(19, 26, 28)"
    customer.at("close").click()
    assert customer.at("launcher").evaluate(colour) == "rgb(255, 200, 0)"


def _token(subject: str, note: str = "") -> str:
    body = base64.urlsafe_b64encode(json.dumps({"sub": subject, "jti": note}).encode()).decode().rstrip("=")
    return f"head.{body}.signature"


def _until(page: Page, server: StandIn, path: str, count: int) -> None:
    # The stand-in answers between two steps of the page.
    while len(server.bodies(path)) < count:
        page.wait_for_event("request", timeout=10_000)
