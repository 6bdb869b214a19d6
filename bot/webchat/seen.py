"""Up to where the customer has read: the widget says so, and staff who wrote to them see it."""

from __future__ import annotations

from datetime import datetime

from sanic import HTTPResponse, Request
from sanic.response import empty
from sqlalchemy import Connection, select, update

from bot.log.changes import note_change
from bot.log.tables import conversations, messages
from bot.parts import parts_of
from bot.webchat import rules
from bot.webchat.session import check_origin, require_session


async def seen(request: Request) -> HTTPResponse:
    """Take note of how far the customer has read; too often, and it is passed over: the next message says it again."""
    check_origin(request)
    parts, conversation = parts_of(request), await require_session(request)
    seq = rules.read_body(request.body, rules.Seen).seq
    # As often as signs of typing may come, and beside them.
    allowed = parts.typing_limit.take(f"seen:{conversation.id}") == 0
    if allowed and await parts.log.run(mark_read, conversation.id, seq, parts.log.clock()):
        parts.hub.on_messages()
    return empty()


def mark_read(connection: Connection, conversation: str, seq: int, now: datetime) -> bool:
    """Remember up to where the customer has read; it never goes back, nor beyond what was said.

    Returns:
        Whether a message of staff is read now that was not before. Only then the desk is told: it shows no other.
    """
    columns = (conversations.c.next_seq, conversations.c.read_seq)
    row = connection.execute(select(*columns).where(conversations.c.id == conversation)).one()
    reached = min(seq, row.next_seq - 1)
    if reached <= row.read_seq:
        return False
    behind = (conversations.c.id == conversation, conversations.c.read_seq < reached)
    statement = update(conversations).where(*behind).values(read_seq=reached, read_at=now)
    if connection.execute(statement).rowcount == 0 or not _of_staff(connection, conversation, row.read_seq, reached):
        return False
    note_change(connection, "delivery", conversation, now, {"seq": reached, "state": "read"})
    return True


def _of_staff(connection: Connection, conversation: str, after: int, until: int) -> bool:
    """Whether staff said something in this stretch."""
    said = (messages.c.conversation == conversation, messages.c.seq > after, messages.c.seq <= until)
    query = select(messages.c.id).where(*said, messages.c.author == "staff").limit(1)
    return connection.execute(query).one_or_none() is not None
