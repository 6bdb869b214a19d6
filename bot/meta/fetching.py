"""Customers' files are fetched behind the answer to Meta, and then go the way of every file (`bot/files`)."""

from __future__ import annotations

import asyncio
import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection, Row, insert, select, update

from bot.files.carrier import Carrier
from bot.files.model import LOST, REFUSED, WAITING, FileRefused, attachment_id
from bot.files.rows import bytes_here, of_conversation
from bot.files.store import Files
from bot.hub import Hub
from bot.log.changes import note_change
from bot.log.rows import add_outbound, lock
from bot.log.store import Log
from bot.log.tables import attachments, messages
from bot.meta.events import GaveFiles, Media
from bot.meta.media import MediaClient, MediaError, MediaUnavailable
from bot.sentences import FILE_LOST, FILE_REFUSED, Sentences
from bot.turns.pace import Pace
from common.file_names import clean_name

FETCHING = "fetching"
# Then the customer is told to send it again. A file is tried once more after any pause of the service.
TRIED_FOR = timedelta(minutes=15)
AT_ONCE = 4
SWEEP_SECONDS = 60.0


def note_files(connection: Connection, event: GaveFiles, now: datetime) -> tuple[str, ...]:
    """Note the files of a message, before the message itself; their ids, the same for a repeat."""
    ids = [attachment_id(event.conversation, f"{event.id}:{number}") for number in range(len(event.files))]
    known = set(connection.execute(select(attachments.c.id).where(attachments.c.id.in_(ids))).scalars())
    for file_id, media in zip(ids, event.files, strict=True):
        if file_id not in known:
            connection.execute(insert(attachments).values(_row(event, file_id, media, now)))
    return tuple(ids)


def _row(event: GaveFiles, file_id: str, media: Media, now: datetime) -> dict[str, Any]:
    return {
        "id": file_id,
        "conversation": event.conversation,
        "name": clean_name(media.name or "photo"),
        "content_type": media.content_type[:100],
        "state": FETCHING,
        "source": media.source,
        "at": now,
    }


@dataclass
class Fetcher:
    """The one worker for files of messengers. What is to be fetched stands in the log."""

    log: Log
    media: MediaClient
    files: Files
    carrier: Carrier
    hub: Hub
    sentences: Sentences
    pace: Pace
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    logger: structlog.stdlib.BoundLogger = field(default_factory=structlog.get_logger)
    _task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin with what an earlier run left."""
        self.woken.set()
        self._task = asyncio.create_task(self._work())

    async def stop(self) -> None:
        """End; what is half fetched is fetched again by the next run."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def close(self) -> None:
        """Close the connections."""
        await self.media.close()

    async def _work(self) -> None:
        failures = 0
        while True:
            self.woken.clear()
            failures = 0 if await self._round() else failures + 1
            if failures:
                await self.pace.rest(failures)
                continue
            try:
                await asyncio.wait_for(self.woken.wait(), SWEEP_SECONDS)
            except TimeoutError:
                continue

    async def _round(self) -> bool:
        """Fetch everything there is; False if something has to be tried again."""
        try:
            waiting = await self.log.run(_to_fetch)
            slots = asyncio.Semaphore(AT_ONCE)
            done = await asyncio.gather(*(self._fetch(slots, row) for row in waiting))
        except Exception as error:
            # A locked or full database must not end the worker: what is to be fetched is still in the log.
            self.logger.error("media.crashed", kind=type(error).__name__, exc_info=error)
            return False
        return all(done)

    async def _fetch(self, slots: asyncio.Semaphore, row: Row[Any]) -> bool:
        try:
            async with slots:
                values = await self._bring_in(row)
        except FileRefused as refused:
            await self._give_up(row, REFUSED, refused.code)
        except MediaError as problem:
            self.logger.warning("media.not_fetched", conversation=row.conversation, file=row.id, kind=problem.kind)
            if isinstance(problem, MediaUnavailable) and self.log.clock() - row.at < TRIED_FOR:
                return False
            await self._give_up(row, LOST, LOST)
        else:
            await self.log.run(_settle, row, values, self.log.clock())
            self.carrier.wake()
        self.hub.messages(row.conversation)
        return True

    async def _bring_in(self, row: Row[Any]) -> dict[str, Any]:
        """Fetch one file into the folder; what is known of it then."""
        if await self.log.run(bytes_here) > self.files.most_bytes:
            raise MediaUnavailable("no_room")
        with await asyncio.to_thread(self.files.folder.incoming) as incoming:
            await self.media.fetch(row.source, incoming.write)
            kind = (await asyncio.to_thread(incoming.recognise)).value
            incoming.keep(self.files.folder.path(row.id))
        name = row.name if "." in row.name else row.name + (mimetypes.guess_extension(kind) or "")
        return {"state": WAITING, "content_type": kind, "size": incoming.size, "name": name, "source": None}

    async def _give_up(self, row: Row[Any], state: str, error: str) -> None:
        await self.log.run(self._tell, row, {"state": state, "error": error, "source": None}, self.log.clock())

    def _tell(self, connection: Connection, row: Row[Any], values: dict[str, Any], now: datetime) -> None:
        if _settle(connection, row, values, now):
            key = FILE_LOST if values["state"] == LOST else FILE_REFUSED[values["error"]]
            language = lock(connection, row.conversation).language
            says = self.sentences.say(key, language, name=row.name)
            add_outbound(connection, row.conversation, "system", says, now)


def _to_fetch(connection: Connection) -> Sequence[Row[Any]]:
    query = select(attachments).where(attachments.c.state == FETCHING, attachments.c.message.is_not(None))
    return connection.execute(query.order_by(attachments.c.at, attachments.c.id).limit(50)).all()


def _settle(connection: Connection, row: Row[Any], values: dict[str, Any], now: datetime) -> bool:
    """Note what became of a file, also in its message; False if somebody did already."""
    lock(connection, row.conversation)
    still = (attachments.c.id == row.id, attachments.c.state == FETCHING)
    if connection.execute(update(attachments).where(*still).values(values)).rowcount == 0:
        return False
    files = [each for each in of_conversation(connection, row.conversation) if each.message == row.message]
    shown = [each.shown() for each in files]
    connection.execute(update(messages).where(messages.c.id == row.message).values(attachments=shown))
    note_change(connection, "message", row.conversation, now, {"seq": files[0].seq})
    return True
