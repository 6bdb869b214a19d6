"""Keeps claims, each with every version it had."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, insert, select, update

from claims.adapters.claim_rows import claim_of, claim_of_snapshot, values_of, version_of, version_values
from claims.adapters.errors import ConcurrentWrite
from claims.adapters.places import Place, newest_first
from claims.adapters.tables import claim_versions as versions_table
from claims.adapters.tables import claims as table
from claims.adapters.tables import policies
from claims.domain.claims import Claim, ClaimVersion
from claims.domain.errors import ClaimNotFound
from claims.domain.limits import PastClaim


class Claims:
    """Reads and writes claims; every call that takes a policy reference stays within that customer's."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, reference: str, policy_reference: str | None = None) -> Claim:
        """Read a claim, of this policy when one is given.

        Raises:
            ClaimNotFound: There is none, or it is another customer's.
        """
        return self._get(_one(reference, policy_reference))

    def held(self, reference: str, policy_reference: str | None = None) -> Claim:
        """Read a claim and hold it until the unit of work ends, so that changes come one after the other.

        Raises:
            ClaimNotFound: There is none, or it is another customer's.
        """
        return self._get(_one(reference, policy_reference).with_for_update())

    def of_draft(self, draft_id: str) -> Claim | None:
        """Find the claim a draft became."""
        return self._find(select(table).where(table.c.draft_id == draft_id))

    def exists(self, reference: str) -> bool:
        """Tell whether a reference is taken."""
        return self._find(_one(reference)) is not None

    def of_policy(self, policy_reference: str, place: Place | None = None, limit: int | None = None) -> list[Claim]:
        """List the claims of a policy, the newest first, from below `place` on."""
        theirs = select(table).where(table.c.policy_reference == policy_reference)
        query = newest_first(theirs, table.c.submitted_at, table.c.reference, place, limit)
        return [claim_of(row) for row in self._connection.execute(query).mappings()]

    def in_conversation(self, conversation: str) -> list[Claim]:
        """List the claims of a conversation, the newest first."""
        theirs = select(table).where(table.c.conversation == conversation)
        query = newest_first(theirs, table.c.submitted_at, table.c.reference, None, None)
        return [claim_of(row) for row in self._connection.execute(query).mappings()]

    def past_claims(self, policy_reference: str, but: str = "") -> tuple[PastClaim, ...]:
        """Read what our own claims take from the yearly limits of a policy, leaving out the claim `but`."""
        counted = table.c.approved_cents.is_not(None) | table.c.paid_cents.is_not(None)
        theirs = select(table).where(table.c.policy_reference == policy_reference, table.c.reference != but, counted)
        rows = self._connection.execute(theirs.order_by(table.c.reference)).mappings()
        return tuple(past for row in rows if (past := claim_of(row).as_past_claim) is not None)

    def hold_limits(self, policy_reference: str) -> None:
        """Make everybody else who wants to approve for this policy wait until the unit of work ends.

        On SQLite a unit of work has the whole file for itself anyway. The weaker lock (FOR NO KEY UPDATE) keeps
        approvals apart just as well, and lets a submission go on that only refers to the policy.
        """
        query = select(policies.c.reference).where(policies.c.reference == policy_reference)
        self._connection.execute(query.with_for_update(key_share=True))

    def add(self, claim: Claim, version: ClaimVersion) -> None:
        """Store a new claim with its first version."""
        self._connection.execute(insert(table).values(values_of(claim)))
        self._connection.execute(insert(versions_table).values(version_values(claim, version)))

    def save(self, claim: Claim, version: ClaimVersion) -> None:
        """Store a changed claim and what made the version.

        Raises:
            ConcurrentWrite: Somebody else stored a change since it was read.
        """
        before = (table.c.reference == claim.reference) & (table.c.version == claim.version - 1)
        if self._connection.execute(update(table).where(before).values(values_of(claim))).rowcount != 1:
            raise ConcurrentWrite
        self._connection.execute(insert(versions_table).values(version_values(claim, version)))

    def versions(self, *references: str) -> dict[str, list[ClaimVersion]]:
        """Read the history of claims, oldest first."""
        columns = [column for column in versions_table.c if column.name != "snapshot"]
        query = select(*columns).where(versions_table.c.claim_reference.in_(references))
        found: dict[str, list[ClaimVersion]] = {reference: [] for reference in references}
        for row in self._connection.execute(query.order_by(versions_table.c.version)).mappings():
            found[row["claim_reference"]].append(version_of(row))
        return found

    def as_submitted(self, claim: Claim) -> Claim:
        """Read a claim as it was in its first version; as it is, for one from before versions were kept."""
        of_claim = versions_table.c.claim_reference == claim.reference
        query = select(versions_table.c.snapshot).where(of_claim, versions_table.c.version == 1)
        snapshot = self._connection.execute(query).scalar_one_or_none()
        return claim if snapshot is None else claim_of_snapshot(snapshot)

    def _get(self, query: Any) -> Claim:
        claim = self._find(query)
        if claim is None:
            raise ClaimNotFound
        return claim

    def _find(self, query: Any) -> Claim | None:
        row = self._connection.execute(query).mappings().one_or_none()
        return None if row is None else claim_of(row)


def _one(reference: str, policy_reference: str | None = None) -> Any:
    query = select(table).where(table.c.reference == reference)
    return query if policy_reference is None else query.where(table.c.policy_reference == policy_reference)
