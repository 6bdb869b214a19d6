"""Drafts, claims with every version they had, and the evidence that belongs to them."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Date, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from claims.adapters.tables.base import Moment, metadata, policy_key

drafts = Table(
    "drafts",
    metadata,
    Column("id", String(64), primary_key=True),
    policy_key(),
    Column("incident", String(40), nullable=False),
    Column("conversation", String(100), nullable=False, index=True),
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
    policy_key(),
    Column("incident", String(40), nullable=False),
    Column("conversation", String(100), nullable=False, index=True),
    Column("language", String(2), nullable=False),
    Column("status", String(30), nullable=False),
    Column("submitted_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("version", Integer, nullable=False),
    Column("answers", JSON, nullable=False),
    # Facts a member of staff established; they hold over the customer's answers.
    Column("assessment", JSON, nullable=False),
    Column("finding", JSON, nullable=False),
    # Who handles it.
    Column("handler", String(64)),
    Column("approved_cents", Integer),
    # What went to the customer's account; it stays when a claim is opened again.
    Column("paid_cents", Integer),
    # The finding as computed again since submission, with what staff established.
    Column("latest_finding", JSON),
    # From which day the days to payout count, without those the clock stood still; empty while it does not run.
    Column("clock_from", Date),
    UniqueConstraint("draft_id"),
    Index("ix_claims_status_submitted_at", "status", "submitted_at"),
)

claim_versions = Table(
    "claim_versions",
    metadata,
    Column("claim_reference", String(20), ForeignKey("claims.reference", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("actor", String(100), nullable=False),
    Column("change", String(30), nullable=False),
    Column("reason", Text, nullable=False),
    Column("status", String(30), nullable=False),
    # The claim as it was after the change.
    Column("snapshot", JSON, nullable=False),
)

evidence = Table(
    "evidence",
    metadata,
    Column("id", String(64), primary_key=True),
    policy_key(),
    # A claim keeps the id of its draft, so evidence given before and after submission hangs on the same place.
    Column("draft_id", String(64), ForeignKey("drafts.id"), nullable=False),
    Column("name", String(200), nullable=False),
    Column("content_type", String(100), nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("state", String(20), nullable=False),
    Column("uploaded_at", Moment, nullable=False),
    Column("uploaded_by", String(100), nullable=False),
    # Where the file lies in the store, and the copy without metadata that staff see.
    Column("original", String(200), nullable=False),
    Column("copy", String(200)),
    # The same file twice is one piece of evidence.
    UniqueConstraint("draft_id", "sha256", name="uq_evidence_draft_id_sha256"),
)

# A file of a conversation that has no draft or claim yet: nobody knows whose policy it will be for.
held_evidence = Table(
    "held_evidence",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("conversation", String(100), nullable=False),
    Column("name", String(200), nullable=False),
    Column("content_type", String(100), nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("state", String(20), nullable=False),
    Column("uploaded_at", Moment, nullable=False),
    Column("original", String(200), nullable=False),
    Column("copy", String(200)),
    UniqueConstraint("conversation", "sha256", name="uq_held_evidence_conversation_sha256"),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    policy_key(primary=True),
    Column("key", String(200), primary_key=True),
    Column("body_hash", String(64), nullable=False),
    # The id of the draft or the reference of the claim that the first request made.
    Column("made", String(64), nullable=False),
    Column("created_at", Moment, nullable=False),
)
