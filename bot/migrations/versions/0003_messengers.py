"""What Messenger and WhatsApp need: what arrived, what is to be sent, and where each conversation stands."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ROW_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    _create_deliveries()
    op.create_table(
        "messenger_threads",
        _conversation(primary_key=True),
        sa.Column("rendered_seq", sa.Integer, nullable=False, server_default="0"),
        sa.Column("numbered", sa.JSON),
    )
    op.create_table(
        "messenger_arrivals",
        sa.Column("id", _ROW_ID, primary_key=True, autoincrement=True),
        sa.Column("events", sa.Text, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("messenger_arrivals", "messenger_threads", "deliveries"):
        op.drop_table(table)


def _conversation(**options: Any) -> sa.Column[str]:
    reference = sa.ForeignKey("conversations.id", ondelete="CASCADE")
    return sa.Column("conversation", sa.String(128), reference, nullable=False, **options)


def _create_deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", _ROW_ID, primary_key=True, autoincrement=True),
        _conversation(),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("part", sa.Integer, nullable=False),
        sa.Column("author", sa.String(8), nullable=False),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("body", sa.JSON),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("next_at", _MOMENT, nullable=False),
        sa.Column("platform_id", sa.String(255)),
        sa.Column("error", sa.String(64)),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("sent_at", _MOMENT),
        sa.UniqueConstraint("conversation", "seq", "part", name="uq_deliveries_part"),
        sa.UniqueConstraint("key", name="uq_deliveries_key"),
    )
    op.create_index("ix_deliveries_state", "deliveries", ["state", "next_at"])
    op.create_index("ix_deliveries_conversation", "deliveries", ["conversation", "id"])
    op.create_index("ix_deliveries_platform_id", "deliveries", ["platform_id"])
