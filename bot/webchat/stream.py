"""A conversation as a stream of events: first what the log has, then what happens."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from bot.hub import Signal, Stream
from bot.log.reads import messages_after
from bot.parts import Parts
from bot.webchat import wire
from bot.webchat.agent import Standing, read_standing

RETRY_MILLISECONDS = 3_000
PAGE = 100

Send = Callable[[str], Awaitable[None]]


async def follow(parts: Parts, conversation: str, after: int, stream: Stream, send: Send) -> None:
    """Send everything with a seq above `after`, and go on until the stream is closed.

    The stream was opened before the log is read, and a signal only says "read on", so nothing can fall between the
    replay and what comes live, nor be sent twice.
    """
    reader = _Reader(parts, conversation, after, send)
    await send(wire.opening(RETRY_MILLISECONDS))
    await reader.read_on()
    # A client that lost its connection in the middle of a turn may still show a bubble.
    await send(wire.typing_event(parts.hub.is_typing(conversation)))
    while (signal := await stream.next(parts.settings.heartbeat_seconds)) is not Signal.CLOSE:
        if signal is None:
            await send(wire.HEARTBEAT)
            await reader.queue_moved()
        elif signal is Signal.MESSAGES:
            await reader.read_on()
        else:
            await send(wire.typing_event(signal is Signal.TYPING))


async def standing_of(parts: Parts, conversation: str, seq: int) -> Standing:
    """Who answers now, and the files of messages up to a number."""
    each = parts.settings.desk_minutes_each
    return await parts.log.run(read_standing, conversation, seq, parts.log.clock(), each)


class _Reader:
    """What one client has been told."""

    def __init__(self, parts: Parts, conversation: str, after: int, send: Send) -> None:
        self._parts, self._conversation, self._after, self._send = parts, conversation, after, send
        self._agent: dict[str, Any] | None = None
        self._files: dict[str, str] = {}

    async def read_on(self) -> None:
        """Tell what is new in the log, who answers if that changed, and files whose state changed."""
        await self._replay()
        standing = await standing_of(self._parts, self._conversation, self._after)
        await self._tell_agent(standing)
        for file in standing.files:
            if self._files.get(file.id) != file.state:
                self._files[file.id] = file.state
                await self._send(wire.attachment_event(file))

    async def queue_moved(self) -> None:
        """Others leave the queue without a word in this conversation."""
        if self._agent and self._agent["mode"] == "waiting":
            await self._tell_agent(await standing_of(self._parts, self._conversation, 0))

    async def _tell_agent(self, standing: Standing) -> None:
        if standing.agent != self._agent:
            self._agent = standing.agent
            await self._send(wire.agent_event(standing.agent))

    async def _replay(self) -> None:
        while True:
            page = await self._parts.log.run(messages_after, self._conversation, self._after, PAGE)
            for message in page:
                await self._send(wire.message_event(message))
                self._after = message.seq
                self._files |= {file["id"]: file["state"] for file in message.attachments}
            if len(page) < PAGE:
                return
