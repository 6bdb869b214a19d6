"""One conversation as the console shows it: all that was said, drafts, notes and what happened, in one line of time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, or_, select

from bot.desk.listing import last_inbound_at
from bot.desk.state import Standing, standing
from bot.desk.tables import desk_callbacks, desk_drafts, desk_events, desk_feedback, desk_notes
from bot.log.tables import handover_requests, messages
from bot.meta.outcomes import delivery_states

# Row limits: what a screen can show, and nobody carries off a whole history with one call.
MOST_MESSAGES, MOST_BESIDES = 500, 200
_CLAIM = re.compile(r"\bCC-\d{4}-[A-Z0-9]{6}\b")
_TO_CUSTOMER = ("bot", "system", "staff")


@dataclass(frozen=True)
class Opened:
    """Everything about one conversation."""

    standing: Standing
    messages: list[dict[str, Any]]
    notes: list[dict[str, Any]]
    events: list[dict[str, Any]]
    handovers: list[dict[str, Any]]
    callbacks: list[dict[str, Any]]
    draft: str
    claims: list[str]
    last_inbound: datetime | None
    states: dict[int, tuple[str, str | None]]


def open_up(connection: Connection, conversation: str, username: str) -> Opened:
    """Read a conversation.

    Raises:
        UnknownConversation: There is none.
    """
    found = standing(connection, conversation)
    said = _messages(connection, conversation)
    return Opened(
        found,
        said,
        _rows(connection, desk_notes, conversation),
        _rows(connection, desk_events, conversation),
        _rows(connection, handover_requests, conversation),
        _rows(connection, desk_callbacks, conversation),
        draft_of(connection, conversation, username),
        claims_in(said),
        last_inbound_at(connection, conversation),
        _states(connection, found, said),
    )


def draft_of(connection: Connection, conversation: str, username: str) -> str:
    """What a member of staff began to write."""
    query = select(desk_drafts.c.text).where(
        desk_drafts.c.conversation == conversation, desk_drafts.c.username == username
    )
    return str(connection.execute(query).scalar_one_or_none() or "")


def claims_in(said: list[dict[str, Any]]) -> list[str]:
    """The claims of a conversation, the last named first: those we named, not those a customer typed."""
    found: dict[str, None] = {}
    for message in reversed(said):
        if message["author"] in _TO_CUSTOMER and not message["draft"]:
            found |= dict.fromkeys(_CLAIM.findall(message["text"]))
    return list(found)


def claims_of(connection: Connection, conversation: str) -> list[str]:
    """The claims a conversation names."""
    query = (
        select(messages.c.author, messages.c.draft, messages.c.text)
        .where(messages.c.conversation == conversation, messages.c.text.contains("CC-"))
        .order_by(messages.c.id)
    )
    return claims_in([dict(row) for row in connection.execute(query).mappings()])


def _messages(connection: Connection, conversation: str) -> list[dict[str, Any]]:
    query = (
        select(messages, desk_feedback.c.intent.label("feedback"))
        .outerjoin(desk_feedback, desk_feedback.c.message == messages.c.id)
        # Hidden turns have neither a number nor are they drafts.
        .where(messages.c.conversation == conversation, or_(messages.c.seq.is_not(None), messages.c.draft))
        .order_by(messages.c.id.desc())
        .limit(MOST_MESSAGES)
    )
    return [dict(row) for row in connection.execute(query).mappings()][::-1]


def _states(connection: Connection, found: Standing, said: list[dict[str, Any]]) -> dict[int, tuple[str, str | None]]:
    """How far the messages came that are shown; the website needs none."""
    first = next((row["seq"] for row in said if row["seq"] is not None), None)
    if found.channel == "web" or first is None:
        return {}
    return delivery_states(connection, found.id, first)


def _rows(connection: Connection, table: Any, conversation: str) -> list[dict[str, Any]]:
    query = select(table).where(table.c.conversation == conversation).order_by(table.c.id.desc()).limit(MOST_BESIDES)
    return [dict(row) for row in connection.execute(query).mappings()][::-1]
