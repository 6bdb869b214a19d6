"""How far a customer has read on the website, and when a part for a messenger failed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the columns."""
    op.add_column("conversations", sa.Column("read_seq", sa.Integer, nullable=False, server_default="0"))
    op.add_column("conversations", sa.Column("read_at", _MOMENT))
    op.add_column("deliveries", sa.Column("failed_at", _MOMENT))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("deliveries", "failed_at")
    op.drop_column("conversations", "read_at")
    op.drop_column("conversations", "read_seq")
