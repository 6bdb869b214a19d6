"""What is still to be told to the outside world."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, Integer, String, Table, text

from claims.adapters.tables.base import Moment, metadata

# Nearly every row is sent; only those that are not are looked at every second.
_WAITING = text("sent_at IS NULL AND failed_at IS NULL")

outbox = Table(
    "outbox",
    metadata,
    Column("id", String(64), primary_key=True),
    # mail or event.
    Column("kind", String(10), nullable=False),
    # What it tells, for example `mail:CC-2026-7K4M2P:3`: the same thing is told once.
    Column("key", String(120), nullable=False, unique=True),
    # What is told in order: `mail:CC-2026-7K4M2P` for all mails about one claim.
    Column("stream", String(120), nullable=False),
    Column("body", JSON, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Moment, nullable=False),
    Column("sent_at", Moment),
    # Given up after too many attempts; a person has to look.
    Column("failed_at", Moment),
    Column("error", String(100)),
    Index("ix_outbox_waiting", "stream", "next_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
)
