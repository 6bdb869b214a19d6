"""Rooms die and stay away in the middle of a conversation: nothing said is lost, and one claim stays one claim."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest

from content.responses import Responses
from tests.conftest import RunningHouse, start_house
from tests.talk import Customer

PATIENCE = 60.0
POLICY, BORN = "CYB-1001-0001", "14/03/1985"
CHECK = ("yesterday", "me", "Private", "I don't know", "A shop or company", "50")
DETAILS = ("Fnac", "a book", *("I don't have it",) * 4, "No", "No", "No")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHouse]:
    """A house of its own, because its rooms are stopped and killed."""
    running = start_house(tmp_path_factory.mktemp("faults"))
    yield running
    running.house.stop()


@pytest.fixture
def customer(house: RunningHouse) -> Iterator[Customer]:
    """A customer of a house in which every room runs, and who has not asked for codes yet."""
    house.another_day()
    customer = Customer(house.bot, house.mail, "en")
    yield customer
    customer.close()


def text_of(response: str) -> str:
    """The beginning of what the assistant says with `response`, as far as it does not depend on values."""
    entry = Responses.load().entries["en"][response]
    fixed = re.split(r"\{(?:reference|provisional|name)\}", str(entry["text"]))[0]
    return Responses.load().fill(fixed, "en").strip()


def heard(customer: Customer, response: str) -> bool:
    """Tell whether the last answers contain `response`."""
    return any(message["text"].startswith(text_of(response)) for message in customer.heard)


def eventually(what: str, check: Callable[[], Any]) -> Any:
    """Ask again and again until `check` holds.

    Raises:
        AssertionError: It never does.
    """
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = check()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"never came: {what}")


def claims_of(house: RunningHouse, customer: Customer) -> list[str]:
    """The references of the claims this conversation led to."""
    with closing(sqlite3.connect(f"file:{house.claims_database}?mode=ro", uri=True)) as connection:
        query = "SELECT reference FROM claims WHERE conversation = ?"
        return [row[0] for row in connection.execute(query, (customer.conversation,))]


def say_all(customer: Customer, *texts: str) -> None:
    """Say several messages, each after the answer to the one before."""
    for text in texts:
        customer.says(text)


def report(customer: Customer) -> None:
    """Report a parcel that never came, and take the offer."""
    say_all(customer, "my order never came", "Yes")
    assert heard(customer, "ask_policy_reference")


def identify(customer: Customer) -> None:
    """Say who one is."""
    say_all(customer, POLICY, BORN)
    customer.says(customer.code_from_mail())
    assert heard(customer, "ask_incident_date__non_delivery"), customer.heard


def kill(house: RunningHouse, room: str) -> None:
    """Kill the room's process; supervisord has started another when this returns."""
    process = house.house.process_of(room)
    os.kill(process, signal.SIGKILL)
    eventually(f"another {room}", lambda: house.house.process_of(room) not in (0, process))


@pytest.mark.parametrize("room", ["bot", "actions", "claims", "engine", "mailsink"])
def test_a_killed_room_costs_no_word(house: RunningHouse, customer: Customer, room: str) -> None:
    """A room dies while it works on an answer; the customer goes on and ends with exactly one claim."""
    report(customer)
    identify(customer)
    say_all(customer, *CHECK)
    assert heard(customer, "ask_seller")
    before = customer.sends({"text": DETAILS[0]})
    kill(house, room)
    house.house.wait_until_ready()
    customer.heard = eventually("an answer", lambda: _answers(customer.hears(before)))
    if heard(customer, "action_failed"):
        customer.says(DETAILS[0])
    assert heard(customer, "ask_goods"), customer.heard
    say_all(customer, *DETAILS[1:])
    assert heard(customer, "ask_confirm"), customer.heard
    customer.says("Yes")
    assert heard(customer, "claim_submitted"), customer.heard
    assert len(claims_of(house, customer)) == 1
    said = customer.hears(before)
    assert len(_with(said, "ask_goods")) == len(_with(said, "ask_confirm")) == 1


def test_claims_away_during_identification(house: RunningHouse, customer: Customer) -> None:
    """The code cannot be sent: the customer hears why, and "go on" works when the backend is back."""
    report(customer)
    customer.says(POLICY)
    house.house.stop_room("claims")
    try:
        customer.says(BORN)
        assert heard(customer, "claims_unavailable"), customer.heard
        customer.says("Go on")
        assert heard(customer, "ask_date_of_birth"), customer.heard
        customer.says(BORN)
        assert heard(customer, "claims_unavailable"), customer.heard
    finally:
        house.house.start_room("claims")
    house.house.wait_until_ready()
    customer.types("go on")
    assert heard(customer, "ask_date_of_birth"), customer.heard
    customer.says(BORN)
    customer.says(customer.code_from_mail())
    assert heard(customer, "ask_incident_date__non_delivery"), customer.heard


