"""Keeps submitted claims with the finding they were submitted with."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import Connection, RowMapping, insert, select

from claims.adapters.tables import claims as table
from claims.domain.claims import Claim
from claims.domain.eligibility import Finding
from claims.domain.errors import ClaimNotFound
from claims.domain.facts import Incident


class Claims:
    """Reads and writes the claims of one customer at a time."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, reference: str, policy_reference: str) -> Claim:
        """Read a claim of this policy.

        Raises:
            ClaimNotFound: There is none, or it is another customer's.
        """
        claim = self._find((table.c.reference == reference) & (table.c.policy_reference == policy_reference))
        if claim is None:
            raise ClaimNotFound
        return claim

    def of_draft(self, draft_id: str) -> Claim | None:
        """Find the claim a draft became."""
        return self._find(table.c.draft_id == draft_id)

    def exists(self, reference: str) -> bool:
        """Tell whether a reference is taken."""
        return self._find(table.c.reference == reference) is not None

    def of_policy(self, policy_reference: str) -> list[Claim]:
        """List the claims of a policy, the newest first."""
        query = (
            select(table)
            .where(table.c.policy_reference == policy_reference)
            .order_by(table.c.submitted_at.desc(), table.c.reference)
        )
        return [_claim(row) for row in self._connection.execute(query).mappings()]

    def add(self, claim: Claim) -> None:
        """Store a new claim."""
        self._connection.execute(insert(table).values(_values(claim)))

    def _find(self, condition: Any) -> Claim | None:
        row = self._connection.execute(select(table).where(condition)).mappings().one_or_none()
        return None if row is None else _claim(row)


def _claim(row: RowMapping) -> Claim:
    values = dict(row)
    finding = msgspec.convert(values["finding"], Finding)
    return Claim(**{**values, "incident": Incident(values["incident"]), "finding": finding})


def _values(claim: Claim) -> dict[str, Any]:
    return {
        "reference": claim.reference,
        "draft_id": claim.draft_id,
        "policy_reference": claim.policy_reference,
        "incident": claim.incident.value,
        "conversation": claim.conversation,
        "language": claim.language,
        "status": claim.status,
        "submitted_at": claim.submitted_at,
        "answers": dict(claim.answers),
        "finding": msgspec.to_builtins(claim.finding),
    }
