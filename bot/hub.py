"""Tells open event streams that something happened; the log stays the only place where messages are.

The hub lives in one process. What other processes of the bot write, it hears of through `bot.desk.tail`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from enum import Enum


class Signal(Enum):
    """What a stream can be told."""

    MESSAGES = "messages"
    TYPING = "typing"
    IDLE = "idle"
    CLOSE = "close"


class Stream:
    """One open event stream of a conversation and the signals it has not read yet."""

    def __init__(self, backlog: int = 256) -> None:
        self._signals: asyncio.Queue[Signal] = asyncio.Queue()
        self._backlog = backlog

    def put(self, signal: Signal) -> None:
        """Add a signal; a reader that falls far behind is closed, and will catch up from the log."""
        if self._signals.qsize() < self._backlog:
            self._signals.put_nowait(signal)
        elif self._signals.qsize() == self._backlog:
            self._signals.put_nowait(Signal.CLOSE)

    async def next(self, seconds: float) -> Signal | None:
        """The next signal, or None when `seconds` have passed."""
        try:
            return await asyncio.wait_for(self._signals.get(), seconds)
        except TimeoutError:
            return None


class Hub:
    """The open streams and the running turns of every conversation."""

    def __init__(self) -> None:
        self._streams: dict[str, set[Stream]] = {}
        self._typing: set[str] = set()
        # Whoever else wants to know that there is something new in the log.
        self.on_messages: Callable[[], None] = lambda: None
        # Whoever brings messages to a place outside, and shows there that a turn runs.
        self.on_signal: Callable[[str, Signal], None] = lambda conversation, signal: None

    def open(self, conversation: str) -> Stream:
        """Add a stream; `close` it in a finally."""
        stream = Stream()
        self._streams.setdefault(conversation, set()).add(stream)
        return stream

    def close(self, conversation: str, stream: Stream) -> None:
        """Forget a stream."""
        streams = self._streams.get(conversation, set())
        streams.discard(stream)
        if not streams:
            self._streams.pop(conversation, None)

    def count(self, conversation: str) -> int:
        """How many streams the conversation holds open."""
        return len(self._streams.get(conversation, ()))

    def total(self) -> int:
        """How many streams are open."""
        return sum(map(len, self._streams.values()))

    def messages(self, conversation: str) -> None:
        """There is something new in the log."""
        self.on_messages()
        self._tell(conversation, Signal.MESSAGES)

    def typing(self, conversation: str, on: bool) -> None:
        """A turn began or ended. The end is always told, so that no bubble stays."""
        (self._typing.add if on else self._typing.discard)(conversation)
        self._tell(conversation, Signal.TYPING if on else Signal.IDLE)

    def is_typing(self, conversation: str) -> bool:
        """Whether a turn is running."""
        return conversation in self._typing

    async def quiet(self, conversation: str, seconds: float) -> None:
        """Wait until no turn runs, or `seconds` have passed: news comes after the answer, not in the middle of it."""
        stream = self.open(conversation)
        try:
            async with asyncio.timeout(seconds):
                while self.is_typing(conversation):
                    await stream.next(seconds)
        except TimeoutError:
            pass
        finally:
            self.close(conversation, stream)

    def close_all(self) -> None:
        """End every stream, so that the service can stop."""
        for conversation in list(self._streams):
            self._tell(conversation, Signal.CLOSE)

    def _tell(self, conversation: str, signal: Signal) -> None:
        self.on_signal(conversation, signal)
        for stream in self._streams.get(conversation, ()):
            stream.put(signal)
