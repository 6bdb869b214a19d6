"""A message's way to the engine and back: in order, once, and never lost."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import Connection, select

import bot.turns.turn as turn_module
from bot.log.tables import conversations, handover_requests, messages
from bot.log.work import change_mode
from tests.integration.bot.running_bot import Bot, Customer, Rests, StartBot, soon
from tests.integration.bot.stand_in_engine import StandInEngine, echo, said


def texts(log: list[dict[str, Any]], author: str = "bot") -> list[str]:
    return [message["text"] for message in log if message["author"] == author]


def read_all(connection: Connection, table: Any) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in connection.execute(select(table).order_by(table.c.id))]


async def test_a_new_session_is_welcomed_by_the_engine(customer: Customer, engine: StandInEngine) -> None:
    log = await customer.until("welcome")

    assert [(message["seq"], message["author"], message["text"]) for message in log] == [(1, "bot", "welcome")]
    assert engine.asked == [
        {
            "conversation": customer.id,
            "message_id": f"{customer.id}:welcome",
            "language": "en",
            "payload": "/greet",
        }
    ]


async def test_ten_messages_at_once_are_answered_one_by_one_in_order(customer: Customer, engine: StandInEngine) -> None:
    await customer.until("welcome")
    posts = [customer.post(client_id=f"parallel_{number}", text=f"text {number}") for number in range(10)]
    stored = await asyncio.gather(*posts)

    log = await customer.until(*(f"echo text {number}" for number in range(10)))

    by_seq = sorted((answer.json()["seq"], f"text {number}") for number, answer in enumerate(stored))
    in_order = [text for _, text in by_seq]
    assert texts(log, "customer") == in_order
    assert engine.texts() == in_order
    assert texts(log) == ["welcome"] + [f"echo {text}" for text in in_order]
    assert [message["seq"] for message in log] == list(range(1, 22))
    assert engine.most_running == 1


async def test_only_so_many_turns_at_once(start_bot: StartBot, engine: StandInEngine) -> None:
    engine.gate.clear()
    async with start_bot(engine_concurrency=2) as bot, bot.client() as client:
        customers = [await Customer.arrive(client) for _ in range(5)]
        for _ in range(2):
            await soon(engine.arrivals.acquire())
        engine.gate.set()
        for each in customers:
            await each.until("welcome")
    assert engine.most_running == 2


async def test_an_answer_that_comes_after_a_takeover_is_a_draft(
    bot: Bot, customer: Customer, engine: StandInEngine
) -> None:
    await customer.until("welcome")
    engine.gate.clear()
    engine.arrived.clear()
    await customer.say("help")
    await soon(engine.arrived.wait())
    assert await bot.query(change_mode, customer.id, "human", 0)
    assert not await bot.query(change_mode, customer.id, "human", 0)
    engine.gate.set()

    log = await customer.until("help")

    assert texts(log) == ["welcome"]
    rows = await bot.query(read_all, messages)
    assert [(row["text"], row["seq"], row["draft"]) for row in rows if row["draft"]] == [("echo help", None, True)]
    assert rows[2]["state"] == "done"


async def test_with_a_person_the_engine_is_not_asked(bot: Bot, customer: Customer, engine: StandInEngine) -> None:
    await customer.until("welcome")
    await bot.query(change_mode, customer.id, "human", 0)
    await customer.say("are you there?")
    await bot.query(change_mode, customer.id, "bot", 1)
    await customer.say("bot again")

    log = await customer.until("echo bot again")

    assert engine.texts() == ["bot again"]
    assert texts(log, "customer") == ["are you there?", "bot again"]


async def test_a_message_that_waited_during_a_takeover_is_left_to_the_person(
    bot: Bot, customer: Customer, engine: StandInEngine
) -> None:
    await customer.until("welcome")
    engine.gate.clear()
    engine.arrived.clear()
    await customer.say("first")
    await soon(engine.arrived.wait())
    await customer.say("second")
    await bot.query(change_mode, customer.id, "human", 0)
    engine.gate.set()

    await customer.until("second")

    assert engine.texts() == ["first"]


async def test_a_request_for_a_person_and_a_new_language_are_kept(
    bot: Bot, customer: Customer, engine: StandInEngine
) -> None:
    await customer.until("welcome")
    request = {"kind": "handover", "reason": "asked", "priority": "high"}
    engine.answer = lambda question: {"messages": [said("ok")], "requests": [request], "language": "fr"}
    await customer.say("une personne")
    await customer.until("ok")

    (row,) = await bot.query(read_all, handover_requests)
    assert (row["conversation"], row["reason"], row["priority"]) == (customer.id, "asked", "high")
    assert (row["language"], row["state"]) == ("fr", "open")
    (conversation,) = await bot.query(read_all, conversations)
    # In the queue, and still answered by the assistant.
    assert (conversation["language"], conversation["mode"]) == ("fr", "waiting")
    await customer.say("encore")
    await soon(customer.until("encore"))
    assert engine.asked[-1]["language"] == "fr"


@pytest.mark.parametrize(
    ("status", "answer"),
    [(422, {}), (200, {"messages": []}), (200, {"messages": [said("  ")]}), (200, {"nonsense": 1})],
)
async def test_no_answer_to_give_is_said_and_the_next_message_goes_on(
    customer: Customer, engine: StandInEngine, status: int, answer: dict[str, Any]
) -> None:
    await customer.until("welcome")
    engine.status, engine.answer = status, lambda question: answer
    await customer.say("difficult")
    await customer.until("action_failed en")
    engine.status, engine.answer = 200, echo
    await customer.say("easy")

    log = await customer.until("echo easy")

    assert texts(log) == ["welcome", "action_failed en", "echo easy"]


async def test_an_engine_that_is_down_costs_nothing_but_time(
    customer: Customer, engine: StandInEngine, rests: Rests
) -> None:
    await customer.until("welcome")
    engine.status = 503
    await customer.say("one")
    await customer.say("two")
    await customer.until("assistant_unavailable en")
    await soon(rests.begun.wait())
    engine.status = 200
    rests.over.set()

    log = await customer.until("echo two")

    assert texts(log, "system") == ["assistant_unavailable en"]
    assert texts(log) == ["welcome", "echo one", "echo two"]
    assert rests.waits[0] == 1.0


async def test_a_slow_engine_counts_as_down(start_bot: StartBot, engine: StandInEngine, rests: Rests) -> None:
    engine.gate.clear()
    async with start_bot(turn_seconds=0.05) as bot, bot.client() as client:
        customer = await Customer.arrive(client)
        await customer.until("assistant_unavailable en")
        engine.gate.set()
        rests.over.set()
        log = await customer.until("welcome")
    assert texts(log) == ["welcome"]


async def test_an_error_that_never_ends_is_given_up(start_bot: StartBot, engine: StandInEngine, rests: Rests) -> None:
    engine.status = 500
    rests.over.set()
    async with start_bot(error_answers=3) as bot, bot.client() as client:
        customer = await Customer.arrive(client)
        await customer.until("action_failed en")
    assert len(engine.asked) == 3
    assert rests.waits == [1.0, 2.0]


async def test_nothing_is_lost_when_both_are_down_and_start_again(start_bot: StartBot, engine: StandInEngine) -> None:
    engine.status = 500
    async with start_bot() as bot, bot.client() as client:
        customer = await Customer.arrive(client, "nl")
        for number in range(3):
            await customer.say(f"text {number}")
        await customer.until("assistant_unavailable nl")
    engine.status = 200
    async with start_bot() as bot, bot.client() as client:
        again = Customer(client, customer.opened)
        log = await again.until("echo text 2")
    assert texts(log) == ["welcome", "echo text 0", "echo text 1", "echo text 2"]
    assert texts(log, "system") == ["assistant_unavailable nl"]


async def test_the_apology_is_not_repeated_by_a_restart(start_bot: StartBot, engine: StandInEngine) -> None:
    engine.status = 503
    async with start_bot() as bot, bot.client() as client:
        customer = await Customer.arrive(client)
        await customer.until("assistant_unavailable en")
    engine.arrived.clear()
    async with start_bot() as bot, bot.client() as client:
        await soon(engine.arrived.wait())
        log = await Customer(client, customer.opened).until()
    assert texts(log, "system") == ["assistant_unavailable en"]


async def test_a_crash_between_answer_and_store_repeats_the_same_turn(
    start_bot: StartBot, engine: StandInEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with start_bot() as bot, bot.client() as client:
        customer = await Customer.arrive(client)
        await customer.until("welcome")
        with monkeypatch.context() as patch:
            patch.setattr(turn_module.Stepper, "_finish", lambda *_: asyncio.Event().wait())
            engine.arrived.clear()
            await customer.say("only once")
            await soon(engine.arrived.wait())
            await bot.parts.workers.stop(0.05)
    async with start_bot() as bot, bot.client() as client:
        log = await Customer(client, customer.opened).until("echo only once")
    assert texts(log) == ["welcome", "echo only once"]
    assert [each["message_id"] for each in engine.asked[1:]] == [f"{customer.id}:message_1"] * 2


async def test_a_failing_store_is_tried_again(
    customer: Customer, engine: StandInEngine, rests: Rests, monkeypatch: pytest.MonkeyPatch
) -> None:
    await customer.until("welcome")
    finish, failures = turn_module.finish_turn, ["disk full"]

    def fail_once(*arguments: Any) -> int:
        if failures:
            raise OSError(failures.pop())
        return finish(*arguments)

    monkeypatch.setattr(turn_module, "finish_turn", fail_once)
    rests.over.set()
    await customer.say("keep this")
    log = await customer.until("echo keep this")
    assert texts(log) == ["welcome", "echo keep this"]


async def test_a_very_long_text_is_kept_and_not_given_to_the_engine(customer: Customer, engine: StandInEngine) -> None:
    await customer.until("welcome")
    await customer.say("x" * 12_000)
    log = await customer.until("too_long en")
    assert len(log[1]["text"]) == 10_000
    assert engine.texts() == []
    await customer.say("y" * 4_000)
    await customer.until("echo " + "y" * 4_000)


async def test_a_command_that_is_typed_stays_a_text(customer: Customer, engine: StandInEngine) -> None:
    await customer.say('/inform{"amount": 5}')
    await customer.until('echo /inform{"amount": 5}')
    assert engine.texts() == ['/inform{"amount": 5}']


async def test_stopping_lets_a_running_turn_end(start_bot: StartBot, engine: StandInEngine) -> None:
    async with start_bot(stop_seconds=5.0) as bot, bot.client() as client:
        customer = await Customer.arrive(client)
        await customer.until("welcome")
        engine.gate.clear()
        engine.arrived.clear()
        await customer.say("just in time")
        await soon(engine.arrived.wait())
        stopping = asyncio.create_task(bot.parts.workers.stop(5.0))
        await asyncio.sleep(0)
        refused = await customer.post(client_id="too_late_1", text="too late")
        engine.gate.set()
        await soon(stopping)
        rows = await bot.query(read_all, messages)
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "stopping")
    assert rows[-1]["text"] == "echo just in time"
