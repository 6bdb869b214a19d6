"""Where a conversation stands: who has it, who waits, what the desk knows of it; and what happened to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from bot.desk.tables import desk_events, desk_states
from bot.log.changes import note_change
from bot.log.model import UnknownConversation
from bot.log.tables import conversations

BOT, WAITING, HUMAN = "bot", "waiting", "human"
# The most urgent first.
PRIORITIES = ("urgent", "high", "normal", "low")

_OF_LOG = (
    *("id", "channel", "language", "mode", "epoch", "owner", "owner_name", "priority", "waiting_since"),
    *("last_at", "rating", "rating_reason", "created_at", "next_seq", "page", "read_seq"),
)
_OF_DESK = (
    *("reason", "tags", "taken_at", "staff_at", "closed_at", "seen_seq", "told_noted", "told_long", "level"),
    *("asked_contact", "knows"),
)


@dataclass(frozen=True)
class Standing:
    """A conversation with what the log and the desk know of it."""

    id: str
    channel: str
    language: str
    mode: str
    epoch: int
    owner: str | None
    owner_name: str | None
    priority: str | None
    waiting_since: datetime | None
    last_at: datetime
    rating: int | None
    created_at: datetime
    next_seq: int
    rating_reason: str | None = None
    page: str | None = None
    read_seq: int = 0
    reason: str | None = None
    tags: list[str] | None = None
    taken_at: datetime | None = None
    staff_at: datetime | None = None
    closed_at: datetime | None = None
    seen_seq: int = 0
    told_noted: bool = False
    told_long: bool = False
    level: str | None = None
    asked_contact: str | None = None
    knows: dict[str, Any] | None = None


def standing(connection: Connection, conversation: str, *, lock: bool = False) -> Standing:
    """Read where a conversation stands; with `lock` nobody else can change it until the transaction ends.

    Raises:
        UnknownConversation: There is none.
    """
    query = select(*(conversations.c[name] for name in _OF_LOG)).where(conversations.c.id == conversation)
    row = connection.execute(query.with_for_update() if lock else query).mappings().one_or_none()
    if row is None:
        raise UnknownConversation(conversation)
    more = select(*(desk_states.c[name] for name in _OF_DESK)).where(desk_states.c.conversation == conversation)
    return Standing(**row, **(connection.execute(more).mappings().one_or_none() or {}))


def note(connection: Connection, conversation: str, **columns: Any) -> None:
    """Write columns of the desk's row of a locked conversation, which is made if there is none."""
    statement = update(desk_states).where(desk_states.c.conversation == conversation).values(columns)
    if connection.execute(statement).rowcount == 0:
        connection.execute(insert(desk_states).values(conversation=conversation, **columns))


def record(
    connection: Connection,
    conversation: str,
    kind: str,
    now: datetime,
    *,
    username: str | None = None,
    name: str | None = None,
    **data: Any,
) -> None:
    """Put down what happened, and tell whoever looks on: of the conversation, and of the queue."""
    row = {"conversation": conversation, "kind": kind, "username": username, "name": name, "data": data, "at": now}
    connection.execute(insert(desk_events).values(row))
    note_change(connection, "conversation", conversation, now, {"what": kind})
    note_change(connection, "queue", conversation, now)


def more_urgent(one: str | None, other: str | None) -> str:
    """The more urgent of two priorities; one that is not known counts as normal."""
    ranks = [PRIORITIES.index(each) if each in PRIORITIES else 2 for each in (one, other)]
    return PRIORITIES[min(ranks)]
