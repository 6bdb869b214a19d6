"""Claims for the unit tests, with nothing decided unless a test says otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from claims.domain.claims import Claim
from claims.domain.eligibility import Finding, Outcome
from claims.domain.incidents import Incident
from claims.domain.staff import Role, StaffMember

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
FINDING = Finding(Outcome.NEEDS_REVIEW, (), (), (), "test")
ANSWERS = {"incident_date": "2026-06-10", "amount": "240", "seller": "A Shop"}
CLAIM = Claim(
    reference="CC-2026-000001",
    draft_id="d1",
    policy_reference="CYB-1001-0001",
    incident=Incident.NON_DELIVERY,
    conversation="c1",
    language="nl",
    submitted_at=NOW,
    updated_at=NOW,
    answers=ANSWERS,
    finding=FINDING,
)


def claim(reference: str = CLAIM.reference, **changes: Any) -> Claim:
    """A claim with some changes; `answers` are added to the usual ones, None takes one away."""
    answers = {**ANSWERS, **changes.pop("answers", {})}
    kept = {name: text for name, text in answers.items() if text is not None}
    return replace(CLAIM, reference=reference, answers=kept, **changes)


def member(role: str = "handler") -> StaffMember:
    """A member of staff."""
    return StaffMember(f"{role}.one", role.title(), Role(role))
