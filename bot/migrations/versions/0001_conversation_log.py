"""The conversation log: conversations, messages, requests for a person."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_ROW_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "conversations",
        sa.Column("id", sa.String(128), primary_key=True),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("mode", sa.String(8), nullable=False, server_default="bot"),
        sa.Column("epoch", sa.Integer, nullable=False, server_default="0"),
        sa.Column("next_seq", sa.Integer, nullable=False, server_default="1"),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("last_at", _MOMENT, nullable=False),
    )
    _create_messages()
    op.create_table(
        "handover_requests",
        sa.Column("id", _ROW_ID, primary_key=True, autoincrement=True),
        _conversation(),
        sa.Column("reason", sa.String(64), nullable=False),
        sa.Column("priority", sa.String(16), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("state", sa.String(10), nullable=False, server_default="open"),
    )
    op.create_index("ix_handover_requests_conversation", "handover_requests", ["conversation"])


def downgrade() -> None:
    """Drop the tables."""
    for table in ("handover_requests", "messages", "conversations"):
        op.drop_table(table)


def _conversation() -> sa.Column[str]:
    key = sa.ForeignKey("conversations.id", ondelete="CASCADE")
    return sa.Column("conversation", sa.String(128), key, nullable=False)


def _create_messages() -> None:
    op.create_table(
        "messages",
        sa.Column("id", _ROW_ID, primary_key=True, autoincrement=True),
        _conversation(),
        sa.Column("seq", sa.Integer),
        sa.Column("author", sa.String(8), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("payload", sa.Text),
        sa.Column("buttons", sa.JSON),
        sa.Column("card", sa.JSON),
        sa.Column("progress", sa.JSON),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("direction", sa.String(3), nullable=False),
        sa.Column("channel_message_id", sa.String(255)),
        sa.Column("state", sa.String(10)),
        sa.Column("turn_epoch", sa.Integer),
        sa.Column("reply_to", _ROW_ID),
        sa.Column("draft", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.UniqueConstraint("conversation", "seq", name="uq_messages_seq"),
        sa.UniqueConstraint("conversation", "channel_message_id", name="uq_messages_channel_message_id"),
    )
    op.create_index("ix_messages_conversation", "messages", ["conversation", "id"])
    pending = sa.text("state IN ('received', 'processing')")
    op.create_index("ix_messages_pending", "messages", ["conversation"], sqlite_where=pending, postgresql_where=pending)
