"""Keeps what is known about each file of evidence; the files themselves lie in the store."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, delete, func, insert, or_, select, union_all, update

from claims.adapters.tables import evidence as table
from claims.adapters.tables import held_evidence
from claims.domain.errors import EvidenceNotFound
from claims.domain.evidence import Evidence, EvidenceState, EvidenceType


class EvidenceRecords:
    """Reads and writes the records of evidence."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, evidence_id: str) -> Evidence:
        """Read one record.

        Raises:
            EvidenceNotFound: There is none.
        """
        found = self._all(select(table).where(table.c.id == evidence_id))
        if not found:
            raise EvidenceNotFound
        return found[0]

    def of_draft(self, draft_id: str) -> list[Evidence]:
        """List the evidence of a draft and of the claim it became, in the order it came."""
        query = select(table).where(table.c.draft_id == draft_id)
        return self._all(query.order_by(table.c.uploaded_at, table.c.id))

    def count(self, draft_id: str) -> int:
        """Count the evidence of a draft."""
        query = select(func.count()).select_from(table).where(table.c.draft_id == draft_id)
        return int(self._connection.execute(query).scalar_one())

    def same(self, draft_id: str, sha256: str) -> Evidence | None:
        """Find the evidence of a draft with this content."""
        found = self._all(select(table).where(table.c.draft_id == draft_id, table.c.sha256 == sha256))
        return found[0] if found else None

    def add(self, evidence: Evidence) -> None:
        """Store a new record."""
        self._connection.execute(insert(table).values(_values(evidence)))

    def remove(self, evidence: Evidence) -> None:
        """Delete a record."""
        self._connection.execute(delete(table).where(table.c.id == evidence.id))

    def remove_all(self, draft_id: str) -> list[Evidence]:
        """Delete the records of a draft.

        Returns:
            What was deleted; its files go from the store once this is committed.
        """
        removed = self.of_draft(draft_id)
        self._connection.execute(delete(table).where(table.c.draft_id == draft_id))
        return removed

    def waiting(self, states: Collection[EvidenceState]) -> list[Evidence]:
        """List the evidence in one of these states, the oldest first."""
        query = select(table).where(table.c.state.in_([state.value for state in states]))
        return self._all(query.order_by(table.c.uploaded_at, table.c.id))

    def scanned(self, evidence: Evidence, state: EvidenceState) -> bool:
        """Store what a scan found; False when the record is gone or somebody else stored it first."""
        before = (table.c.id == evidence.id) & (table.c.state == evidence.state.value)
        return self._connection.execute(update(table).where(before).values(state=state.value)).rowcount == 1

    def known(self, keys: Collection[str]) -> set[str]:
        """Tell which of these keys belong to a record."""
        named = [
            select(each.c.original, each.c.copy).where(or_(each.c.original.in_(keys), each.c.copy.in_(keys)))
            for each in (table, held_evidence)
        ]
        return {key for row in self._connection.execute(union_all(*named)) for key in row if key is not None}

    def _all(self, query: Select[Any]) -> list[Evidence]:
        return [_evidence(row) for row in self._connection.execute(query).mappings()]


def _evidence(row: RowMapping) -> Evidence:
    values = dict(row)
    values["content_type"] = EvidenceType(values["content_type"])
    return Evidence(**{**values, "state": EvidenceState(values["state"])})


def _values(evidence: Evidence) -> dict[str, Any]:
    return {
        "id": evidence.id,
        "policy_reference": evidence.policy_reference,
        "draft_id": evidence.draft_id,
        "name": evidence.name,
        "content_type": evidence.content_type.value,
        "size": evidence.size,
        "sha256": evidence.sha256,
        "state": evidence.state.value,
        "uploaded_at": evidence.uploaded_at,
        "uploaded_by": evidence.uploaded_by,
        "original": evidence.original,
        "copy": evidence.copy,
    }
