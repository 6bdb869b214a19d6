"""The desk's event stream: every change since a number, then what happens; whoever comes back misses nothing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable

from sanic import Request

from bot.desk.desk import Desk
from bot.desk.guard import needs
from bot.desk.members import READ, Member
from bot.desk.sessions import COOKIE
from bot.log.changes import Change, changes_after, head, oldest
from bot.parts import parts_of
from bot.webchat import wire
from common.errors import ApiError, TooMany, Unauthorised

RETRY_MILLISECONDS = 3_000
MOST_STREAMS = 200
PAGE = 200
_DIGITS = 15

Send = Callable[[str], Awaitable[None]]


@needs(READ)
async def events(request: Request, desk: Desk, member: Member) -> None:
    """Changes as server-sent events; the id is the number of the change."""
    if desk.tail.count() >= MOST_STREAMS:
        raise TooMany("too_many_streams", "Too many consoles hold event streams open.")
    after = _position(request.headers.get("last-event-id", "") or request.args.get("after") or "")
    reader = desk.tail.open()
    try:
        response = await request.respond(
            content_type="text/event-stream; charset=utf-8",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )
        cookie = str(request.cookies.get(COOKIE) or "")
        await follow(desk, cookie, after, reader, response.send, parts_of(request).settings.heartbeat_seconds)
        await response.eof()
    finally:
        desk.tail.close(reader)


async def follow(
    desk: Desk, cookie: str, after: int | None, reader: asyncio.Event, send: Send, heartbeat: float
) -> None:
    """Send every change after number `after` (None: from now on), until the session ends or the desk stops.

    The reader was opened before the changes are read, and its event only says "read on", so nothing can fall between.
    """
    await send(wire.opening(RETRY_MILLISECONDS))
    last = await _begin(desk, after, send)
    while not desk.tail.stopping:
        reader.clear()
        last = await _send_changes(desk, last, send)
        try:
            await asyncio.wait_for(reader.wait(), heartbeat)
        except TimeoutError:
            await send(beat(heartbeat))
        try:
            # Whoever was signed out, or lost the right to read, hears no more.
            member = await desk.sessions.member(cookie)
            await desk.sign_of_life(member)
        except Unauthorised:
            await send("event: signed_out\ndata: {}\n\n")
            return
        except ApiError:
            continue


async def _begin(desk: Desk, after: int | None, send: Send) -> int:
    present = await desk.read(head)
    if after is None or after > present:
        await send(_event(present, "hello", {"number": present}))
        return present
    if after < await desk.read(oldest) - 1:
        # What was missed is no longer kept: the console reads everything anew.
        await send(_event(present, "reset", {"number": present}))
        return present
    return after


async def _send_changes(desk: Desk, last: int, send: Send) -> int:
    while True:
        page = await desk.read(changes_after, last, PAGE)
        for change in page:
            await send(change_event(change))
            last = change.number
        if len(page) < PAGE:
            return last


def beat(every: float) -> str:
    """Says that the line is alive, and when it says so again; a comment would not reach the console's code."""
    return f"event: beat\ndata: {json.dumps({'every': every})}\n\n"


def change_event(change: Change) -> str:
    """A change as an event."""
    data = {"conversation": change.conversation, **change.data}
    return _event(change.number, change.kind, data)


def _event(number: int, kind: str, data: dict[str, object]) -> str:
    # json.dumps writes no line ends, so one data line always holds it all.
    return f"id: {number}\nevent: {kind}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


def _position(raw: str) -> int | None:
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) <= _DIGITS else None
