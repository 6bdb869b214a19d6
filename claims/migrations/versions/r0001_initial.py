"""The first tables."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_POLICY = "policies.reference"


def _policy(table: str) -> list[SchemaItem]:
    return [
        sa.Column("policy_reference", sa.String(20), nullable=False),
        sa.ForeignKeyConstraint(
            ["policy_reference"], [_POLICY], name=f"fk_{table}_policy_reference", ondelete="CASCADE"
        ),
    ]


def _moment(name: str) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _text(name: str, length: int, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=nullable)


def _policies() -> None:
    op.create_table(
        "policies",
        _text("reference", 20),
        _text("email", 254),
        _text("language", 2),
        _text("terms", 20),
        sa.Column("confirmed_on", sa.Date()),
        sa.Column("first_invoice_paid_on", sa.Date()),
        sa.Column("end_date", sa.Date()),
        sa.PrimaryKeyConstraint("reference", name="pk_policies"),
    )
    op.create_table(
        "insured_persons",
        _text("id", 64),
        *_policy("insured_persons"),
        sa.Column("position", sa.Integer(), nullable=False),
        _text("first_name", 100),
        _text("last_name", 100),
        sa.Column("date_of_birth", sa.Date(), nullable=False),
        _text("relation", 20),
        sa.Column("family", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_insured_persons"),
    )
    op.create_table(
        "past_claims",
        _text("id", 64),
        *_policy("past_claims"),
        _text("incident", 40),
        sa.Column("incident_date", sa.Date(), nullable=False),
        _text("status", 20),
        sa.Column("approved_cents", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_past_claims"),
    )


def _identity() -> None:
    op.create_table(
        "identity_challenges",
        _text("id", 64),
        _text("policy_reference", 20),
        _text("code_hash", 64),
        _moment("created_at"),
        _moment("expires_at"),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("matched", sa.Boolean(), nullable=False),
        sa.Column("used", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_identity_challenges"),
    )
    op.create_index(
        "ix_identity_challenges_policy_reference_created_at",
        "identity_challenges",
        ["policy_reference", "created_at"],
    )


def _claims() -> None:
    op.create_table(
        "drafts",
        _text("id", 64),
        *_policy("drafts"),
        _text("incident", 40),
        _text("conversation", 100),
        _text("language", 2),
        _text("status", 20),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _moment("created_at"),
        _moment("updated_at"),
        sa.PrimaryKeyConstraint("id", name="pk_drafts"),
    )
    op.create_table(
        "claims",
        _text("reference", 20),
        _text("draft_id", 64),
        *_policy("claims"),
        _text("incident", 40),
        _text("conversation", 100),
        _text("language", 2),
        _text("status", 20),
        _moment("submitted_at"),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("finding", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("reference", name="pk_claims"),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name="fk_claims_draft_id"),
        sa.UniqueConstraint("draft_id", name="uq_claims_draft_id"),
    )
    op.create_table(
        "idempotency_keys",
        *_policy("idempotency_keys"),
        _text("key", 200),
        _text("body_hash", 64),
        _text("made", 64),
        _moment("created_at"),
        sa.PrimaryKeyConstraint("policy_reference", "key", name="pk_idempotency_keys"),
    )


def upgrade() -> None:
    """Make the tables, the ones others point at first."""
    _policies()
    _identity()
    _claims()
    for table in ("insured_persons", "past_claims", "drafts", "claims"):
        op.create_index(f"ix_{table}_policy_reference", table, ["policy_reference"])


def downgrade() -> None:
    """Drop the tables in the opposite order."""
    for table in (
        "idempotency_keys",
        "claims",
        "drafts",
        "identity_challenges",
        "past_claims",
        "insured_persons",
        "policies",
    ):
        op.drop_table(table)