def test_claims_away_at_submission(house: RunningHouse, customer: Customer) -> None:
    """The claim waits under a provisional reference, arrives once, and the customer is told."""
    report(customer)
    identify(customer)
    house.house.stop_room("claims")
    try:
        say_all(customer, *CHECK)
        assert heard(customer, "finding_unavailable"), customer.heard
        say_all(customer, *DETAILS)
        assert heard(customer, "ask_confirm"), customer.heard
        customer.says("Yes")
        assert heard(customer, "claim_provisional"), customer.heard
    finally:
        house.house.start_room("claims")
    (waiting,) = _with(customer.heard, "claim_provisional")
    provisional = waiting["text"].split("reference is ")[1].split(".")[0]
    after = customer.heard[-1]["seq"]
    told = eventually("the final reference", lambda: _arrived(customer, after))
    (reference,) = claims_of(house, customer)
    assert provisional in told[0]["text"]
    assert reference in told[0]["text"]
    customer.says("thank you")
    assert len(_arrived(customer, after)) == 1
    assert claims_of(house, customer) == [reference]


def test_actions_killed_between_confirmation_and_answer(house: RunningHouse, customer: Customer) -> None:
    """The yes was said, then the action server dies: however far it came, there is one claim in the end."""
    report(customer)
    identify(customer)
    say_all(customer, *CHECK, *DETAILS)
    assert heard(customer, "ask_confirm"), customer.heard
    before = customer.sends({"text": "yes"})
    kill(house, "actions")
    house.house.wait_until_ready()
    customer.heard = eventually("an answer", lambda: _answers(customer.hears(before)))
    if not heard(customer, "claim_submitted"):
        customer.types("open a claim")
        if heard(customer, "ask_confirm"):
            customer.types("yes")
    eventually("the claim", lambda: claims_of(house, customer))
    assert len(claims_of(house, customer)) == 1


def test_engine_away(house: RunningHouse, customer: Customer) -> None:
    """The customer hears that nobody can answer now; what was written is answered when the engine is back."""
    house.house.stop_room("engine")
    try:
        before = customer.sends({"text": "my order never came"})
        eventually("the apology", lambda: _with(customer.hears(before), "assistant_unavailable"))
    finally:
        house.house.start_room("engine")
    eventually("the answer", lambda: _with(customer.hears(before), "first_aid_non_delivery"))
    said = customer.hears(before)
    assert len(_with(said, "assistant_unavailable")) == len(_with(said, "first_aid_non_delivery")) == 1


def test_actions_away(house: RunningHouse, customer: Customer) -> None:
    """Without the action server the customer still hears a sentence, in the form too, and goes on afterwards."""
    report(customer)
    house.house.stop_room("actions")
    try:
        customer.says(POLICY)
        assert heard(customer, "action_failed"), customer.heard
        customer.says("what does it cost?")
        assert heard(customer, "action_failed"), customer.heard
    finally:
        house.house.start_room("actions")
    house.house.wait_until_ready()
    identify(customer)


def _arrived(customer: Customer, after: int) -> list[dict[str, Any]]:
    said = _with(customer.hears(after), "claim_arrived")
    return [message for message in said if "has now arrived" in message["text"]]


def _with(messages: list[dict[str, Any]], response: str) -> list[dict[str, Any]]:
    return [message for message in messages if message["text"].startswith(text_of(response))]


def _answers(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is said besides the apology that the answer will come later."""
    return [message for message in messages if not message["text"].startswith(text_of("assistant_unavailable"))]


def test_files_wait_for_claims_also_when_the_bot_dies(house: RunningHouse, customer: Customer) -> None:
    """Nobody takes the files, and the bot is killed while it tries: they arrive, once."""
    house.house.stop_room("claims")
    try:
        customer.gives(["receipt.pdf", "chat.txt"])
        assert heard(customer, "evidence_somewhere"), customer.heard
        kill(house, "bot")
    finally:
        house.house.start_room("claims")
    house.house.wait_until_ready()
    customer.files_arrive()
    with closing(sqlite3.connect(f"file:{house.claims_database}?mode=ro", uri=True)) as connection:
        query = "SELECT name FROM held_evidence WHERE conversation = ? ORDER BY name"
        names = [row[0] for row in connection.execute(query, (customer.conversation,))]
    assert names == ["chat.txt", "receipt.pdf"]
    assert list((house.layout.var / "files").iterdir()) == []
