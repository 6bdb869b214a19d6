"""Turns claims into rows and back; money is whole cents there, and a version keeps the claim as it was."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
from sqlalchemy import RowMapping

from claims.domain.claims import Change, Claim, ClaimStatus, ClaimVersion
from claims.domain.eligibility import Finding
from claims.domain.incidents import Incident


def claim_of(row: RowMapping) -> Claim:
    """Read a row of the table claims."""
    values = dict(row)
    latest, approved, paid = values["latest_finding"], values.pop("approved_cents"), values.pop("paid_cents")
    return Claim(
        **{
            **values,
            "incident": Incident(values["incident"]),
            "status": ClaimStatus(values["status"]),
            "finding": msgspec.convert(values["finding"], Finding),
            "latest_finding": None if latest is None else msgspec.convert(latest, Finding),
            "approved_amount": _euros(approved),
            "paid_amount": _euros(paid),
        }
    )


def values_of(claim: Claim) -> dict[str, Any]:
    """Write a claim as a row of the table claims."""
    latest = claim.latest_finding
    return {
        "reference": claim.reference,
        "draft_id": claim.draft_id,
        "policy_reference": claim.policy_reference,
        "incident": claim.incident.value,
        "conversation": claim.conversation,
        "language": claim.language,
        "status": claim.status.value,
        "submitted_at": claim.submitted_at,
        "updated_at": claim.updated_at,
        "version": claim.version,
        "answers": dict(claim.answers),
        "assessment": dict(claim.assessment),
        "finding": msgspec.to_builtins(claim.finding),
        "latest_finding": None if latest is None else msgspec.to_builtins(latest),
        "handler": claim.handler,
        "approved_cents": _cents(claim.approved_amount),
        "paid_cents": _cents(claim.paid_amount),
        "clock_from": claim.clock_from,
    }


def version_of(row: RowMapping) -> ClaimVersion:
    """Read a row of the table claim_versions."""
    return ClaimVersion(
        version=row["version"],
        at=row["at"],
        actor=row["actor"],
        change=Change(row["change"]),
        reason=row["reason"],
        status=ClaimStatus(row["status"]),
    )


def version_values(claim: Claim, version: ClaimVersion) -> dict[str, Any]:
    """Write a version as a row, with the claim as it is in that version."""
    return {
        "claim_reference": claim.reference,
        "version": version.version,
        "at": version.at,
        "actor": version.actor,
        "change": version.change.value,
        "reason": version.reason,
        "status": version.status.value,
        "snapshot": msgspec.to_builtins(claim),
    }


def claim_of_snapshot(snapshot: dict[str, Any]) -> Claim:
    """Read the claim a version kept."""
    return msgspec.convert(snapshot, Claim)


def _euros(cents: int | None) -> Decimal | None:
    return None if cents is None else Decimal(cents) / 100


def _cents(amount: Decimal | None) -> int | None:
    return None if amount is None else int(amount * 100)
