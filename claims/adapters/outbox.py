"""Keeps what is still to be told to the outside world, written in the transaction that makes it true."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, insert, select, update

from claims.adapters.tables import outbox as table

MAIL, EVENT = "mail", "event"
# How many are looked at for one that no other process takes at the same moment.
_LOOKED_AT = 20


@dataclass(frozen=True)
class Message:
    """One mail or event.

    Attributes:
        kind: mail or event.
        key: What it tells; the same key is told once. Keys that only differ in their last part are told in order.
        body: All that is needed to send it; emptied when it is sent.
        attempts: How often sending it was begun.
        next_at: When it is due, or, while it is being sent, when somebody else may take it over.
    """

    id: str
    kind: str
    key: str
    body: dict[str, Any]
    created_at: datetime
    attempts: int
    next_at: datetime


class Outbox:
    """Writes and reads what is to be sent.

    Attributes:
        filled: Something was put in.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.filled = False

    def put(self, message_id: str, kind: str, key: str, body: dict[str, Any], now: datetime) -> bool:
        """Store a message to be sent from `now` on; False when the same key is there already."""
        if self._connection.execute(select(table.c.id).where(table.c.key == key)).one_or_none() is not None:
            return False
        stream = key.rpartition(":")[0] or key
        values = {"id": message_id, "kind": kind, "key": key, "body": body, "created_at": now, "next_at": now}
        self._connection.execute(insert(table).values(**values, stream=stream, attempts=0))
        self.filled = True
        return True

    def take(self, kind: str, now: datetime, until: datetime) -> Message | None:
        """Take the message that is due the longest, unless one before it in its stream still waits.

        Args:
            kind: mail or event.
            now: When it is due.
            until: Until then nobody else takes it: who takes it has to be done by then.
        """
        for row in self._connection.execute(_due(kind, now)).mappings().all():
            found = Message(**row)
            # Compare and set: a process that looked at the same moment counted the attempt before us.
            change = update(table).where(_still(found)).values(attempts=found.attempts + 1, next_at=until)
            if self._connection.execute(change).rowcount == 1:
                return replace(found, attempts=found.attempts + 1, next_at=until)
        return None

    def sent(self, message: Message, now: datetime) -> None:
        """Note that a message has left; what it said, and to whom, is not kept."""
        mine = and_(table.c.id == message.id, table.c.sent_at.is_(None))
        values: dict[str, Any] = {"sent_at": now, "failed_at": None, "error": None, "body": {}}
        self._connection.execute(update(table).where(mine).values(values))

    def retry(self, message: Message, next_at: datetime, error: str) -> None:
        """Put a message off until `next_at`."""
        self._connection.execute(update(table).where(_still(message)).values(next_at=next_at, error=error))

    def give_up(self, message: Message, now: datetime, error: str) -> None:
        """Keep a message that will not be sent, for a person to look at."""
        self._connection.execute(update(table).where(_still(message)).values(failed_at=now, error=error))


def _waiting() -> ColumnElement[bool]:
    return and_(table.c.sent_at.is_(None), table.c.failed_at.is_(None))


def _still(message: Message) -> ColumnElement[bool]:
    """Nobody sent it or took it over since."""
    return and_(table.c.id == message.id, table.c.attempts == message.attempts, _waiting())


def _due(kind: str, now: datetime) -> Select[Any]:
    """The first that waits in each stream, where it is due.

    The last part of a key is a number: 9 is shorter than 10, and so comes first. All that wait are read in one pass:
    asking of each whether another waits before it takes seconds after a day without a mail server.
    """
    columns = [table.c[name] for name in Message.__dataclass_fields__]
    order = (func.length(table.c.key), table.c.key)
    place = func.row_number().over(partition_by=table.c.stream, order_by=order).label("place")
    waiting = select(*columns, place).where(_waiting(), table.c.kind == kind).subquery()
    due = select(*(waiting.c[column.name] for column in columns)).where(waiting.c.place == 1, waiting.c.next_at <= now)
    return due.order_by(waiting.c.next_at, waiting.c.created_at).limit(_LOOKED_AT)
