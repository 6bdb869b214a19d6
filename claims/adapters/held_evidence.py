"""Keeps the records of files that wait for a draft or claim of their conversation."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, delete, func, insert, select

from claims.adapters.tables import drafts
from claims.adapters.tables import held_evidence as table
from claims.domain.evidence import EvidenceState, EvidenceType, HeldEvidence


class HeldRecords:
    """Reads and writes them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, conversation: str) -> list[HeldEvidence]:
        """List those of a conversation, in the order they came."""
        return self._all(select(table).where(table.c.conversation == conversation))

    def same(self, conversation: str, sha256: str) -> HeldEvidence | None:
        """Find the file of a conversation with this content."""
        found = self._all(select(table).where(table.c.conversation == conversation, table.c.sha256 == sha256))
        return found[0] if found else None

    def count(self, conversation: str) -> int:
        """Count those of a conversation."""
        query = select(func.count()).select_from(table).where(table.c.conversation == conversation)
        return int(self._connection.execute(query).scalar_one())

    def add(self, held: HeldEvidence) -> None:
        """Store a new record."""
        values = asdict(held) | {"content_type": held.content_type.value, "state": held.state.value}
        self._connection.execute(insert(table).values(values))

    def take(self, held: HeldEvidence) -> bool:
        """Delete a record; False when somebody else did so first."""
        return self._connection.execute(delete(table).where(table.c.id == held.id)).rowcount == 1

    def with_draft(self) -> list[str]:
        """List the conversations that have got a draft since, or gone on with one."""
        # An older draft may be that of a claim which is not what the file is for.
        since = (drafts.c.conversation == table.c.conversation) & (drafts.c.updated_at >= table.c.uploaded_at)
        query = select(table.c.conversation).join(drafts, since).distinct()
        return list(self._connection.execute(query).scalars())

    def before(self, moment: datetime) -> list[HeldEvidence]:
        """List those that came before `moment`."""
        return self._all(select(table).where(table.c.uploaded_at < moment))

    def _all(self, query: Select[Any]) -> list[HeldEvidence]:
        rows = self._connection.execute(query.order_by(table.c.uploaded_at, table.c.id)).mappings()
        return [_held(row) for row in rows]


def _held(row: RowMapping) -> HeldEvidence:
    values = dict(row)
    kind, state = EvidenceType(values["content_type"]), EvidenceState(values["state"])
    return HeldEvidence(**{**values, "content_type": kind, "state": state})
