"""The few statements every writer of the log shares: lock a conversation, number a message, add it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from bot.log.changes import note_change
from bot.log.model import Conversation, Says, UnknownConversation
from bot.log.tables import conversations, messages


def lock(connection: Connection, conversation: str) -> Conversation:
    """Read a conversation and hold its row until the transaction ends.

    Everything that depends on the mode or the epoch, or takes a seq, does it under this lock, so a takeover comes
    either before or after it. SQLite ignores FOR UPDATE: there the transaction itself is the lock.

    Raises:
        UnknownConversation: There is none.
    """
    found = find(connection, conversation, for_update=True)
    if found is None:
        raise UnknownConversation(conversation)
    return found


def find(connection: Connection, conversation: str, *, for_update: bool = False) -> Conversation | None:
    """Read a conversation, if there is one."""
    columns = (conversations.c[name] for name in ("id", "channel", "language", "mode", "epoch"))
    query = select(*columns).where(conversations.c.id == conversation)
    row = connection.execute(query.with_for_update() if for_update else query).one_or_none()
    return None if row is None else Conversation(*row)


def take_seq(connection: Connection, conversation: str, now: datetime) -> int:
    """Take the next number of a locked conversation."""
    statement = (
        update(conversations)
        .where(conversations.c.id == conversation)
        .values(next_seq=conversations.c.next_seq + 1, last_at=now)
        .returning(conversations.c.next_seq)
    )
    seq = int(connection.execute(statement).scalar_one()) - 1
    note_change(connection, "message", conversation, now, {"seq": seq})
    return seq


def add_outbound(
    connection: Connection, conversation: str, author: str, says: Says, now: datetime, **columns: Any
) -> int:
    """Add a message the customer sees to a locked conversation and return its seq."""
    seq = take_seq(connection, conversation, now)
    add_row(connection, conversation, author, says, now, seq=seq, **columns)
    return seq


def add_row(connection: Connection, conversation: str, author: str, says: Says, now: datetime, **columns: Any) -> None:
    """Add an outbound row; without a `seq` the customer does not see it."""
    row = {
        "conversation": conversation,
        "author": author,
        # PostgreSQL refuses NUL in text.
        "text": says.text.replace("\x00", ""),
        "buttons": says.buttons,
        "card": says.card,
        "progress": says.progress,
        "at": now,
        "direction": "out",
    }
    connection.execute(insert(messages).values(row | columns))
