"""The tables only messengers need: what is to be sent and how far it came, and where each conversation stands."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from bot.log.tables import Json, RowId, UtcDateTime, metadata

# A row for each part of a message: `waiting` -> `sending` (perhaps it went out, perhaps not) -> `sent` -> `delivered`
# -> `read`, or `failed` (`error` says why). `held` waits until the customer writes again.
deliveries = Table(
    "deliveries",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("conversation", String(128), ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("part", Integer, nullable=False),
    Column("author", String(8), nullable=False),
    # Goes out with the message and comes back with its echo or status.
    Column("key", String(40), nullable=False),
    Column("body", Json),
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_at", UtcDateTime, nullable=False),
    Column("platform_id", String(255)),
    Column("error", String(64)),
    Column("at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("failed_at", UtcDateTime),
    UniqueConstraint("conversation", "seq", "part", name="uq_deliveries_part"),
    UniqueConstraint("key", name="uq_deliveries_key"),
    Index("ix_deliveries_state", "state", "next_at"),
    Index("ix_deliveries_conversation", "conversation", "id"),
    Index("ix_deliveries_platform_id", "platform_id"),
)

threads = Table(
    "messenger_threads",
    metadata,
    Column("conversation", String(128), ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    # Up to which message everything has its deliveries.
    Column("rendered_seq", Integer, nullable=False, server_default="0"),
    # The choices that were last offered as numbered text: [{"payload", "title"}].
    Column("numbered", Json),
)

# Batches of events between Meta's 200 and the log: a row lives for a moment.
arrivals = Table(
    "messenger_arrivals",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("events", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
