"""A customer in one browser, staff in two others, on the running house: taking over, answering, handing back."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from tests.browser.colleague import Colleague
from tests.browser.desk import NOBODY_YET, PERSON, Staff, newest, sessions, staff, waiting
from tests.browser.visitor import PATIENCE, Visitor, Watch, said
from tests.conftest import RunningHouse

__all__ = ["sessions", "staff", "waiting"]

Waiting = Callable[..., tuple[Visitor, str]]


def test_who_signs_in_with_a_wrong_code_is_told_and_stays_outside(
    house: RunningHouse, page: Page, watch: Watch
) -> None:
    watch.expect(NOBODY_YET)
    agent = Colleague(page, house.bot, "lies.agent")
    page.goto(f"{house.bot}/desk")
    agent.gives("not the password", "000000")
    expect(agent.at("sign-in-problem")).to_have_text("Name, password or code is not right.")
    expect(page.get_by_label("Code")).to_be_focused()
    expect(page.get_by_label("Code")).to_have_value("")
    expect(agent.at("rows")).to_have_count(0)


def test_a_person_takes_over_answers_notes_and_hands_back(waiting: Waiting, staff: Staff) -> None:
    customer, conversation = waiting()
    agent = staff("lies.agent")
    agent.opens(conversation)
    expect(agent.page.locator(".panel")).to_contain_text("Wants a person")
    expect(agent.at("composer")).to_be_disabled()
    agent.takes()
    hears(customer, "Lies of the Cyber Care team is here now")

    customer.says("are you a real person?")
    agent.reads("are you a real person?")
    agent.notes("Sounds like order 7781, ask for the confirmation.")
    agent.says("Yes, I am Lies.")
    hears(customer, "Yes, I am Lies.")
    answer = customer.messages.filter(has_text="Yes, I am Lies.")
    expect(answer).to_have_attribute("data-author", "staff")
    customer.page.reload()
    customer.opens()
    hears(customer, "Yes, I am Lies.")
    expect(customer.messages.filter(has_text="7781")).to_have_count(0)
    expect(agent.page.locator('[data-kind="note"]')).to_contain_text("order 7781")

    agent.at("hand-back").click()
    agent.at("dialog-go").click()
    expect(agent.at("standing")).to_contain_text("with the assistant", timeout=PATIENCE)
    customer.says("what are the limits?")
    hears(customer, said("policy_limits", "en").splitlines()[0])


def test_two_take_it_at_once_and_one_gets_it(waiting: Waiting, staff: Staff, watch: Watch) -> None:
    watch.expect("409")
    watch.expect("ERR_FAILED")
    _, conversation = waiting(PERSON)
    fast, slow = staff("lies.agent"), staff("karim.handler")
    # Their screen does not hear of it, as if both pressed in the same moment.
    slow.page.route("**/desk/api/events*", lambda route: route.abort())
    slow.page.reload()
    for each in (fast, slow):
        each.opens(conversation)
        expect(each.at("take")).to_be_visible()
    fast.takes()
    slow.at("take").click()
    expect(slow.at("toast").last).to_have_text("Lies Claes has this conversation already.")
    expect(slow.at("standing")).to_contain_text("with Lies Claes", timeout=PATIENCE)
    expect(slow.at("take")).to_have_count(0)
    expect(slow.at("composer")).to_be_disabled()


def test_a_canned_reply_is_found_with_a_slash_and_its_gaps_are_filled(waiting: Waiting, staff: Staff) -> None:
    customer, conversation = waiting(PERSON)
    agent = staff("lies.agent")
    agent.opens(conversation)
    agent.takes()
    agent.at("composer").press("/")
    agent.at("canned-search").fill("hello")
    expect(agent.at("canned-reply")).to_have_count(1)
    agent.at("canned-search").press("Enter")
    expect(agent.at("composer")).to_have_value(re.compile(r"Hello \{first_name\}, I am Lies of"))
    agent.at("composer").press("Enter")
    expect(agent.at("toast").last).to_contain_text("{curly brackets}")
    # The gap nobody could fill is selected, so typing replaces it.
    agent.page.keyboard.press("Control+a")
    agent.at("composer").fill("Hello, I am Lies.")
    agent.at("composer").press("Enter")
    hears(customer, "Hello, I am Lies.")


def test_a_reload_keeps_the_conversation_and_what_was_begun_to_be_written(waiting: Waiting, staff: Staff) -> None:
    _, conversation = waiting(PERSON)
    agent = staff("lies.agent")
    agent.opens(conversation)
    agent.takes()
    with agent.page.expect_request(lambda request: request.url.endswith("/draft") and request.method == "PUT"):
        agent.at("composer").fill("I have begun to say")
    agent.page.reload()
    expect(agent.at("composer")).to_have_value("I have begun to say", timeout=PATIENCE)
    expect(agent.at("standing")).to_contain_text("with you")


def test_documents_are_asked_for_with_a_card_in_the_chat(waiting: Waiting, staff: Staff, watch: Watch) -> None:
    watch.expect("422")
    customer, conversation = waiting()
    agent = staff("lies.agent")
    agent.opens(conversation)
    agent.takes()
    agent.at("request").click()
    agent.at("dialog-go").click()
    expect(agent.page.get_by_role("alert").filter(has_text="Choose at least one document.")).to_be_visible()
    agent.page.get_by_label("Proof of payment").check()
    agent.page.get_by_label("Another document").fill("The warranty card")
    agent.at("dialog-go").click()
    expect(agent.at("dialog")).to_have_count(0)
    card = customer.at("card").last
    expect(card).to_contain_text("Proof of payment", timeout=PATIENCE)
    expect(card).to_contain_text("The warranty card")


def test_both_see_that_the_other_writes(waiting: Waiting, staff: Staff) -> None:
    customer, conversation = waiting(PERSON)
    agent = staff("lies.agent")
    agent.opens(conversation)
    agent.takes()
    customer.at("composer").press_sequentially("hel")
    expect(agent.at("typing")).to_have_text("The customer is writing…", timeout=PATIENCE)
    agent.at("composer").press_sequentially("hel")
    expect(customer.at("typing")).to_be_visible(timeout=PATIENCE)


def test_what_a_customer_types_stays_text(waiting: Waiting, staff: Staff) -> None:
    customer, conversation = waiting(PERSON)
    agent = staff("lies.agent")
    agent.opens(conversation)
    agent.takes()
    hostile = "<img src=x onerror=document.title='owned'><script>document.title='owned'</script>"
    customer.says(hostile)
    agent.reads(hostile)
    assert agent.lines.locator("img, script").count() == 0
    assert "owned" not in agent.page.title()


def test_everything_is_done_without_a_mouse(waiting: Waiting, staff: Staff) -> None:
    customer, conversation = waiting()
    agent = staff("lies.agent")
    keys = agent.page.keyboard
    expect(agent.row(conversation)).to_be_visible(timeout=PATIENCE)
    keys.press("?")
    expect(agent.at("dialog")).to_contain_text("Take over")
    keys.press("Escape")
    expect(agent.at("dialog")).to_have_count(0)
    while agent.row(conversation).get_attribute("aria-current") != "true":
        keys.press("j")
        expect(agent.page.locator('.row[aria-current="true"]')).to_be_focused()
    expect(agent.at("take")).to_be_visible(timeout=PATIENCE)
    keys.press("t")
    expect(agent.at("composer")).to_be_focused(timeout=PATIENCE)
    keys.type("Hello from the keyboard")
    keys.press("Enter")
    hears(customer, "Hello from the keyboard")
    expect(agent.at("composer")).to_be_focused()
    keys.press("Escape")
    keys.press("n")
    keys.type("Typed without a mouse")
    keys.press("Enter")
    agent.reads("Typed without a mouse")
    keys.press("Escape")
    keys.press("h")
    keys.press("Enter")
    expect(agent.at("standing")).to_contain_text("with the assistant", timeout=PATIENCE)
    hears(customer, said("desk_assistant_back", "en"))


def test_a_supervisor_gives_a_conversation_to_a_colleague(waiting: Waiting, staff: Staff) -> None:
    _, conversation = waiting(PERSON)
    agent, supervisor = staff("lies.agent"), staff("sofie.supervisor")
    supervisor.opens(conversation)
    supervisor.at("assign").click()
    supervisor.at("dialog").get_by_label("To whom").select_option("lies.agent")
    supervisor.at("dialog-go").click()
    expect(supervisor.at("standing")).to_contain_text("with Lies Claes", timeout=PATIENCE)
    agent.at("view-mine").click()
    agent.opens(conversation)
    expect(agent.at("standing")).to_contain_text("with you", timeout=PATIENCE)
    expect(agent.at("assign")).to_have_count(0)


def test_a_misunderstood_message_is_given_its_right_meaning(waiting: Waiting, staff: Staff) -> None:
    _, conversation = waiting(PERSON)
    agent = staff("lies.agent")
    agent.opens(conversation)
    chip = agent.at("intent").last
    expect(chip).to_contain_text("Talk to a person")
    chip.click()
    agent.at("dialog").get_by_label("Meaning").select_option("make_complaint")
    agent.at("dialog-go").click()
    expect(chip).to_contain_text("Meant:", timeout=PATIENCE)


def test_what_the_assistant_was_about_to_say_is_a_draft_only_staff_see(
    house: RunningHouse, waiting: Waiting, staff: Staff
) -> None:
    customer, conversation = waiting(PERSON)
    hears(customer, said("talk_to_human", "en").splitlines()[0])
    agent = staff("lies.agent")
    agent.opens(conversation)
    slow = house.house.process_of("actions")
    os.kill(slow, signal.SIGSTOP)
    try:
        customer.says("what are the limits?")
        expect(customer.at("typing")).to_be_visible(timeout=PATIENCE)
        agent.reads("what are the limits?")
        agent.takes()
    finally:
        os.kill(slow, signal.SIGCONT)
    words = said("policy_limits", "en").splitlines()[0]
    draft = agent.page.locator('[data-kind="draft"]', has_text=words)
    expect(draft).to_be_visible(timeout=PATIENCE)
    expect(customer.messages.filter(has_text=words)).to_have_count(0)
    draft.get_by_test_id("insert").click()
    expect(agent.at("composer")).to_have_value(re.compile(re.escape(words)))
    agent.at("send").click()
    hears(customer, words)


def test_the_console_says_until_when_a_messenger_takes_messages(house: RunningHouse, page: Page, staff: Staff) -> None:
    page.goto(house.meta)
    page.get_by_role("button", name="Emma Clarke").click()
    page.get_by_role("textbox", name="Message").fill("I want to talk to a person")
    page.locator("#send").click()
    expect(page.locator("li[data-author=app]").last).to_be_visible(timeout=PATIENCE)
    conversation = newest(house.bot_database)
    assert conversation.startswith("messenger:")
    agent = staff("lies.agent")
    agent.opens(conversation)
    agent.takes()
    expect(agent.at("window")).to_contain_text("You can write on Messenger until")
    agent.says("Bonjour, ici Lies.")
    expect(page.locator("li[data-author=app]", has_text="Bonjour, ici Lies.")).to_be_visible(timeout=PATIENCE)
    for days, words in ((2, "Only people may still write"), (8, "takes no messages any more")):
        _wrote_days_ago(house, conversation, days)
        agent.page.reload()
        expect(agent.at("window")).to_contain_text(words, timeout=PATIENCE)
    expect(agent.at("composer")).to_be_disabled()


def hears(customer: Visitor, words: str) -> None:
    """Wait until these words stand in the chat, whoever said them."""
    expect(customer.messages.filter(has_text=words).last).to_be_visible(timeout=PATIENCE)


def _wrote_days_ago(house: RunningHouse, conversation: str, days: int) -> None:
    at = (datetime.now(UTC) - timedelta(days=days)).strftime("%Y-%m-%d %H:%M:%S.%f")
    with closing(sqlite3.connect(house.bot_database, timeout=10)) as database, database:
        database.execute(
            "UPDATE messages SET at = ? WHERE conversation = ? AND author = 'customer'", (at, conversation)
        )
