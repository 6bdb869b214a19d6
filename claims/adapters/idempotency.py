"""Remembers which request an Idempotency-Key belongs to, and what that request made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from claims.adapters.tables import idempotency_keys as table


@dataclass(frozen=True)
class KeyRecord:
    """The first request with a key: the hash of its body, and the id of what it made."""

    body_hash: str
    made: str
    created_at: datetime


class IdempotencyKeys:
    """Reads and writes keys; each belongs to one policy, so customers cannot meet each other's."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, policy_reference: str, key: str) -> KeyRecord | None:
        """Find the first request with this key."""
        query = select(table.c.body_hash, table.c.made, table.c.created_at).where(
            table.c.policy_reference == policy_reference, table.c.key == key
        )
        row = self._connection.execute(query).mappings().one_or_none()
        return None if row is None else KeyRecord(**row)

    def add(self, policy_reference: str, key: str, record: KeyRecord) -> None:
        """Remember a request."""
        self._connection.execute(
            insert(table).values(
                policy_reference=policy_reference,
                key=key,
                body_hash=record.body_hash,
                made=record.made,
                created_at=record.created_at,
            )
        )
