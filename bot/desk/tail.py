"""Follows the numbered changes of the log: wakes the desk's streams, and the customers' streams of this process.

Whatever process of the bot made a change, this one hears of it: at once if it was its own, else at the next look.
"""

from __future__ import annotations

import asyncio
from typing import Any

import structlog

from bot.hub import Hub
from bot.log.changes import Change, changes_after, head
from bot.log.store import Log

POLL_SECONDS = 1.0
# A member of staff who stops in the middle of a word leaves no bubble behind.
TYPING_SECONDS = 8.0


class Tail:
    """Looks at the changes again and again while somebody looks on."""

    def __init__(self, log: Log, hub: Hub, seconds: float = POLL_SECONDS) -> None:
        self._log, self._hub, self._seconds = log, hub, seconds
        self._nudged = asyncio.Event()
        self._readers: set[asyncio.Event] = set()
        self._bubbles: dict[str, asyncio.TimerHandle] = {}
        self._task: asyncio.Task[None] | None = None
        self._last = 0
        self.stopping = False
        self._logger = structlog.get_logger()

    async def start(self) -> None:
        """Begin at the present."""
        self._last = await self._log.run(head)
        self._task = asyncio.create_task(self._follow())

    async def stop(self) -> None:
        """End, and let all readers go."""
        self.stopping = True
        for reader in self._readers:
            reader.set()
        for bubble in self._bubbles.values():
            bubble.cancel()
        # Not cancelled: Python 3.11's wait_for can swallow that when the event is set at the same moment.
        self._nudged.set()
        if self._task is not None:
            await self._task

    def nudge(self) -> None:
        """Something was changed here: look now."""
        self._nudged.set()

    def open(self) -> asyncio.Event:
        """Add a reader: the event is set whenever there is something new to read; `close` it in a finally."""
        reader = asyncio.Event()
        self._readers.add(reader)
        return reader

    def close(self, reader: asyncio.Event) -> None:
        """Forget a reader."""
        self._readers.discard(reader)

    def count(self) -> int:
        """How many readers there are."""
        return len(self._readers)

    async def _follow(self) -> None:
        while not self.stopping:
            try:
                await asyncio.wait_for(self._nudged.wait(), self._seconds)
            except TimeoutError:
                if not self._readers and not self._hub.total():
                    continue
            self._nudged.clear()
            try:
                await self._look()
            except Exception as error:
                # A locked database must not end it: the changes are still there at the next look.
                self._logger.error("desk.tail_failed", kind=type(error).__name__, exc_info=error)

    async def _look(self) -> None:
        found = await self._log.run(changes_after, self._last)
        for change in found:
            self._last = change.number
            self._tell_customers(change)
        if found:
            for reader in self._readers:
                reader.set()

    def _tell_customers(self, change: Change) -> None:
        if change.conversation is None:
            return
        if change.kind in ("message", "conversation"):
            self._hub.messages(change.conversation)
        elif change.kind == "typing" and change.data.get("who") == "staff":
            self._bubble(change.conversation, change.data)

    def _bubble(self, conversation: str, data: dict[str, Any]) -> None:
        before = self._bubbles.pop(conversation, None)
        if before is not None:
            before.cancel()
        on = bool(data.get("typing"))
        self._hub.typing(conversation, on)
        if on:
            loop = asyncio.get_running_loop()
            self._bubbles[conversation] = loop.call_later(TYPING_SECONDS, self._burst, conversation)

    def _burst(self, conversation: str) -> None:
        self._bubbles.pop(conversation, None)
        self._hub.typing(conversation, False)
