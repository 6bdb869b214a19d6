"""Files customers give, members of staff who answer, and customers of messengers."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ROW_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_MOMENT = sa.DateTime(timezone=True)
_Columns = tuple[tuple[str, sa.types.TypeEngine[Any] | type[sa.types.TypeEngine[Any]]], ...]
_CONVERSATION_COLUMNS: _Columns = (
    ("account", sa.String(64)),
    ("address", sa.String(64)),
    ("last_inbound_at", _MOMENT),
    ("owner", sa.String(64)),
    ("owner_name", sa.String(80)),
    ("priority", sa.String(16)),
    ("waiting_since", _MOMENT),
    ("rating", sa.Integer),
    ("rating_reason", sa.Text),
)
_MESSAGE_COLUMNS: _Columns = (("attachments", sa.JSON), ("staff_name", sa.String(80)), ("understood", sa.JSON))


def upgrade() -> None:
    """Add the columns and the table of files."""
    for name, kind in _CONVERSATION_COLUMNS:
        op.add_column("conversations", sa.Column(name, kind))
    op.create_index("ix_conversations_mode", "conversations", ["mode"])
    op.create_index("ix_conversations_address", "conversations", ["channel", "account", "address"])
    for name, kind in _MESSAGE_COLUMNS:
        op.add_column("messages", sa.Column(name, kind))
    op.add_column("handover_requests", sa.Column("summary", sa.JSON))
    _create_attachments()


def downgrade() -> None:
    """Drop them."""
    op.drop_table("attachments")
    op.drop_column("handover_requests", "summary")
    for name, _ in _MESSAGE_COLUMNS:
        op.drop_column("messages", name)
    for index in ("ix_conversations_address", "ix_conversations_mode"):
        op.drop_index(index, "conversations")
    for name, _ in _CONVERSATION_COLUMNS:
        op.drop_column("conversations", name)


def _create_attachments() -> None:
    op.create_table(
        "attachments",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column(
            "conversation", sa.String(128), sa.ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("message", _ROW_ID),
        sa.Column("name", sa.String(160), nullable=False),
        sa.Column("content_type", sa.String(100), nullable=False),
        sa.Column("size", sa.BigInteger),
        sa.Column("state", sa.String(10), nullable=False, server_default="waiting"),
        sa.Column("error", sa.String(64)),
        sa.Column("evidence", sa.String(64)),
        sa.Column("source", sa.Text),
        sa.Column("at", _MOMENT, nullable=False),
    )
    op.create_index("ix_attachments_conversation", "attachments", ["conversation"])
    op.create_index("ix_attachments_state", "attachments", ["state"])
