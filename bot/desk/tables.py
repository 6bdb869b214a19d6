"""The tables only the desk needs; who has a conversation, and since when it waits, stands in the log."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from bot.log.tables import Json, RowId, UtcDateTime, metadata


def _of_conversation(*, key: bool = False) -> Column[str]:
    reference = ForeignKey("conversations.id", ondelete="CASCADE")
    return Column("conversation", String(128), reference, primary_key=key, nullable=False)


# What the desk knows of a conversation besides the log. A conversation has a row from the first time it is needed.
desk_states = Table(
    "desk_states",
    metadata,
    _of_conversation(key=True),
    # Why a person is needed, as the engine named it last.
    Column("reason", String(64)),
    Column("tags", Json),
    Column("taken_at", UtcDateTime),
    # When its owner last did something in it.
    Column("staff_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    # Up to which message staff have seen it.
    Column("seen_seq", Integer, nullable=False, server_default="0"),
    # What the customer was told already while waiting: that it is read along, that it takes long.
    Column("told_noted", Boolean, nullable=False, server_default=text("false")),
    Column("told_long", Boolean, nullable=False, server_default=text("false")),
    # The service level it was last seen at: ok, warning, breach.
    Column("level", String(8)),
    # The customer was asked for a telephone number (phone) or an address (mail).
    Column("asked_contact", String(8)),
    # What the assistant knows: incident, answers, open question. The latest turn says it.
    Column("knows", Json),
)

desk_notes = Table(
    "desk_notes",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    _of_conversation(),
    Column("username", String(64), nullable=False),
    Column("name", String(80), nullable=False),
    Column("text", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_desk_notes_conversation", "conversation"),
)

# What happened to a conversation: queued, taken, released, returned, assigned, left, closed, ...
desk_events = Table(
    "desk_events",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    _of_conversation(),
    Column("kind", String(16), nullable=False),
    Column("username", String(64)),
    Column("name", String(80)),
    Column("data", Json),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_desk_events_conversation", "conversation"),
    Index("ix_desk_events_at", "at"),
)

desk_drafts = Table(
    "desk_drafts",
    metadata,
    _of_conversation(key=True),
    Column("username", String(64), primary_key=True),
    Column("text", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

desk_callbacks = Table(
    "desk_callbacks",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    _of_conversation(),
    Column("kind", String(8), nullable=False),
    # What the customer wrote, or a member of staff noted: a number, an address, when.
    Column("contact", Text, nullable=False),
    Column("due_at", UtcDateTime),
    Column("done_at", UtcDateTime),
    Column("done_by", String(64)),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_desk_callbacks_conversation", "conversation"),
)

desk_presence = Table(
    "desk_presence",
    metadata,
    Column("username", String(64), primary_key=True),
    Column("name", String(80), nullable=False),
    Column("role", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
)

desk_feedback = Table(
    "desk_feedback",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("message", RowId, ForeignKey("messages.id", ondelete="CASCADE"), nullable=False),
    Column("intent", String(64), nullable=False),
    Column("username", String(64), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    UniqueConstraint("message", name="uq_desk_feedback_message"),
)

desk_audit = Table(
    "desk_audit",
    metadata,
    # Numbered by us, without gaps: a missing number is a removed entry.
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String(100), nullable=False),
    Column("action", String(40), nullable=False),
    Column("subject", String(160), nullable=False),
    Column("details", Json, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index("ix_desk_audit_subject", "subject"),
)
