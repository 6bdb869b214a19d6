"""Periods and payments, versions of claims, evidence, staff, the audit trail, the outbox, the id of the database."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def _policy(table: str) -> list[SchemaItem]:
    return [
        sa.Column("policy_reference", sa.String(20), nullable=False),
        sa.ForeignKeyConstraint(
            ["policy_reference"], ["policies.reference"], name=f"fk_{table}_policy_reference", ondelete="CASCADE"
        ),
    ]


def _moment(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, length: int, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=nullable)


def _whole(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _policies() -> None:
    op.create_table(
        "policy_periods",
        *_policy("policy_periods"),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date()),
        _text("terms", 20),
        sa.PrimaryKeyConstraint("policy_reference", "starts_on", name="pk_policy_periods"),
    )
    op.create_table(
        "payments",
        *_policy("payments"),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("paid_on", sa.Date()),
        _whole("cents"),
        sa.PrimaryKeyConstraint("policy_reference", "due_on", name="pk_payments"),
    )
    # What was one line becomes one period and one payment; the price is that of a month on the product page.
    op.execute(
        "INSERT INTO policy_periods (policy_reference, starts_on, ends_on, terms) "
        "SELECT reference, confirmed_on, end_date, terms FROM policies WHERE confirmed_on IS NOT NULL"
    )
    op.execute(
        "INSERT INTO payments (policy_reference, due_on, paid_on, cents) "
        "SELECT reference, first_invoice_paid_on, first_invoice_paid_on, 499 "
        "FROM policies WHERE first_invoice_paid_on IS NOT NULL"
    )
    with op.batch_alter_table("policies") as table:
        table.drop_column("terms")
        table.drop_column("first_invoice_paid_on")
        table.drop_column("end_date")
        table.add_column(sa.Column("country", sa.String(2), nullable=False, server_default="BE"))
        table.add_column(sa.Column("antivirus_declared_on", sa.Date()))
        table.add_column(_moment("fetched_at", nullable=True))
        table.add_column(_moment("gone_at", nullable=True))


def _identity() -> None:
    with op.batch_alter_table("identity_challenges") as table:
        table.add_column(_text("address_hash", 64, nullable=True))
        table.create_index("ix_identity_challenges_address_hash", ["address_hash"])
    op.create_table(
        "used_identity_tokens",
        _text("token_hash", 64),
        _moment("expires_at"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_used_identity_tokens"),
    )


def _claims() -> None:
    with op.batch_alter_table("claims") as table:
        table.alter_column("status", type_=sa.String(30), existing_type=sa.String(20), existing_nullable=False)
        table.add_column(_moment("updated_at", nullable=True))
        table.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        table.add_column(sa.Column("assessment", sa.JSON(), nullable=False, server_default="{}"))
        table.add_column(_text("handler", 64, nullable=True))
        table.add_column(_whole("approved_cents", nullable=True))
        table.add_column(_whole("paid_cents", nullable=True))
        table.add_column(sa.Column("latest_finding", sa.JSON()))
        table.add_column(sa.Column("clock_from", sa.Date()))
        table.create_index("ix_claims_status_submitted_at", ["status", "submitted_at"])
    op.execute("UPDATE claims SET updated_at = submitted_at, clock_from = date(submitted_at)")
    with op.batch_alter_table("claims") as table:
        table.alter_column("updated_at", nullable=False, existing_type=sa.DateTime(timezone=True))
    op.create_table(
        "claim_versions",
        _text("claim_reference", 20),
        _whole("version"),
        _moment("at"),
        _text("actor", 100),
        _text("change", 30),
        sa.Column("reason", sa.Text(), nullable=False),
        _text("status", 30),
        sa.Column("snapshot", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("claim_reference", "version", name="pk_claim_versions"),
        sa.ForeignKeyConstraint(
            ["claim_reference"], ["claims.reference"], name="fk_claim_versions_claim_reference", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "evidence",
        _text("id", 64),
        *_policy("evidence"),
        _text("draft_id", 64),
        _text("name", 200),
        _text("content_type", 100),
        _whole("size"),
        _text("sha256", 64),
        _text("state", 20),
        _moment("uploaded_at"),
        _text("uploaded_by", 100),
        _text("original", 200),
        _text("copy", 200, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_evidence"),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name="fk_evidence_draft_id"),
        sa.UniqueConstraint("draft_id", "sha256", name="uq_evidence_draft_id_sha256"),
    )
    op.create_index("ix_evidence_policy_reference", "evidence", ["policy_reference"])


def _staff() -> None:
    op.create_table(
        "staff",
        _text("username", 64),
        _text("name", 100),
        _text("role", 20),
        _text("password_hash", 200),
        _text("totp_secret", 300),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        _whole("totp_step"),
        _whole("failures"),
        _moment("locked_until", nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        _moment("created_at"),
        sa.PrimaryKeyConstraint("username", name="pk_staff"),
    )
    op.create_table(
        "staff_sessions",
        _text("token_hash", 64),
        _text("username", 64),
        _moment("created_at"),
        _moment("used_at"),
        _moment("expires_at"),
        _moment("revoked_at", nullable=True),
        sa.PrimaryKeyConstraint("token_hash", name="pk_staff_sessions"),
        sa.ForeignKeyConstraint(["username"], ["staff.username"], name="fk_staff_sessions_username"),
    )
    op.create_index("ix_staff_sessions_username", "staff_sessions", ["username"])


def _trail() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        _moment("at"),
        _text("actor", 100),
        _text("action", 40),
        _text("subject", 100),
        sa.Column("details", sa.JSON(), nullable=False),
        _text("previous", 64),
        _text("hash", 64),
        sa.PrimaryKeyConstraint("number", name="pk_audit_entries"),
    )
    op.create_index("ix_audit_entries_subject", "audit_entries", ["subject"])
    op.create_table(
        "outbox",
        _text("id", 64),
        _text("kind", 10),
        _text("key", 120),
        _text("stream", 120),
        sa.Column("body", sa.JSON(), nullable=False),
        _moment("created_at"),
        _whole("attempts"),
        _moment("next_at"),
        _moment("sent_at", nullable=True),
        _moment("failed_at", nullable=True),
        _text("error", 100, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("key", name="uq_outbox_key"),
    )
    waiting = sa.text("sent_at IS NULL AND failed_at IS NULL")
    op.create_index(
        "ix_outbox_waiting", "outbox", ["stream", "next_at"], sqlite_where=waiting, postgresql_where=waiting
    )


def _installation() -> None:
    op.create_table(
        "installation",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        _text("database_id", 64),
        sa.PrimaryKeyConstraint("number", name="pk_installation"),
    )


def upgrade() -> None:
    """Make what is new and move what is there."""
    _policies()
    _identity()
    _claims()
    _staff()
    _trail()
    _installation()


def downgrade() -> None:
    """Go back to one line a policy; versions, evidence, staff and the trail are lost."""
    for name in ("installation", "outbox", "audit_entries", "staff_sessions", "staff", "evidence", "claim_versions"):
        op.drop_table(name)
    with op.batch_alter_table("claims") as table:
        table.drop_index("ix_claims_status_submitted_at")
        for column in ("updated_at", "version", "assessment", "handler", "approved_cents"):
            table.drop_column(column)
        for column in ("paid_cents", "latest_finding", "clock_from"):
            table.drop_column(column)
        table.alter_column("status", type_=sa.String(20), existing_type=sa.String(30), existing_nullable=False)
    op.drop_table("used_identity_tokens")
    with op.batch_alter_table("identity_challenges") as table:
        table.drop_index("ix_identity_challenges_address_hash")
        table.drop_column("address_hash")
    with op.batch_alter_table("policies") as table:
        for column in ("country", "antivirus_declared_on", "fetched_at", "gone_at"):
            table.drop_column(column)
        table.add_column(sa.Column("terms", sa.String(20), nullable=False, server_default="product_page"))
        table.add_column(sa.Column("first_invoice_paid_on", sa.Date()))
        table.add_column(sa.Column("end_date", sa.Date()))
    op.execute(
        "UPDATE policies SET first_invoice_paid_on = "
        "(SELECT MIN(paid_on) FROM payments WHERE payments.policy_reference = policies.reference)"
    )
    op.execute(
        "UPDATE policies SET end_date = (SELECT CASE WHEN COUNT(*) = COUNT(ends_on) THEN MAX(ends_on) END "
        "FROM policy_periods WHERE policy_periods.policy_reference = policies.reference)"
    )
    op.execute(
        "UPDATE policies SET terms = (SELECT terms FROM policy_periods "
        "WHERE policy_periods.policy_reference = policies.reference ORDER BY starts_on DESC LIMIT 1) "
        "WHERE reference IN (SELECT policy_reference FROM policy_periods)"
    )
    op.drop_table("payments")
    op.drop_table("policy_periods")
