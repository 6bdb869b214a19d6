"""The tables, as SQLAlchemy sees them; the migrations make the same ones."""

from claims.adapters.tables.base import Moment, metadata
from claims.adapters.tables.claims import claim_versions, claims, drafts, evidence, held_evidence, idempotency_keys
from claims.adapters.tables.identity import identity_challenges, used_identity_tokens
from claims.adapters.tables.installation import installation
from claims.adapters.tables.outbox import outbox
from claims.adapters.tables.policies import insured_persons, past_claims, payments, policies, policy_periods
from claims.adapters.tables.staff import audit_entries, staff, staff_sessions

__all__ = [
    "Moment",
    "audit_entries",
    "claim_versions",
    "claims",
    "drafts",
    "evidence",
    "held_evidence",
    "idempotency_keys",
    "identity_challenges",
    "installation",
    "insured_persons",
    "metadata",
    "outbox",
    "past_claims",
    "payments",
    "policies",
    "policy_periods",
    "staff",
    "staff_sessions",
    "used_identity_tokens",
]
