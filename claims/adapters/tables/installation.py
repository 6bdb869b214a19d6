"""Which database this is, so that the store of evidence can tell it from another."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table

from claims.adapters.tables.base import metadata

installation = Table(
    "installation",
    metadata,
    # Always 1: there is one row.
    Column("number", Integer, primary_key=True, autoincrement=False),
    # Made at random at first use, never changed.
    Column("database_id", String(64), nullable=False),
)
