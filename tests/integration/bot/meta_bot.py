"""A bot with a Page and a number, in a time of its own: it waits for nothing, the clock moves instead."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from bot.log.inbound import store_notice
from bot.log.model import Says
from bot.log.reads import messages_after
from bot.log.rows import add_outbound, lock
from bot.log.tables import conversations
from bot.meta.courier import Courier
from bot.meta.outcomes import delivery_states
from bot.meta.tables import arrivals, deliveries
from tests.integration.bot.meta_platform import AT, MESSENGER, meta_settings
from tests.integration.bot.running_bot import Bot, StartBot


class Clock:
    """The time when the customers of these tests write, and on from there."""

    def __init__(self) -> None:
        self.now = datetime.fromtimestamp(AT / 1000, UTC) + timedelta(minutes=5)
        self.waits: list[float] = []

    def __call__(self) -> datetime:
        return self.now

    def skip(self, **span: float) -> None:
        """Let time pass."""
        self.now += timedelta(**span)

    async def sleep(self, seconds: float) -> None:
        """Wait without waiting."""
        self.waits.append(seconds)
        self.skip(seconds=seconds)
        await asyncio.sleep(0)


class SettledBot(Bot):
    """A bot that is asked when everything that arrived is in the log."""

    async def query(self, work: Callable[..., Any], *arguments: Any) -> Any:
        """Run a function of the log."""
        async with asyncio.timeout(10):
            while await super().query(_arrived):  # noqa: ASYNC110
                await asyncio.sleep(0.005)
        return await super().query(work, *arguments)


class MetaBot:
    """The running bot, its courier and its log."""

    def __init__(self, bot: Bot, clock: Clock) -> None:
        self.bot, self.clock = SettledBot(bot.parts, bot.address), clock
        courier = bot.parts.hub.on_signal.__self__  # type: ignore[attr-defined]
        assert isinstance(courier, Courier)
        self.courier = courier

    async def log(self, conversation: str = MESSENGER) -> list[tuple[str, str]]:
        """Who said what."""
        found = await self.bot.query(messages_after, conversation, 0)
        return [(message.author, message.text) for message in found]

    async def state(self, conversation: str = MESSENGER) -> Any:
        """The conversation's row."""
        return await self.bot.query(_row, conversation)

    async def states(self, conversation: str = MESSENGER) -> list[str]:
        """How far each message came, in order."""
        found = await self.bot.query(delivery_states, conversation)
        return [state if error is None else error for _, (state, error) in sorted(found.items())]

    async def rows(self) -> list[Any]:
        """The outbox."""
        return list(await self.bot.query(_rows))

    async def staff_says(self, text: str, conversation: str = MESSENGER) -> None:
        """A member of staff writes."""
        await self.bot.query(_staff_says, conversation, text, self.clock())
        self.bot.parts.hub.messages(conversation)

    async def news(self, text: str, conversation: str = MESSENGER) -> None:
        """Something is told from behind the scenes."""
        await self.bot.query(store_notice, conversation, text, Says(text), self.clock())
        self.bot.parts.hub.messages(conversation)

    async def until_states(self, *states: str, conversation: str = MESSENGER) -> None:
        """Wait until the messages came so far."""
        async with asyncio.timeout(10):
            while (found := await self.states(conversation)) != list(states):
                await asyncio.sleep(0.01)
                last = found
        assert found == list(states), last


@asynccontextmanager
async def meta_bot(start_bot: StartBot, graph_url: str, **changes: Any) -> AsyncIterator[MetaBot]:
    """Run one."""
    async with start_bot(meta=meta_settings(graph_url, **changes)) as bot:
        clock = Clock()
        bot.parts.log.clock = clock
        made = MetaBot(bot, clock)
        made.courier.sleep = clock.sleep
        yield made


def _row(connection: Connection, conversation: str) -> Any:
    return connection.execute(select(conversations).where(conversations.c.id == conversation)).one_or_none()


def _arrived(connection: Connection) -> bool:
    return connection.execute(select(arrivals.c.id).limit(1)).one_or_none() is not None


def _rows(connection: Connection) -> list[Any]:
    return list(connection.execute(select(deliveries).order_by(deliveries.c.id)))


def _staff_says(connection: Connection, conversation: str, text: str, now: datetime) -> None:
    lock(connection, conversation)
    add_outbound(connection, conversation, "staff", Says(text), now, staff_name="Lies")
