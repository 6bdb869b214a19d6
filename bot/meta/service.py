"""Messenger and WhatsApp as one part of the running bot: what comes in, what goes out, starting and stopping."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import Any, TypeVar

import structlog
from sqlalchemy import Connection, update
from sqlalchemy.exc import OperationalError

from bot.log.tables import conversations
from bot.meta import arrivals
from bot.meta.counts import Counts
from bot.meta.courier import Courier
from bot.meta.customer import Customers
from bot.meta.deliveries import Outbox
from bot.meta.elsewhere import Elsewhere
from bot.meta.errors import Failure
from bot.meta.events import Event
from bot.meta.fetching import Fetcher
from bot.meta.graph import Graph
from bot.meta.inbound import Inbox, Taken
from bot.meta.language import of_locale
from bot.meta.media import make_media_client
from bot.meta.sentences import words_of
from bot.meta.settings import MetaSettings
from bot.parts import Parts
from bot.turns.pace import Pace

T = TypeVar("T")


def make_key() -> str:
    """A key nobody else has and nobody can guess."""
    return uuid.uuid4().hex


class MetaService:
    """The two messengers of one bot."""

    def __init__(self, settings: MetaSettings, parts: Parts, graph: Graph) -> None:
        self.settings, self.counts = settings, Counts(parts.metrics.registry)
        self._parts, self._graph = parts, graph
        self._arrived, self._pace = asyncio.Event(), Pace()
        say = parts.sentences.say
        outbox = Outbox(
            words=words_of(say),
            make_key=make_key,
            confirm=timedelta(seconds=settings.confirm_seconds),
            attempts=settings.attempts,
            template=settings.whatsapp_template,
        )
        self._inbox = Inbox(
            settings=settings,
            customers=Customers(say),
            elsewhere=Elsewhere(settings.app_id, make_key, say),
            outbox=outbox,
            default_language=parts.settings.default_language,
        )
        self.courier = Courier(parts.log, outbox, graph, settings.sends_per_second, self.counts.sent)
        self.fetcher = Fetcher(
            log=parts.log,
            media=make_media_client(settings, graph),
            files=parts.files,
            carrier=parts.carrier,
            hub=parts.hub,
            sentences=parts.sentences,
            pace=self._pace,
        )
        self._running: set[asyncio.Task[Any]] = set()
        self._log = structlog.get_logger()
        parts.hub.on_signal = self.courier.hear

    @property
    def stopping(self) -> bool:
        """Whether nothing new is taken."""
        return self._parts.workers.stopping

    async def start(self) -> None:
        """Take up what an earlier run left."""
        self.fetcher.start()
        await self.courier.start()
        self._arrived.set()
        self._begin(self._sort())

    async def stop(self) -> None:
        """Send nothing new; what is being sent may end."""
        for task in list(self._running):
            task.cancel()
        await self.fetcher.stop()
        await self.courier.stop(self._parts.settings.stop_seconds)

    async def close(self) -> None:
        """Close the connections."""
        await self.fetcher.close()
        await self._graph.close()

    async def to_the_end(self, work: Coroutine[Any, Any, T]) -> T:
        """Wait for `work`, which goes on even if Meta hangs up."""
        return await self._parts.to_the_end(work)

    async def take(self, events: list[Event]) -> None:
        """Keep what is for us; the rest happens after Meta's 200."""
        ours = [event for event in events if self._inbox.is_ours(event)]
        if ours:
            await self._parts.log.run(arrivals.keep, ours, self._parts.log.clock())
            self._arrived.set()

    async def _sort(self) -> None:
        """Bring what arrived into the log, one batch after the other, and wake whoever has something to do with it."""
        failures = 0
        while True:
            self._arrived.clear()
            try:
                taken = await self._parts.log.run(self._store_first, self._parts.log.clock())
                failures = 0
            except Exception as error:
                # The batch is still there; a database that is away comes back.
                failures += 1
                self._log.error("meta.not_sorted", kind=type(error).__name__, exc_info=error)
                await self._pace.rest(failures)
                continue
            if taken is None:
                await self._arrived.wait()
            else:
                self._wake(taken)

    def _store_first(self, connection: Connection, now: datetime) -> Taken | None:
        batch = arrivals.first(connection)
        if batch is None:
            return None
        arrivals.drop(connection, batch.id)
        try:
            with connection.begin_nested():
                return self._inbox.store(connection, arrivals.read(batch.events), now)
        except OperationalError:
            raise
        except Exception as error:
            # Whatever it is, the batches behind it must not wait for ever.
            self._log.error("meta.batch_failed", kind=type(error).__name__, exc_info=error)
            return Taken()

    def _wake(self, taken: Taken) -> None:
        for channel, count in taken.stored.items():
            self._parts.metrics.messages.labels("in", channel).inc(count)
        if taken.files:
            self.fetcher.woken.set()
        for conversation in taken.outbox:
            # Tells the desk too; the courier is one of those who listen.
            self._parts.hub.messages(conversation)
        for conversation in taken.turns:
            if conversation in taken.nameless and conversation.startswith("messenger:"):
                self._begin(self._greet(conversation))
            else:
                self._parts.workers.wake(conversation)

    async def _greet(self, conversation: str) -> None:
        """Ask the profile for the language of somebody who said nothing yet; then let the welcome be said."""
        try:
            language = of_locale(await self._graph.locale(conversation.rpartition(":")[2]))
            if language:
                await self._parts.log.run(_set_language, conversation, language, self._parts.log.clock())
        except Failure as failure:
            self._log.info("meta.no_profile", conversation=conversation, kind=failure.kind.value)
        finally:
            self._parts.workers.wake(conversation)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)


def _set_language(connection: Connection, conversation: str, language: str, now: datetime) -> None:
    connection.execute(update(conversations).where(conversations.c.id == conversation).values(language=language))
