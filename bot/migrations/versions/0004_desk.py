"""What the desk needs: numbered changes, ownership, notes, tags, callbacks, presence, feedback, audit."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ROW_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_MOMENT = sa.DateTime(timezone=True)
_TABLES = (
    "desk_audit",
    "desk_feedback",
    "desk_presence",
    "desk_callbacks",
    "desk_drafts",
    "desk_events",
    "desk_notes",
    "desk_states",
    "changes",
    "change_counter",
)


def upgrade() -> None:
    """Make the tables."""
    _create_changes()
    _create_states()
    _create_what_happened()
    _create_work()
    _create_presence()
    _create_audit()


def downgrade() -> None:
    """Drop them."""
    for table in _TABLES:
        op.drop_table(table)


def _conversation(**options: Any) -> sa.Column[str]:
    reference = sa.ForeignKey("conversations.id", ondelete="CASCADE")
    return sa.Column("conversation", sa.String(128), reference, nullable=False, **options)


def _id() -> sa.Column[int]:
    return sa.Column("id", _ROW_ID, primary_key=True, autoincrement=True)


def _create_changes() -> None:
    counter = op.create_table("change_counter", sa.Column("number", sa.BigInteger, nullable=False))
    op.bulk_insert(counter, [{"number": 0}])
    op.create_table(
        "changes",
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("conversation", sa.String(128)),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("data", sa.JSON),
    )
    op.create_index("ix_changes_at", "changes", ["at"])


def _create_states() -> None:
    op.create_table(
        "desk_states",
        _conversation(primary_key=True),
        sa.Column("reason", sa.String(64)),
        sa.Column("tags", sa.JSON),
        sa.Column("taken_at", _MOMENT),
        sa.Column("staff_at", _MOMENT),
        sa.Column("closed_at", _MOMENT),
        sa.Column("seen_seq", sa.Integer, nullable=False, server_default="0"),
        sa.Column("told_noted", sa.Boolean, nullable=False, server_default=sa.text("false")),
        sa.Column("told_long", sa.Boolean, nullable=False, server_default=sa.text("false")),
        sa.Column("level", sa.String(8)),
        sa.Column("asked_contact", sa.String(8)),
        sa.Column("knows", sa.JSON),
    )


def _create_what_happened() -> None:
    op.create_table(
        "desk_notes",
        _id(),
        _conversation(),
        sa.Column("username", sa.String(64), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
    )
    op.create_index("ix_desk_notes_conversation", "desk_notes", ["conversation"])
    op.create_table(
        "desk_events",
        _id(),
        _conversation(),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("username", sa.String(64)),
        sa.Column("name", sa.String(80)),
        sa.Column("data", sa.JSON),
        sa.Column("at", _MOMENT, nullable=False),
    )
    op.create_index("ix_desk_events_conversation", "desk_events", ["conversation"])
    op.create_index("ix_desk_events_at", "desk_events", ["at"])


def _create_work() -> None:
    op.create_table(
        "desk_drafts",
        _conversation(primary_key=True),
        sa.Column("username", sa.String(64), primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
    )
    op.create_table(
        "desk_callbacks",
        _id(),
        _conversation(),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("contact", sa.Text, nullable=False),
        sa.Column("due_at", _MOMENT),
        sa.Column("done_at", _MOMENT),
        sa.Column("done_by", sa.String(64)),
        sa.Column("at", _MOMENT, nullable=False),
    )
    op.create_index("ix_desk_callbacks_conversation", "desk_callbacks", ["conversation"])


def _create_presence() -> None:
    op.create_table(
        "desk_presence",
        sa.Column("username", sa.String(64), primary_key=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("seen_at", _MOMENT, nullable=False),
    )
    op.create_table(
        "desk_feedback",
        _id(),
        sa.Column("message", _ROW_ID, sa.ForeignKey("messages.id", ondelete="CASCADE"), nullable=False),
        sa.Column("intent", sa.String(64), nullable=False),
        sa.Column("username", sa.String(64), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.UniqueConstraint("message", name="uq_desk_feedback_message"),
    )


def _create_audit() -> None:
    op.create_table(
        "desk_audit",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("actor", sa.String(100), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(160), nullable=False),
        sa.Column("details", sa.JSON, nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_index("ix_desk_audit_subject", "desk_audit", ["subject"])
