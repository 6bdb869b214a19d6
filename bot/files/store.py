"""Takes a file in, whichever door it comes through: checked, kept beside the log, recorded once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

from bot.files import rows
from bot.files.folder import Folder, Incoming
from bot.files.model import WAITING, Attachment, NoRoom, attachment_id
from bot.log.store import Log
from common.file_names import clean_name
from common.file_types import FileType


@dataclass(frozen=True)
class Files:
    """What the doors need.

    Attributes:
        most_bytes: More than this does not lie here at once: a flood of files must not fill the disk.
    """

    log: Log
    folder: Folder
    most_bytes: int

    async def receive(
        self, conversation: str, channel_message_id: str, name: str, body: bytes | AsyncIterator[bytes]
    ) -> Attachment:
        """Take a file that is not part of a message yet.

        Args:
            conversation: Whose.
            channel_message_id: The channel's id for it; the same again gives the same file.
            name: What the customer calls it.
            body: What is in it, at once or in parts. All parts are read, also of a file that is there already.

        Raises:
            FileRefused: It is empty, too large, or nothing that is taken.
            NoRoom: Too many files wait for the claims backend.
            UnknownConversation: The conversation is not there.
        """
        file_id = attachment_id(conversation, channel_message_id)
        parts = _once(body) if isinstance(body, bytes) else body
        before = await self.log.run(rows.find_attachment, conversation, file_id)
        if before is not None:
            async for _ in parts:
                pass
            return before
        if await self.log.run(rows.waiting_bytes) > self.most_bytes:
            raise NoRoom
        with await asyncio.to_thread(self.folder.incoming) as incoming:
            async for part in parts:
                await asyncio.to_thread(incoming.write, part)
            kind = await asyncio.to_thread(incoming.recognise)
            # The file first and the record second, so that a record never points nowhere.
            incoming.keep(self.folder.path(file_id))
        return await self.log.run(rows.add_attachment, self._describe(conversation, file_id, name, kind, incoming))

    async def take_back(self, conversation: str, file_id: str) -> bool:
        """Delete a file that is not sent yet; False if there is none."""
        found = await self.log.run(rows.take_back, conversation, file_id)
        if found:
            await asyncio.to_thread(self.folder.remove, file_id)
        return found

    def _describe(self, conversation: str, file_id: str, name: str, kind: FileType, incoming: Incoming) -> Attachment:
        return Attachment(
            id=file_id,
            conversation=conversation,
            name=clean_name(name),
            content_type=kind.value,
            size=incoming.size,
            state=WAITING,
            at=self.log.clock(),
        )


async def _once(body: bytes) -> AsyncIterator[bytes]:
    yield body
