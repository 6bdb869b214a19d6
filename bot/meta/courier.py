"""Sends what waits in the outbox: one part of a conversation after the other, many conversations at once."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection, select

from bot.hub import Signal
from bot.log.store import Log
from bot.log.tables import messages
from bot.meta import outcomes
from bot.meta.deliveries import Outbox
from bot.meta.errors import GIVEN_UP, Failure, Kind
from bot.meta.graph import Graph
from bot.meta.job import SENT, Job, Later

CHANNELS = ("messenger", "whatsapp")
HALT = timedelta(minutes=10)
SLOWER = timedelta(seconds=10)
# What nobody woke us for: another process wrote it, or its time has come.
SWEEP_SECONDS = 20.0


@dataclass
class Account:
    """One account's pace: when the next call may be made, and until when none may."""

    next_call: float = 0.0
    paused_until: datetime | None = None


@dataclass
class Courier:
    """Delivers; the outbox in the database is the truth, so a crash loses nothing.

    Attributes:
        log: The conversation log.
        outbox: The rules of what is sent.
        graph: Meta.
        calls_per_second: For each account.
        count: Counts what became of parts: `count(channel, state)`.
        sleep: Waits before a try; tests replace it.
        chance: 0..1, spreads tries.
    """

    log: Log
    outbox: Outbox
    graph: Graph
    calls_per_second: float
    count: Callable[[str, str], None] = lambda channel, state: None
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    chance: Callable[[], float] = random.random
    stopping: bool = False
    _tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _news: dict[str, asyncio.Event] = field(default_factory=dict)
    _typing: set[str] = field(default_factory=set)
    _accounts: dict[str, Account] = field(default_factory=dict)
    _sweeper: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        self._logger = structlog.get_logger()
        self._slots = asyncio.Semaphore(16)

    def hear(self, conversation: str, signal: Signal) -> None:
        """The hub says that something happened somewhere."""
        if conversation.partition(":")[0] not in CHANNELS:
            return
        if signal is Signal.TYPING:
            self._typing.add(conversation)
        elif signal is Signal.IDLE:
            # What would be shown now would stay when the answer is already there.
            self._typing.discard(conversation)
        if signal in (Signal.TYPING, Signal.MESSAGES):
            self.wake(conversation)

    def wake(self, conversation: str) -> None:
        """Something new is to be sent, or can go on, in `conversation`."""
        if self.stopping:
            return
        self._news.setdefault(conversation, asyncio.Event()).set()
        if conversation not in self._tasks:
            self._tasks[conversation] = asyncio.create_task(self._work(conversation))

    async def start(self) -> None:
        """Take up what an earlier run left, and look again from time to time."""
        await self.log.run(self.outbox.listen_first, self.log.clock())
        await self._sweep()
        self._sweeper = asyncio.create_task(self._keep_sweeping())

    async def stop(self, seconds: float) -> None:
        """Begin nothing new; a call that runs may end within `seconds`."""
        self.stopping = True
        if self._sweeper is not None:
            self._sweeper.cancel()
        for event in self._news.values():
            event.set()
        tasks = list(self._tasks.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _keep_sweeping(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            try:
                await self._sweep()
            except Exception as error:
                self._logger.error("meta.sweep_failed", kind=type(error).__name__)

    async def _sweep(self) -> None:
        for conversation in await self.log.run(outcomes.unfinished):
            self.wake(conversation)

    async def _work(self, conversation: str) -> None:
        news, attempt = self._news[conversation], 0
        try:
            while news.is_set() and not self.stopping:
                news.clear()
                try:
                    await self._drain(conversation, news)
                    attempt = 0
                except Exception as error:
                    # A locked or full database must not end the deliveries: they are still in the outbox.
                    attempt += 1
                    self._logger.error("meta.delivery_crashed", conversation=conversation, exc_info=error)
                    await self._rest(news, min(15.0, 2.0 ** min(attempt, 4)))
                    news.set()
        finally:
            del self._tasks[conversation]
            self._news.pop(conversation, None)
            self._typing.discard(conversation)

    async def _drain(self, conversation: str, news: asyncio.Event) -> None:
        while not self.stopping:
            news.clear()
            await self._show_typing(conversation)
            now = self.log.clock()
            if await self._paused(conversation, news, now):
                continue
            await self.log.run(self.outbox.fill, conversation, now)
            # Read again: what was just filled in may be younger than the moment above.
            now = self.log.clock()
            job = await self.log.run(self.outbox.take, conversation, now)
            if job is None:
                return
            if isinstance(job, Later):
                await self._rest(news, (job.at - now).total_seconds())
            else:
                await self._deliver(job)

    async def _paused(self, conversation: str, news: asyncio.Event, now: datetime) -> bool:
        until = self._account(conversation).paused_until
        if until is None or until <= now:
            return False
        await self._rest(news, (until - now).total_seconds())
        return True

    async def _rest(self, news: asyncio.Event, seconds: float) -> None:
        """Wait, but not longer than until something happens here."""
        if seconds <= 0 or self.stopping:
            return
        waits = [asyncio.ensure_future(self.sleep(seconds)), asyncio.ensure_future(news.wait())]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    async def _deliver(self, job: Job) -> None:
        try:
            async with self._slots:
                await self._in_turn(job.conversation)
                platform_id = await self.graph.send(job)
        except Failure as failure:
            await self._failed(job, failure)
            return
        seq = await self.log.run(outcomes.gone, job, platform_id)
        if seq is not None:
            await self.log.run(outcomes.tell, job.conversation, seq, SENT, self.log.clock())
        self.count(job.channel, SENT)

    async def _failed(self, job: Job, failure: Failure) -> None:
        now = self.log.clock()
        kind = failure.kind
        self.count(job.channel, kind.value)
        level = self._logger.error if kind in (Kind.HALT, Kind.REFUSED, Kind.MISSING) else self._logger.warning
        level(
            "meta.not_delivered",
            conversation=job.conversation,
            kind=kind.value,
            code=failure.code,
            subcode=failure.subcode,
            attempt=job.attempt,
        )
        if kind in GIVEN_UP:
            await self.log.run(outcomes.fail, job.row, kind.value, now)
        elif kind in (Kind.HALT, Kind.SLOWER):
            until = now + (HALT if kind is Kind.HALT else SLOWER)
            self._account(job.conversation).paused_until = until
            await self.log.run(outcomes.untried, job, kind.value, until)
        elif kind is Kind.UNSURE:
            until = now + self.outbox.confirm
            await self.log.run(outcomes.put_off, job, kind.value, until, unsure=True)
        else:
            until = self.outbox.retry_at(job.attempt, now, self.chance())
            await self.log.run(outcomes.put_off, job, kind.value, until, unsure=False)

    async def _show_typing(self, conversation: str) -> None:
        """Seen and typing, once for each turn; a failure of it is nobody's loss."""
        if conversation not in self._typing:
            return
        self._typing.discard(conversation)
        channel, _, address = conversation.split(":", 2)
        try:
            message_id = await self.log.run(_last_said, conversation)
            await self._in_turn(conversation)
            await self.graph.show_typing(channel, address, message_id)
        except Failure as failure:
            self._logger.info("meta.typing_not_shown", conversation=conversation, kind=failure.kind.value)

    async def _in_turn(self, conversation: str) -> None:
        """Wait until the account may make another call."""
        account, now = self._account(conversation), time.monotonic()
        mine = max(now, account.next_call)
        account.next_call = mine + 1 / self.calls_per_second
        if mine > now:
            await self.sleep(mine - now)

    def _account(self, conversation: str) -> Account:
        return self._accounts.setdefault(conversation.rpartition(":")[0], Account())


def _last_said(connection: Connection, conversation: str) -> str:
    """The platform's id of the customer's last message."""
    query = select(messages.c.channel_message_id).where(
        messages.c.conversation == conversation, messages.c.author == "customer"
    )
    return connection.execute(query.order_by(messages.c.id.desc()).limit(1)).scalar_one_or_none() or ""
