"""The tables, as SQLAlchemy sees them; the migrations make the same ones."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """A moment in UTC: SQLite forgets the zone, so it is put back when read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Read UTC."""
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _policy_key(*, primary: bool = False) -> Column[str]:
    return Column(
        "policy_reference",
        String(20),
        ForeignKey("policies.reference", ondelete="CASCADE"),
        primary_key=primary,
        nullable=False,
        index=not primary,
    )


policies = Table(
    "policies",
    metadata,
    Column("reference", String(20), primary_key=True),
    Column("email", String(254), nullable=False),
    Column("language", String(2), nullable=False),
    Column("terms", String(20), nullable=False),
    Column("confirmed_on", Date),
    Column("first_invoice_paid_on", Date),
    Column("end_date", Date),
)

insured_persons = Table(
    "insured_persons",
    metadata,
    Column("id", String(64), primary_key=True),
    _policy_key(),
    Column("position", Integer, nullable=False),
    Column("first_name", String(100), nullable=False),
    Column("last_name", String(100), nullable=False),
    Column("date_of_birth", Date, nullable=False),
    Column("relation", String(20), nullable=False),
    Column("family", Boolean, nullable=False),
)

past_claims = Table(
    "past_claims",
    metadata,
    Column("id", String(64), primary_key=True),
    _policy_key(),
    Column("incident", String(40), nullable=False),
    Column("incident_date", Date, nullable=False),
    Column("status", String(20), nullable=False),
    # Whole cents: SQLite has no decimals, and a float is no money.
    Column("approved_cents", Integer, nullable=False),
)

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
    Index("ix_identity_challenges_policy_reference_created_at", "policy_reference", "created_at"),
)

drafts = Table(
    "drafts",
    metadata,
    Column("id", String(64), primary_key=True),
    _policy_key(),
    Column("incident", String(40), nullable=False),
    Column("conversation", String(100), nullable=False),
    Column("language", String(2), nullable=False),
    Column("status", String(20), nullable=False),
    Column("answers", JSON, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
)

claims = Table(
    "claims",
    metadata,
    Column("reference", String(20), primary_key=True),
    # Unique: whatever happens around it, one draft becomes one claim.
    Column("draft_id", String(64), ForeignKey("drafts.id"), nullable=False),
    _policy_key(),
    Column("incident", String(40), nullable=False),
    Column("conversation", String(100), nullable=False),
    Column("language", String(2), nullable=False),
    Column("status", String(20), nullable=False),
    Column("submitted_at", Moment, nullable=False),
    Column("answers", JSON, nullable=False),
    Column("finding", JSON, nullable=False),
    UniqueConstraint("draft_id"),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    _policy_key(primary=True),
    Column("key", String(200), primary_key=True),
    Column("body_hash", String(64), nullable=False),
    # The id of the draft or the reference of the claim that the first request made.
    Column("made", String(64), nullable=False),
    Column("created_at", Moment, nullable=False),
)
