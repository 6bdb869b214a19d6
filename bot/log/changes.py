"""Numbers what changes, so that whoever looks on can ask for everything since the last number and misses nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from bot.log.tables import change_counter, changes


@dataclass(frozen=True)
class Change:
    """One change: what kind of thing, and of which conversation (none for the staff themselves)."""

    number: int
    kind: str
    conversation: str | None
    data: dict[str, Any]


def note_change(
    connection: Connection, kind: str, conversation: str | None, now: datetime, data: dict[str, Any] | None = None
) -> int:
    """Note a change in the transaction that makes it, and return its number.

    The counter's row stays locked until that transaction ends: a number is never visible before a lower one. So take
    locks of conversations before, never after.

    Args:
        connection: The transaction.
        kind: message, delivery, conversation, queue, typing or presence.
        conversation: Whose.
        now: When.
        data: Small facts without anything a person typed.
    """
    counted = update(change_counter).values(number=change_counter.c.number + 1).returning(change_counter.c.number)
    number = int(connection.execute(counted).scalar_one())
    connection.execute(
        insert(changes).values(number=number, kind=kind, conversation=conversation, at=now, data=data or {})
    )
    return number


def head(connection: Connection) -> int:
    """The number of the last change."""
    return int(connection.execute(select(change_counter.c.number)).scalar_one())


def oldest(connection: Connection) -> int:
    """The lowest number that is still kept; one more than the head when there is none."""
    found = connection.execute(select(func.min(changes.c.number))).scalar_one()
    return head(connection) + 1 if found is None else int(found)


def changes_after(connection: Connection, after: int, limit: int = 500) -> list[Change]:
    """What changed after number `after`, in order."""
    query = select(changes).where(changes.c.number > after).order_by(changes.c.number).limit(limit)
    return list(_read(connection.execute(query).mappings()))


def forget_changes(connection: Connection, before: datetime) -> int:
    """Delete changes older than `before`; returns how many."""
    return int(connection.execute(delete(changes).where(changes.c.at < before)).rowcount)


def _read(rows: Any) -> Iterator[Change]:
    for row in rows:
        yield Change(row["number"], row["kind"], row["conversation"], row["data"] or {})
