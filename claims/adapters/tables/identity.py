"""One-time codes that were asked for, and identity tokens that were used."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, String, Table

from claims.adapters.tables.base import Moment, metadata

identity_challenges = Table(
    "identity_challenges",
    metadata,
    Column("id", String(64), primary_key=True),
    # No foreign key: a code can be asked for a policy that does not exist, and that must not show.
    Column("policy_reference", String(20), nullable=False),
    Column("code_hash", String(64), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("matched", Boolean, nullable=False),
    Column("used", Boolean, nullable=False),
    # A keyed hash of the mail address the code went to, to count what one address was sent.
    Column("address_hash", String(64), index=True),
    Index("ix_identity_challenges_policy_reference_created_at", "policy_reference", "created_at"),
)

used_identity_tokens = Table(
    "used_identity_tokens",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("expires_at", Moment, nullable=False),
)
