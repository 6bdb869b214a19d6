"""A person has the conversation while bot and engine are killed: nothing is lost, the assistant stays silent."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import httpx
import pytest

from claims.demo.staff import PASSWORD
from tests.browser.colleague import fresh_code
from tests.conftest import RunningHouse
from tests.faults.test_faults import eventually, kill, text_of
from tests.meta_user import MetaUser
from tests.talk import Customer


class Console:
    """A member of staff who works over the desk's API, as the console does."""

    def __init__(self, house: RunningHouse, username: str) -> None:
        self.http = httpx.Client(base_url=f"{house.bot}/desk/api", headers={"X-Desk": "1"}, timeout=20, trust_env=False)
        body = {"username": username, "password": PASSWORD, "code": fresh_code(house.bot, username)}
        answer = self.http.post("/session", json=body)
        assert answer.status_code == 201, answer.text

    def does(self, conversation: str, what: str, **body: Any) -> None:
        """Do something that must work."""
        answer = self.http.post(f"/conversations/{conversation}/{what}", json=body)
        assert answer.is_success, answer.text

    def sees(self, conversation: str) -> dict[str, Any]:
        """Open a conversation."""
        answer = self.http.get(f"/conversations/{conversation}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def speakers(self, conversation: str) -> list[str]:
        """Who said something since it was taken, the sentence about that included."""
        line = self.sees(conversation)["messages"]
        spoken = [each for each in line if each["kind"] == "message"]
        joined = [place for place, each in enumerate(spoken) if "is here now" in each["text"]]
        return [each["author"] for each in spoken[joined[-1] :]]


# Here nothing stays stopped, so the house of the other tests will do.
@pytest.fixture(scope="module")
def lies(house: RunningHouse) -> Iterator[Console]:
    """Lies, signed in once: her session outlives the processes too."""
    console = Console(house, "lies.agent")
    yield console
    console.http.close()


@pytest.fixture
def customer(house: RunningHouse) -> Iterator[Customer]:
    """Somebody in the middle of an intake."""
    customer = Customer(house.bot, house.mail, "en")
    for text in ("my order never came", "Yes"):
        customer.says(text)
    assert text_of("ask_policy_reference") in customer.all_text()
    yield customer
    customer.close()


def hears(customer: Customer, after: int, text: str) -> None:
    """Wait until the customer hears these words."""
    eventually(text, lambda: any(text in each["text"] for each in customer.hears(after)))


def test_a_takeover_outlives_the_death_of_bot_and_engine(
    house: RunningHouse, customer: Customer, lies: Console
) -> None:
    lies.does(customer.conversation, "take")
    for room in ("engine", "bot"):
        before = customer.sends({"text": f"told to Lies before the death of the {room}"})
        kill(house, room)
        house.house.wait_until_ready()
        customer.sends({"text": "/restart"})
        lies.does(
            customer.conversation, "messages", client_id=f"answer_{before}_{room}", text=f"I read that ({before})"
        )
        hears(customer, before, f"I read that ({before})")
    shown = lies.sees(customer.conversation)["conversation"]
    assert (shown["mode"], shown["owner"]) == ("human", "lies.agent")
    assert lies.speakers(customer.conversation) == ["system", *("customer", "customer", "staff") * 2]

    after = customer.sends({"text": "thank you, Lies"})
    lies.does(customer.conversation, "release", to="bot")
    # The intake is where it was: nothing told to Lies was taken for an answer, and no command was obeyed.
    hears(customer, after, text_of("ask_policy_reference"))


def test_a_turn_that_dies_with_the_bot_after_the_takeover_is_not_begun_again(
    house: RunningHouse, customer: Customer, lies: Console
) -> None:
    engine = house.house.process_of("engine")
    os.kill(engine, signal.SIGSTOP)
    try:
        before = customer.sends({"text": "what are the limits?"})
        eventually("the turn", lambda: "processing" in states(house, customer.conversation))
        lies.does(customer.conversation, "take")
        kill(house, "bot")
    finally:
        os.kill(engine, signal.SIGCONT)
    house.house.wait_until_ready()
    lies.does(customer.conversation, "messages", client_id=f"answer_{before}", text="I know the limits")
    hears(customer, before, "I know the limits")
    eventually("the end of the turn", lambda: set(states(house, customer.conversation)) <= {"done"})
    assert lies.speakers(customer.conversation) == ["system", "staff"]


def test_on_messenger_what_was_written_while_the_bot_was_dead_is_the_persons(
    house: RunningHouse, lies: Console
) -> None:
    user = MetaUser(house, "messenger", "en")
    user.says("hello")
    lies.does(user.conversation, "take")
    user.types("told to Lies")
    kill(house, "bot")
    # Meta sends again what nobody took.
    user.types("/restart")
    house.house.wait_until_ready()
    user.waits(user.types("are you still there?"))
    lies.does(user.conversation, "messages", client_id="answer_after_death", text="Yes, Lies is still here.")
    eventually("the answer", lambda: any("still here." in line["text"] for line in user.lines()))
    said = lies.speakers(user.conversation)
    assert said == ["system", "customer", "customer", "customer", "staff"]
    user.close()


def states(house: RunningHouse, conversation: str) -> list[str]:
    """How far the answers to the customer's messages are."""
    query = "SELECT state FROM messages WHERE conversation = ? AND direction = 'in'"
    with closing(sqlite3.connect(f"file:{house.bot_database}?mode=ro", uri=True, timeout=10)) as connection:
        return [str(row[0]) for row in connection.execute(query, (conversation,))]
