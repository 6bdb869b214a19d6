"""Reads what figures and exports are made from, without what customers wrote."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Select, func, select

from claims.adapters.tables import claim_versions, claims
from claims.domain.claims import ClaimStatus
from claims.domain.figures import DECIDED, ClaimTimes


@dataclass(frozen=True)
class ClaimRow:
    """One claim as the export shows it; amounts in EUR.

    Attributes:
        finding_at_submission: Of the check of cover, with what the customer said.
        latest_finding: With what staff established and the customer answered since.
        paid_amount: In total; it stays when a claim is opened again.
    """

    reference: str
    policy_reference: str
    incident: str
    language: str
    status: str
    finding_at_submission: str
    latest_finding: str
    handler: str | None
    submitted_at: datetime
    decided_at: datetime | None
    updated_at: datetime
    approved_amount: Decimal | None
    paid_amount: Decimal | None


class FigureRows:
    """Reads all claims, a row each."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def times(self) -> Iterator[ClaimTimes]:
        """Read when each claim came in and was decided."""
        for row in self._connection.execute(_with_decision(claims.c.status, claims.c.submitted_at)):
            yield ClaimTimes(ClaimStatus(row.status), row.submitted_at, row.decided_at)

    def rows(self, since: datetime | None = None) -> Iterator[ClaimRow]:
        """Read the claims submitted from `since` on, the oldest first."""
        names = ("reference", "policy_reference", "incident", "language", "status", "handler", "submitted_at")
        more = ("updated_at", "approved_cents", "paid_cents", "finding", "latest_finding")
        columns = [claims.c[name] for name in (*names, *more)]
        query = _with_decision(*columns).order_by(claims.c.submitted_at, claims.c.reference)
        if since is not None:
            query = query.where(claims.c.submitted_at >= since)
        for row in self._connection.execute(query).mappings():
            yield _claim_row(dict(row))


def _claim_row(values: dict[str, Any]) -> ClaimRow:
    found = values.pop("finding")
    # Until staff establish facts there is only the first one.
    latest = values.pop("latest_finding") or found
    return ClaimRow(
        **{name: value for name, value in values.items() if not name.endswith("_cents")},
        finding_at_submission=found["outcome"],
        latest_finding=latest["outcome"],
        approved_amount=_euros(values["approved_cents"]),
        paid_amount=_euros(values["paid_cents"]),
    )


def _euros(cents: int | None) -> Decimal | None:
    return None if cents is None else Decimal(cents) / 100


def _with_decision(*columns: Any) -> Select[Any]:
    of_claim = claim_versions.c.claim_reference == claims.c.reference
    decided = claim_versions.c.status.in_([status.value for status in DECIDED])
    first = select(func.min(claim_versions.c.version)).where(of_claim, decided).correlate(claims).scalar_subquery()
    moment = select(claim_versions.c.at).where(of_claim, claim_versions.c.version == first).correlate(claims)
    return select(*columns, moment.scalar_subquery().label("decided_at"))
