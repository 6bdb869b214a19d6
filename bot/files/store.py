"""Takes a file in, whichever door it comes through: checked, kept beside the log, recorded once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.files import rows
from bot.files.folder import Folder, Incoming
from bot.files.model import GIVEN, WAITING, Attachment, NoRoom, attachment_id
from bot.log.store import Log
from common.file_names import clean_name
from common.file_types import FileType


def _anything(kind: FileType, size: int) -> None:
    """Whatever the folder takes."""


@dataclass(frozen=True)
class Door:
    """What differs between those who give files.

    Attributes:
        state: In which a file waits to be sent: `waiting` for customers, `given` for staff.
        check: Refuses a file by what it is, before anything of it is kept.
        record: Adds the record, in a transaction.
    """

    state: str = WAITING
    check: Callable[[FileType, int], None] = _anything
    record: Callable[[Connection, Attachment], Attachment] = rows.add_attachment


CUSTOMERS = Door()


@dataclass(frozen=True)
class Files:
    """What the doors need.

    Attributes:
        most_bytes: More than this does not wait here at once: a flood of files must not fill the disk.
        most_given: More than this of staff's files does not lie here; they stay.
    """

    log: Log
    folder: Folder
    most_bytes: int
    most_given: int

    async def receive(
        self,
        conversation: str,
        channel_message_id: str,
        name: str,
        body: bytes | AsyncIterator[bytes],
        door: Door = CUSTOMERS,
    ) -> Attachment:
        """Take a file that is not part of a message yet.

        Args:
            conversation: Whose.
            channel_message_id: The channel's id for it; the same again gives the same file.
            name: What its giver calls it.
            body: What is in it, at once or in parts. All parts are read, also of a file that is there already.
            door: Who gives it.

        Raises:
            FileRefused: It is empty, too large, or nothing that is taken.
            NoRoom: Too much lies here already.
            UnknownConversation: The conversation is not there.
        """
        file_id = attachment_id(conversation, channel_message_id)
        parts = _once(body) if isinstance(body, bytes) else body
        before = await self.log.run(rows.find_attachment, conversation, file_id)
        if before is not None:
            async for _ in parts:
                pass
            return before
        if await self.log.run(rows.bytes_here, door.state) > self._most(door):
            raise NoRoom
        with await asyncio.to_thread(self.folder.incoming) as incoming:
            async for part in parts:
                await asyncio.to_thread(incoming.write, part)
            kind = await asyncio.to_thread(incoming.recognise)
            door.check(kind, incoming.size)
            # The file first and the record second, so that a record never points nowhere.
            incoming.keep(self.folder.path(file_id))
        file = self._describe(conversation, file_id, name, kind, incoming, door)
        return await self.log.run(door.record, file)

    async def take_back(self, conversation: str, file_id: str) -> bool:
        """Delete a file of the customer that is not sent yet; False if there is none."""
        found = await self.log.run(rows.take_back, conversation, file_id)
        if found:
            await asyncio.to_thread(self.folder.remove, file_id)
        return found

    def _most(self, door: Door) -> int:
        return self.most_given if door.state == GIVEN else self.most_bytes

    def _describe(
        self, conversation: str, file_id: str, name: str, kind: FileType, incoming: Incoming, door: Door
    ) -> Attachment:
        return Attachment(
            id=file_id,
            conversation=conversation,
            name=clean_name(name),
            content_type=kind.value,
            size=incoming.size,
            state=door.state,
            at=self.log.clock(),
        )


async def _once(body: bytes) -> AsyncIterator[bytes]:
    yield body
