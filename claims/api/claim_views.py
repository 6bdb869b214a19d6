"""Shows claims after their submission: to customers what is theirs to know, to staff everything."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec

from claims.api import staff_claims_schemas as schemas
from claims.api.views import claim_view, eligibility_view
from claims.domain.claims import ClaimVersion
from claims.domain.deadlines import PayoutClock
from claims.domain.lifecycle import last_word
from claims.service.claim_reading import ShownClaim


def details_view(shown: ShownClaim) -> schemas.ClaimDetails:
    """Show a claim to its customer: no handler, no inside reason, no assessment, and the finding they submitted."""
    claim = shown.claim
    return schemas.ClaimDetails(
        **msgspec.structs.asdict(claim_view(claim)),
        message=last_word(claim, shown.versions),
        payout=_payout(shown.clock),
        approved_amount=_euros(claim.approved_amount),
        paid_amount=_euros(claim.paid_amount),
        duplicates=list(shown.duplicates),
    )


def row_view(shown: ShownClaim) -> schemas.StaffClaimRow:
    """Show a claim in a list for staff."""
    return schemas.StaffClaimRow(**_row(shown))


def staff_view(shown: ShownClaim) -> schemas.StaffClaim:
    """Show everything about a claim to staff."""
    claim = shown.claim
    return schemas.StaffClaim(
        **_row(shown),
        draft=claim.draft_id,
        conversation=claim.conversation,
        language=claim.language,
        answers=dict(claim.answers),
        assessment=dict(claim.assessment),
        at_submission=eligibility_view(claim.finding),
        latest=None if claim.latest_finding is None else eligibility_view(claim.latest_finding),
        duplicates=list(shown.duplicates),
        versions=[_version(version) for version in shown.versions],
    )


def _row(shown: ShownClaim) -> dict[str, Any]:
    claim = shown.claim
    return {
        "reference": claim.reference,
        "policy_reference": claim.policy_reference,
        "incident": claim.incident,
        "status": claim.status,
        "version": claim.version,
        "handler": claim.handler,
        "submitted_at": claim.submitted_at,
        "updated_at": claim.updated_at,
        "finding": (claim.latest_finding or claim.finding).outcome,
        "payout": _payout(shown.clock),
        "approved_amount": _euros(claim.approved_amount),
        "paid_amount": _euros(claim.paid_amount),
    }


def _version(version: ClaimVersion) -> schemas.ClaimVersionRow:
    return schemas.ClaimVersionRow(**vars(version))


def _payout(clock: PayoutClock | None) -> schemas.PayoutDue | None:
    return None if clock is None else schemas.PayoutDue(clock.due_on, clock.days_left, clock.running, clock.overdue)


def _euros(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"
