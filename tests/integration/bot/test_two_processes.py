"""Two processes of the bot on one database: either serves everybody, and one that dies leaves nothing unanswered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest

import bot.turns.workers as workers_module
from tests.integration.bot.desk_console import Console, sign_in, until
from tests.integration.bot.running_bot import Bot, Customer, StartBot, soon
from tests.integration.bot.stand_in_engine import StandInEngine


@dataclass
class Pair:
    """Two bots, and the doors of both."""

    one: Bot
    two: Bot
    doors: AsyncExitStack

    async def customer(self) -> tuple[Customer, Customer]:
        """One customer, as they reach either bot."""
        here = await self.doors.enter_async_context(self.one.client())
        there = await self.doors.enter_async_context(self.two.client())
        arrived = await Customer.arrive(here)
        await arrived.until("welcome")
        again = Customer(there, arrived.opened)
        again._count = 100
        return arrived, again

    async def staff(self) -> tuple[Console, Console]:
        """Lies at the first, Karim at the second."""
        here = await self.doors.enter_async_context(self.one.client())
        there = await self.doors.enter_async_context(self.two.client())
        return await sign_in(here, "lies"), await sign_in(there, "karim")


@pytest.fixture
async def pair(start_desk: StartBot, database: str) -> AsyncIterator[Pair]:
    async with (
        AsyncExitStack() as doors,
        start_desk(database_url=database) as one,
        start_desk(database_url=database, demo=False) as two,
    ):
        yield Pair(one, two, doors)
        await doors.aclose()


async def test_a_customer_whose_messages_go_to_both_is_answered_once_and_in_order(
    pair: Pair, engine: StandInEngine
) -> None:
    here, there = await pair.customer()
    engine.gate.clear()
    for number in range(10):
        await (here, there)[number % 2].post(client_id=f"message_{number}", text=f"text {number}")
    engine.gate.set()
    log = await here.until(*(f"echo text {number}" for number in range(10)))
    assert [each["text"] for each in log if each["author"] == "bot"][1:] == [f"echo text {n}" for n in range(10)]
    assert engine.texts() == sorted(engine.texts())


async def test_of_two_who_take_it_at_the_same_moment_one_gets_it(pair: Pair) -> None:
    lies, karim = await pair.staff()
    for _ in range(5):
        customer, _ = await pair.customer()
        taken = await asyncio.gather(*(each.post(f"/conversations/{customer.id}/take") for each in (lies, karim)))
        assert sorted(answer.status_code for answer in taken) == [200, 409]
        refused = next(answer for answer in taken if answer.status_code == 409).json()["error"]
        assert refused["details"]["owner_name"] == (await lies.sees(customer))["conversation"]["owner_name"]


async def test_a_takeover_in_one_silences_a_turn_in_the_other(pair: Pair, engine: StandInEngine) -> None:
    _, karim = await pair.staff()
    here, _ = await pair.customer()
    engine.gate.clear()
    engine.arrived.clear()
    await here.say("what now?")
    await soon(engine.arrived.wait())
    async with karim.events() as events:
        await until(events, "hello")
        await karim.does(here, "take")
        await here.say("are you there?")
        await karim.does(here, "messages", client_id="answer_001", text="I am here")
        engine.gate.set()
        await until(events, "conversation", conversation=here.id, what="draft")
    shown = [each["text"] for each in await here.log() if each["author"] == "bot"]
    assert shown == ["welcome"]
    drafts = [each["text"] for each in (await karim.sees(here))["messages"] if each["kind"] == "draft"]
    assert drafts == ["echo what now?"]
    assert "are you there?" not in engine.texts()


async def test_what_a_dead_process_took_in_is_answered_by_the_other(
    start_desk: StartBot, database: str, engine: StandInEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers_module, "SWEEP_SECONDS", 0.05)
    async with start_desk(database_url=database) as one, one.client() as client:
        customer = await Customer.arrive(client)
        await customer.until("welcome")
        # The first takes messages in and answers them no more, as a killed one.
        monkeypatch.setattr(one.parts.workers, "wake", lambda conversation: None)
        await customer.say("is anybody there?")
        async with start_desk(database_url=database, demo=False) as two, two.client() as other:
            there = Customer(other, customer.opened)
            await there.until("echo is anybody there?")
            # Not only what lay there at its start.
            await customer.say("and now?")
            log = await there.until("echo and now?")
    assert [each["text"] for each in log if each["author"] == "bot"][1:] == ["echo is anybody there?", "echo and now?"]
