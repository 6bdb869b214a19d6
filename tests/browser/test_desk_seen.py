"""What staff see of what they said and of whom they talk to: read or not, last words, policy, Belgian time."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from tests.browser.colleague import Colleague
from tests.browser.conftest import Visit
from tests.browser.desk import PERSON, Staff, newest, sessions, staff, waiting
from tests.browser.messenger_page import Chatter
from tests.browser.test_desk_claims import ANSWERS
from tests.browser.visitor import PATIENCE, RESPONSES, Mailbox, Visitor, Watch, said
from tests.conftest import RunningHouse

__all__ = ["sessions", "staff", "waiting"]

Waiting = Callable[..., tuple[Visitor, str]]

CHECKED = ("incident_date", "victim", "private_use", "caused_by", "purchase_from", "amount")
NOT_DELIVERED = {
    "nl": "Niet bezorgd: de klant verliet dit gesprek",
    "fr": "Non distribué : le client a quitté cette conversation",
    "en": "Not delivered: the customer left this conversation",
}
FAR_AWAY = ("America/Los_Angeles", "Pacific/Auckland")


def test_staff_see_that_the_customer_has_read_their_answer(waiting: Waiting, staff: Staff) -> None:
    customer, conversation = waiting(PERSON)
    agent = staff("lies.agent")
    agent.opens(conversation)
    agent.takes()
    customer.at("close").click()
    agent.says("Good morning, I am Lies.")
    expect(agent.at("delivery")).to_have_text("Sent", timeout=PATIENCE)
    expect(customer.at("unread")).to_be_visible(timeout=PATIENCE)
    expect(agent.at("delivery")).to_have_text("Sent")
    customer.opens()
    expect(agent.at("delivery")).to_have_text("Read", timeout=PATIENCE)
    agent.says("Are you still there?")
    # The chat is open: it is read at once, and only the last one says so.
    expect(agent.lines.last.get_by_test_id("delivery")).to_have_text("Read", timeout=PATIENCE)
    expect(agent.at("delivery")).to_have_count(1)


def test_the_chat_says_it_once_for_each_message(waiting: Waiting, staff: Staff) -> None:
    customer, conversation = waiting(PERSON)
    told: list[int] = []

    def asked(request: Request) -> None:
        if request.url.endswith("/webchat/seen"):
            told.append(json.loads(request.post_data or "")["seq"])

    customer.page.on("request", asked)
    agent = staff("lies.agent")
    agent.opens(conversation)
    agent.takes()
    agent.says("One moment.")
    expect(agent.at("delivery").last).to_have_text("Read", timeout=PATIENCE)
    customer.says("thank you")
    agent.reads("thank you")
    agent.says("I have found it.")
    expect(agent.lines.last.get_by_test_id("delivery")).to_have_text("Read", timeout=PATIENCE)
    assert told == sorted(set(told))


def test_on_a_messenger_it_is_delivered_read_or_loudly_not(house: RunningHouse, page: Page, staff: Staff) -> None:
    chatter = Chatter(page, house.meta, "messenger")
    chatter.arrives()
    chatter.says("I want to talk to a person")
    expect(chatter.heard.last).to_be_visible(timeout=PATIENCE)
    conversation = newest(house.bot_database)
    agent = staff("lies.agent")
    agent.opens(conversation)
    agent.takes()
    agent.says("Hello, I am Lies.")
    expect(agent.lines.last.get_by_test_id("delivery")).to_have_text(re.compile("Delivered|Read"), timeout=PATIENCE)
    chatter.says("are you there?")
    agent.reads("are you there?")

    _blocks(house, conversation, True)
    agent.says("I look into it.")
    failed = agent.page.locator('[data-testid="delivery"][data-state="failed"]')
    expect(failed).to_contain_text("Not delivered:", timeout=PATIENCE)
    expect(failed).to_contain_text("Call or mail them instead.")
    agent.at("view-mine").click()
    expect(agent.row(conversation).get_by_test_id("undelivered")).to_have_text("not delivered", timeout=PATIENCE)
    for language, words in NOT_DELIVERED.items():
        agent.page.evaluate(
            "(spoken) => localStorage.setItem('cybercare.desk', JSON.stringify(spoken))", {"language": language}
        )
        agent.page.reload()
        expect(failed).to_contain_text(words, timeout=PATIENCE)
    agent.at("view-mine").click()
    expect(agent.row(conversation).get_by_test_id("undelivered")).to_have_text("not delivered", timeout=PATIENCE)
    # Who writes again can be answered again.
    _blocks(house, conversation, False)
    chatter.says("hello?")
    expect(agent.row(conversation).get_by_test_id("undelivered")).to_have_count(0, timeout=PATIENCE)
    expect(failed).to_be_visible()


def test_the_list_shows_what_the_customer_said_last(waiting: Waiting, staff: Staff) -> None:
    customer, conversation = waiting("I ordered shoes weeks ago and nothing came")
    agent = staff("lies.agent")
    words = agent.row(conversation).get_by_test_id("last-words")
    expect(words).to_have_text(PERSON, timeout=PATIENCE)
    agent.opens(conversation)
    agent.takes()
    agent.at("view-mine").click()
    agent.says("I look into it.")
    expect(words).to_have_text(PERSON)
    customer.says("it was order 7781")
    expect(words).to_have_text("it was order 7781", timeout=PATIENCE)
    expect(agent.row(conversation).locator(".row-said time")).to_have_text("just now")


def test_the_policy_of_who_proved_who_they_are_and_of_nobody_else(
    house: RunningHouse, visit: Visit, context: BrowserContext, staff: Staff
) -> None:
    house.another_day()
    customer = visit()
    customer.arrives()
    customer.begins_claim("I ordered a bike lamp weeks ago and the parcel never came")
    customer.says(PERSON)
    conversation = newest(house.bot_database)
    agent = staff("lies.agent")
    agent.opens(conversation)
    expect(agent.at("part-case")).to_contain_text("Identified")
    expect(agent.at("policy")).to_have_count(0)

    _identifies(customer, Mailbox(context.new_page(), house.mail, "emma.clarke@example.be"))
    policy = agent.at("policy")
    expect(policy).to_contain_text("Emma Clarke, 3", timeout=PATIENCE)
    expect(agent.at("policy-status")).to_have_text("In force")
    expect(agent.at("payment")).to_have_text("Paid")
    expect(agent.at("limits")).to_contain_text("€4,550.00 of €5,000.00")
    expect(agent.at("policy-claims")).to_contain_text("Handled elsewhere")
    expect(policy).not_to_contain_text("1990")

    _answers(customer, CHECKED)
    customer.is_asked("seller")
    reasons = policy.get_by_test_id("reasons")
    expect(reasons).to_contain_text("There is room left in your limit", timeout=PATIENCE)
    expect(reasons).to_contain_text("product page: E-commerce risks")

    _answers(customer, [question for question in ANSWERS if question not in CHECKED])
    customer.is_asked("confirm")
    customer.answers(said("button_yes", "en"))
    link = agent.at("policy-claims").get_by_role("button", name=re.compile("^CC-"))
    expect(link).to_be_visible(timeout=PATIENCE)
    link.click()
    claim = agent.at("part-claim")
    expect(claim).to_have_count(1)
    expect(claim.locator("summary").first).to_be_focused()


def test_an_earlier_claim_opens_in_the_panel(
    house: RunningHouse, visit: Visit, context: BrowserContext, staff: Staff
) -> None:
    reference = _claim_of(house, "CYB-1003-0003")
    customer = visit()
    customer.arrives()
    customer.begins_claim("I ordered a bike lamp weeks ago and the parcel never came")
    _identifies(customer, Mailbox(context.new_page(), house.mail, "emma.clarke@example.be"))
    customer.says(PERSON)
    agent = staff("lies.agent")
    agent.opens(newest(house.bot_database))
    expect(agent.at("part-claim")).to_have_count(0)
    agent.at("policy-claims").get_by_role("button", name=reference).click(timeout=PATIENCE)
    expect(agent.at("part-claim")).to_contain_text(reference)
    expect(agent.at("claim-status")).to_have_text("Submitted", timeout=PATIENCE)


@pytest.mark.parametrize("zone", FAR_AWAY)
def test_days_times_and_pickers_are_belgian_wherever_the_screen_is(
    browser: Browser, house: RunningHouse, waiting: Waiting, staff: Staff, watch: Watch, zone: str
) -> None:
    _, conversation = waiting(PERSON)
    agent = staff("sofie.supervisor")
    # In the queue: everything the assistant says to that is in the log.
    expect(agent.row(conversation)).to_be_visible(timeout=PATIENCE)
    # Half past eleven at night and half past twelve, Belgian winter time: two days here, one day elsewhere.
    with closing(sqlite3.connect(house.bot_database, timeout=10)) as database, database:
        move = "UPDATE messages SET at = ? WHERE conversation = ? AND seq {} 1"
        database.execute(move.format("<="), ("2026-01-20 22:30:00.000000", conversation))
        database.execute(move.format(">"), ("2026-01-20 23:30:00.000000", conversation))
    elsewhere = browser.new_context(
        viewport={"width": 1280, "height": 800},
        locale="en-BE",
        timezone_id=zone,
        storage_state=agent.page.context.storage_state(),
    )
    elsewhere.on("page", watch.follow)
    try:
        far = Colleague(elsewhere.new_page(), house.bot, agent.username)
        far.arrives(f"/desk#{conversation}")
        days = far.page.locator("li.day")
        expect(days.nth(0)).to_have_text("Tuesday, 20 January", timeout=PATIENCE)
        expect(days.nth(1)).to_have_text("Wednesday, 21 January")
        said_at = far.at("lines").locator('[data-kind="message"] time')
        expect(said_at.nth(0)).to_have_text("20 Jan, 23:30")
        expect(said_at.nth(1)).to_have_text("21 Jan, 00:30")

        for typed, meant in (("2031-01-06T14:30", "13:30:00.000Z"), ("2031-07-06T14:30", "12:30:00.000Z")):
            far.at("part-handling").get_by_role("button", name="Note a callback").click()
            far.at("dialog").get_by_label("Number or address").fill("0470 12 34 56")
            far.at("dialog").get_by_label(re.compile("^When")).fill(typed)
            with far.page.expect_request(lambda request: request.url.endswith("/callback")) as noted:
                far.at("dialog-go").click()
            assert json.loads(noted.value.post_data or "")["due_at"] == f"{typed[:10]}T{meant}"
            expect(far.at("part-handling").locator(".callback").last).to_contain_text("14:30", timeout=PATIENCE)

        # A moment at which it is another day in Belgium than in one of these zones, whenever this test runs.
        far.page.clock.set_fixed_time("2026-01-20T23:30:00Z")
        far.page.goto(f"{house.bot}/desk/figures")
        expect(far.at("from")).to_have_value("2026-01-15", timeout=PATIENCE)
    finally:
        elsewhere.close()


def _identifies(customer: Visitor, mailbox: Mailbox) -> None:
    customer.page.bring_to_front()
    customer.says("CYB-1003-0003")
    customer.is_asked("date_of_birth")
    customer.says("23/11/1990")
    customer.is_asked("one_time_code")
    customer.says(mailbox.code())
    mailbox.close()
    customer.is_asked(CHECKED[0])


def _answers(customer: Visitor, questions: Iterable[str]) -> None:
    for question in questions:
        customer.is_asked(question)
        customer.answers(RESPONSES.options(question, "en").get(ANSWERS[question], ANSWERS[question]))


def _claim_of(house: RunningHouse, policy: str) -> str:
    """The latest claim of a policy, which another test of this file filed."""
    with closing(sqlite3.connect(house.claims_database, timeout=10)) as database:
        query = "SELECT reference FROM claims WHERE policy_reference = ? ORDER BY submitted_at DESC LIMIT 1"
        return str(database.execute(query, (policy,)).fetchone()[0])


def _blocks(house: RunningHouse, conversation: str, blocked: bool) -> None:
    """A person of the stand-in blocks the business, or no longer."""
    address = f"{house.meta}/control/users/{conversation.rpartition(':')[2]}/blocked"
    httpx.post(address, json={"blocked": blocked}, trust_env=False).raise_for_status()
