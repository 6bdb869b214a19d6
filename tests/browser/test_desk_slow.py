"""The races with the engine held still: a takeover, a second tab and `/restart` while a turn runs."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Visit
from tests.browser.desk import PERSON, Staff, newest, sessions, staff
from tests.browser.messenger_page import Chatter
from tests.browser.visitor import PATIENCE, Visitor, said
from tests.conftest import RunningHouse

__all__ = ["sessions", "staff"]

QUESTION = "what are the limits?"
ANSWER = said("policy_limits", "en").splitlines()[0]


@contextmanager
def slow_engine(house: RunningHouse) -> Iterator[None]:
    """The engine takes as long as this block does."""
    process = house.house.process_of("engine")
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)


def test_whatever_is_typed_in_two_tabs_while_a_turn_runs_is_the_persons(
    house: RunningHouse, visit: Visit, context: BrowserContext, staff: Staff
) -> None:
    customer = visit()
    customer.arrives()
    customer.begins_claim("I ordered shoes weeks ago and nothing came")
    customer.says(PERSON)
    hears(customer, "02 552 51 65")
    second = visit(tab=context.new_page())
    second.page.goto(second.address)
    second.opens()
    agent = staff("lies.agent")
    agent.opens(newest(house.bot_database))
    with slow_engine(house):
        customer.says(QUESTION)
        expect(customer.at("typing")).to_be_visible(timeout=PATIENCE)
        # Waits behind the turn that runs.
        second.says("and what does it cost?")
        agent.reads("and what does it cost?")
        agent.takes()
        for tab, text in ((second, "/restart"), (customer, "hello, is anybody there?")):
            tab.says(text)
            agent.reads(text)
        agent.says("Yes, Lies is here.")
        for tab in (customer, second):
            hears(tab, "Yes, Lies is here.")
    expect(agent.page.locator('[data-kind="draft"]', has_text=ANSWER)).to_be_visible(timeout=PATIENCE)
    assert set(agent.speakers("taken")) - {"system"} == {"customer", "staff"}

    agent.hands_back()
    for tab in (customer, second):
        hears(tab, said("desk_assistant_back", "en"))
        # The dialogue is where it was: no command was obeyed, nothing told to Lies filled the claim.
        tab.hears(said("ask_policy_reference", "en"))
        expect(tab.messages.filter(has_text=ANSWER)).to_have_count(0)


def test_a_takeover_on_messenger_while_a_turn_runs(house: RunningHouse, page: Page, staff: Staff) -> None:
    customer = Chatter(page, house.meta, "messenger")
    customer.arrives()
    customer.says(PERSON)
    expect(customer.heard.filter(has_text="02 552 51 65").last).to_be_visible(timeout=PATIENCE)
    agent = staff("lies.agent")
    agent.opens(newest(house.bot_database))
    with slow_engine(house):
        customer.says(QUESTION)
        agent.reads(QUESTION)
        agent.takes()
        customer.says("/restart")
        agent.reads("/restart")
        agent.says("Lies here, one moment.")
        expect(customer.heard.filter(has_text="Lies here")).to_be_visible(timeout=PATIENCE)
    expect(agent.page.locator('[data-kind="draft"]', has_text=ANSWER)).to_be_visible(timeout=PATIENCE)
    assert set(agent.speakers("taken")) - {"system"} == {"customer", "staff"}
    agent.hands_back()
    expect(customer.heard.filter(has_text=said("after_person", "en"))).to_be_visible(timeout=PATIENCE)
    expect(customer.heard.filter(has_text=ANSWER)).to_have_count(0)


def hears(customer: Visitor, words: str) -> None:
    """Wait until these words stand in the chat, whoever said them."""
    expect(customer.messages.filter(has_text=words).last).to_be_visible(timeout=PATIENCE)
