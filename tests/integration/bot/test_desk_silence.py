"""Two simulated days, with restarts of the bot: while a person has a conversation, the assistant never speaks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.desk.api import make_timers
from bot.log.store import utc_now
from tests.integration.bot.desk_console import Console, sign_in
from tests.integration.bot.running_bot import Bot, Customer, StartBot
from tests.integration.bot.stand_in_engine import StandInEngine
from tests.integration.bot.test_desk_takeover import payloads, texts

HOUR = timedelta(hours=1)
# How often the desk looks at what is due.
STEP = timedelta(minutes=15)


@dataclass
class Clock:
    """The time, which goes on when told."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Shift:
    """One process of the bot, from its start to its end, and who talks there."""

    clock: Clock
    bot: Bot
    visitor: Customer
    lies: Console

    async def passes(self, time: timedelta, *, here: bool = True) -> None:
        """Let time pass; the desk's clock looks every few minutes, and an open console is a sign of life."""
        end = self.clock.now + time
        while self.clock.now < end:
            self.clock.now += STEP
            if here:
                await self.lies.get("/session")
            await make_timers(self.bot.desk).look()

    async def mode(self) -> str:
        """Who has the conversation."""
        return str((await self.lies.sees(self.visitor))["conversation"]["mode"])


class Days:
    """A conversation that goes on over restarts of the bot."""

    def __init__(self, start_desk: StartBot) -> None:
        # The present, because signed tokens and cookies have a clock of their own.
        self.start_desk, self.clock = start_desk, Clock(utc_now())
        self.opened: dict[str, Any] = {}

    @asynccontextmanager
    async def shift(self) -> AsyncIterator[Shift]:
        """Start the bot, in which nothing is left but what is in the database, and stop it in the end."""
        async with self.start_desk(clock=self.clock) as bot, bot.client() as client, bot.client() as desk:
            visitor = Customer(client, self.opened) if self.opened else await Customer.arrive(client)
            yield Shift(self.clock, bot, visitor, await sign_in(desk, "lies"))
            self.opened = visitor.opened

    async def begins(self) -> None:
        """A customer comes, and Lies takes the conversation."""
        async with self.shift() as first:
            await first.visitor.until("welcome")
            await first.lies.does(first.visitor, "take")


async def test_48_hours_of_messages_and_restarts_without_a_word_of_the_assistant(
    start_desk: StartBot, engine: StandInEngine
) -> None:
    days = Days(start_desk)
    await days.begins()
    for number in range(8):
        async with days.shift() as shift:
            for hour in range(0, 6, 2):
                name = f"{number}_{hour}"
                for text in (f"hour {name}", "/restart", "/session_start"):
                    await shift.visitor.post(client_id=f"said_{name}_{len(text)}_{text[1:4]}", text=text)
                await shift.passes(STEP)
                await shift.lies.does(shift.visitor, "messages", client_id=f"answer_{name}", text=f"answer {name}")
                await shift.passes(2 * HOUR - STEP)
            assert await shift.mode() == "human"
    async with days.shift() as last:
        log = await last.visitor.log()
        assert texts(log, "bot") == ["welcome"]
        assert len(texts(log, "customer")) == 8 * 3 * 3
        assert len(texts(log, "staff")) == 8 * 3
        # What is not hers any more, the assistant answers, and nothing of before.
        await last.lies.does(last.visitor, "release", to="bot")
        await last.visitor.until("echo /resume_after_person")
    assert engine.texts() == []
    assert payloads(engine) == ["/greet", "/resume_after_person"]


async def test_48_hours_without_a_message_end_with_the_desks_goodbye(
    start_desk: StartBot, engine: StandInEngine
) -> None:
    days = Days(start_desk)
    await days.begins()
    modes = []
    for _ in range(8):
        async with days.shift() as shift:
            await shift.passes(6 * HOUR)
            modes.append(await shift.mode())
    assert modes == ["human"] * 3 + ["bot"] * 5
    async with days.shift() as last:
        log = await last.visitor.log()
        assert texts(log) == ["welcome", "desk_joined en", "desk_silent_closed en"]
        assert payloads(engine) == ["/greet"]
        await last.visitor.post(client_id="said_later", text="I am back")
        await last.visitor.until("echo I am back")


async def test_what_was_told_to_a_person_who_went_away_is_not_answered_by_the_assistant(
    start_desk: StartBot, engine: StandInEngine
) -> None:
    days = Days(start_desk)
    await days.begins()
    async with days.shift() as shift:
        await shift.passes(STEP)
        await shift.visitor.say("my secret for Lies")
        await shift.passes(HOUR, here=False)
        assert await shift.mode() == "waiting"
    async with days.shift() as shift:
        await shift.passes(46 * HOUR)
        assert texts(await shift.visitor.log(), "bot") == ["welcome"]
        assert texts(await shift.visitor.log(), "system")[1:] == ["desk_back_in_queue en", "desk_long_wait en"]
        # In the queue the assistant answers again, but only what is written there.
        await shift.visitor.post(client_id="said_later", text="hello?")
        await shift.visitor.until("echo hello?")
    assert engine.texts() == ["hello?"]
