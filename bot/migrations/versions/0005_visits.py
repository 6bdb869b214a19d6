"""The page of a website on which a conversation began."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("conversations", sa.Column("page", sa.String(300)))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("conversations", "page")
