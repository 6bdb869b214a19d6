"""Keeps drafts; a change only takes when the version is still the one that was read."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from claims.adapters.errors import ConcurrentWrite
from claims.adapters.places import Place, newest_first
from claims.adapters.tables import drafts as table
from claims.domain.claims import Draft, DraftStatus
from claims.domain.errors import DraftNotFound
from claims.domain.incidents import Incident


class Drafts:
    """Reads and writes the drafts of one customer at a time."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, draft_id: str, policy_reference: str) -> Draft:
        """Read a draft of this policy and hold it until the unit of work ends.

        Raises:
            DraftNotFound: There is none, or it is another customer's.
        """
        query = select(table).where(table.c.id == draft_id, table.c.policy_reference == policy_reference)
        row = self._connection.execute(query.with_for_update()).mappings().one_or_none()
        if row is None:
            raise DraftNotFound
        return _draft(row)

    def open_of(self, policy_reference: str, place: Place | None = None, limit: int | None = None) -> list[Draft]:
        """List the drafts of a policy that are not submitted, the last changed first, from below `place` on."""
        open_ones = (table.c.policy_reference == policy_reference) & (table.c.status == DraftStatus.DRAFT.value)
        query = newest_first(select(table).where(open_ones), table.c.updated_at, table.c.id, place, limit)
        return [_draft(row) for row in self._connection.execute(query).mappings()]

    def newest_open_in(self, conversation: str) -> Draft | None:
        """Find the draft of a conversation that is not submitted and was changed last."""
        open_ones = (table.c.conversation == conversation) & (table.c.status == DraftStatus.DRAFT.value)
        query = newest_first(select(table).where(open_ones), table.c.updated_at, table.c.id, None, 1)
        row = self._connection.execute(query).mappings().one_or_none()
        return None if row is None else _draft(row)

    def add(self, draft: Draft) -> None:
        """Store a new draft."""
        self._connection.execute(insert(table).values(_values(draft)))

    def save(self, draft: Draft) -> None:
        """Store a changed draft.

        Raises:
            ConcurrentWrite: Somebody else stored a change since it was read.
        """
        before = (table.c.id == draft.id) & (table.c.version == draft.version - 1)
        if self._connection.execute(update(table).where(before).values(_values(draft))).rowcount != 1:
            raise ConcurrentWrite

    def remove(self, draft: Draft) -> None:
        """Delete a draft."""
        self._connection.execute(delete(table).where(table.c.id == draft.id))


def _draft(row: RowMapping) -> Draft:
    values = dict(row)
    return Draft(**{**values, "incident": Incident(values["incident"]), "status": DraftStatus(values["status"])})


def _values(draft: Draft) -> dict[str, Any]:
    return {
        "id": draft.id,
        "policy_reference": draft.policy_reference,
        "incident": draft.incident.value,
        "conversation": draft.conversation,
        "language": draft.language,
        "status": draft.status.value,
        "answers": dict(draft.answers),
        "version": draft.version,
        "created_at": draft.created_at,
        "updated_at": draft.updated_at,
    }
