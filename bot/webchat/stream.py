"""A conversation as a stream of events: first what the log has, then what happens."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.hub import Signal, Stream
from bot.log.reads import messages_after
from bot.parts import Parts
from bot.webchat import wire

RETRY_MILLISECONDS = 3_000
PAGE = 100

Send = Callable[[str], Awaitable[None]]


async def follow(parts: Parts, conversation: str, after: int, stream: Stream, send: Send) -> None:
    """Send everything with a seq above `after`, and go on until the stream is closed.

    The stream was opened before the log is read, and a signal only says "read on", so nothing can fall between the
    replay and what comes live, nor be sent twice.
    """
    await send(wire.opening(RETRY_MILLISECONDS))
    after = await _replay(parts, conversation, after, send)
    # A client that lost its connection in the middle of a turn may still show a bubble.
    await send(wire.typing_event(parts.hub.is_typing(conversation)))
    while (signal := await stream.next(parts.settings.heartbeat_seconds)) is not Signal.CLOSE:
        if signal is None:
            await send(wire.HEARTBEAT)
        elif signal is Signal.MESSAGES:
            after = await _replay(parts, conversation, after, send)
        else:
            await send(wire.typing_event(signal is Signal.TYPING))


async def _replay(parts: Parts, conversation: str, after: int, send: Send) -> int:
    while True:
        page = await parts.log.run(messages_after, conversation, after, PAGE)
        for message in page:
            await send(wire.message_event(message))
            after = message.seq
        if len(page) < PAGE:
            return after
