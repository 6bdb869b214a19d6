"""Files of conversations that have no draft or claim yet, and how a conversation finds its own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and the indexes."""
    op.create_table(
        "held_evidence",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("conversation", sa.String(100), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("content_type", sa.String(100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("original", sa.String(200), nullable=False),
        sa.Column("copy", sa.String(200)),
        sa.PrimaryKeyConstraint("id", name="pk_held_evidence"),
        sa.UniqueConstraint("conversation", "sha256", name="uq_held_evidence_conversation_sha256"),
    )
    for table in ("drafts", "claims"):
        op.create_index(f"ix_{table}_conversation", table, ["conversation"])


def downgrade() -> None:
    """Files that wait for a claim are lost."""
    for table in ("drafts", "claims"):
        op.drop_index(f"ix_{table}_conversation", table)
    op.drop_table("held_evidence")
