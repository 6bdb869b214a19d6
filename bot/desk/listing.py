"""Finds conversations for the console: by view, language, channel, priority and words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, exists, func, or_, select

from bot.desk.delivery import undelivered
from bot.desk.state import HUMAN, PRIORITIES, WAITING
from bot.desk.tables import desk_states
from bot.log.tables import conversations, messages

VIEWS = ("waiting", "mine", "all", "closed")
LIMIT = 50
LONGEST_SEARCH = 100


@dataclass(frozen=True)
class Wanted:
    """What a list is to hold; `after` is how many were shown already."""

    view: str = "waiting"
    language: str = ""
    channel: str = ""
    priority: str = ""
    q: str = ""
    after: int = 0


@dataclass(frozen=True)
class Spoken:
    """Who spoke, what and when: the customer's last words, or only who spoke when the customer never did."""

    by: str
    at: datetime
    text: str = ""
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """A conversation of a list.

    Attributes:
        row: What the tables say of it.
        last: What was said last.
        last_inbound: When the customer wrote last.
        unread: How many of their messages nobody of the staff has seen.
        undelivered: Why something did not reach them, if something did not.
    """

    row: dict[str, Any]
    last: Spoken | None
    last_inbound: datetime | None
    unread: int
    undelivered: str | None


def find(connection: Connection, wanted: Wanted, username: str) -> tuple[list[Found], int | None]:
    """One part of a list, and the `after` of the next one."""
    query = _query(wanted, username).offset(wanted.after).limit(LIMIT + 1)
    rows = [dict(row) for row in connection.execute(query).mappings()]
    following = wanted.after + LIMIT if len(rows) > LIMIT else None
    return [_found(connection, row) for row in rows[:LIMIT]], following


def counts(connection: Connection, username: str) -> dict[str, int]:
    """How many wait, how many this member of staff has, how many people have altogether."""
    mine = and_(conversations.c.mode == HUMAN, conversations.c.owner == username)
    query = select(
        func.count().filter(conversations.c.mode == WAITING),
        func.count().filter(mine),
        func.count().filter(conversations.c.mode == HUMAN),
    )
    waiting, own, human = connection.execute(query).one()
    return {"waiting": int(waiting), "mine": int(own), "human": int(human)}


def last_inbound_at(connection: Connection, conversation: str) -> datetime | None:
    """When the customer wrote last."""
    query = select(messages.c.at).where(_by_customer(conversation)).order_by(messages.c.id.desc()).limit(1)
    return connection.execute(query).scalar_one_or_none()


def _query(wanted: Wanted, username: str) -> Select[Any]:
    joined = conversations.outerjoin(desk_states, desk_states.c.conversation == conversations.c.id)
    columns = [
        *(
            conversations.c[name]
            for name in ("id", "channel", "language", "mode", "epoch", "priority", "waiting_since")
        ),
        *(conversations.c[name] for name in ("owner", "owner_name", "last_at")),
        *(desk_states.c[name] for name in ("reason", "tags", "seen_seq", "closed_at", "knows")),
    ]
    query = select(*columns).select_from(joined).where(*_conditions(wanted, username))
    if wanted.view != "waiting":
        return query.order_by(conversations.c.last_at.desc(), conversations.c.id)
    rank = case({name: number for number, name in enumerate(PRIORITIES)}, value=conversations.c.priority, else_=2)
    return query.order_by(rank, conversations.c.waiting_since, conversations.c.id)


def _conditions(wanted: Wanted, username: str) -> list[ColumnElement[bool]]:
    conditions = [_of_view(wanted.view, username)]
    for name in ("language", "channel", "priority"):
        if getattr(wanted, name):
            conditions.append(conversations.c[name] == getattr(wanted, name))
    if wanted.q:
        words = wanted.q[:LONGEST_SEARCH]
        said = exists().where(
            messages.c.conversation == conversations.c.id, messages.c.text.icontains(words, autoescape=True)
        )
        conditions.append(or_(said, conversations.c.id == words))
    return conditions


def _of_view(view: str, username: str) -> ColumnElement[bool]:
    if view == "waiting":
        return conversations.c.mode == WAITING
    if view == "mine":
        return and_(conversations.c.mode == HUMAN, conversations.c.owner == username)
    # Nobody works on a visit without a word, nor on what was closed and not taken up again.
    spoken = exists().where(messages.c.conversation == conversations.c.id, messages.c.author == "customer")
    since = exists().where(
        messages.c.conversation == conversations.c.id,
        messages.c.author == "customer",
        messages.c.at > desk_states.c.closed_at,
    )
    closed = and_(desk_states.c.closed_at.is_not(None), ~since)
    return closed if view == "closed" else and_(spoken, ~closed)


def _found(connection: Connection, row: dict[str, Any]) -> Found:
    seen = row["seen_seq"] or 0
    unread = select(func.count()).select_from(messages).where(_by_customer(row["id"]), messages.c.seq > seen)
    last_inbound = last_inbound_at(connection, row["id"])
    return Found(
        row,
        _last_spoken(connection, row["id"]),
        last_inbound,
        int(connection.execute(unread).scalar_one()),
        None if row["channel"] == "web" else undelivered(connection, row["id"], last_inbound),
    )


def _last_spoken(connection: Connection, conversation: str) -> Spoken | None:
    """The customer's last words or files; who spoke last, without what they said, if the customer never did."""
    columns = (messages.c.author, messages.c.at, messages.c.text, messages.c.attachments)
    theirs = select(*columns).where(_by_customer(conversation)).order_by(messages.c.seq.desc()).limit(1)
    found = connection.execute(theirs).one_or_none()
    if found is not None:
        return Spoken("customer", found.at, found.text, tuple(file["name"] for file in found.attachments or ()))
    shown = (messages.c.conversation == conversation, messages.c.seq.is_not(None))
    anybody = select(*columns[:2]).where(*shown).order_by(messages.c.seq.desc()).limit(1)
    other = connection.execute(anybody).one_or_none()
    return None if other is None else Spoken(other.author, other.at)


def _by_customer(conversation: str) -> ColumnElement[bool]:
    return and_(messages.c.conversation == conversation, messages.c.author == "customer", messages.c.seq.is_not(None))
