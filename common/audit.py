"""An audit trail as a table: each entry carries the hash of the one before, so that a change breaks the chain."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Table, insert, select, text

FIRST = "0" * 64


class AuditTrail:
    """Adds to a trail and reads it.

    The hashes are keyed: whoever can write to the database, but does not know the key, cannot make a chain that fits.
    """

    def __init__(self, connection: Connection, key: str, table: Table, lock: int) -> None:
        """Work in the transaction of `connection`.

        Args:
            connection: The transaction.
            key: Keys the hashes.
            table: number, at, actor, action, subject, details, previous, hash.
            lock: PostgreSQL's advisory lock for this trail; nothing else in the database may use the number.
        """
        self._connection, self._key, self._table, self._lock = connection, key.encode(), table, lock

    def append(self, actor: str, action: str, subject: str, now: datetime, details: Mapping[str, Any]) -> None:
        """Add an entry in the transaction of what it tells of; writers wait for one another.

        Add it last before the commit: from here on all other writers wait, and whoever then waits for a row that one
        of them holds makes the database end one of the two.
        """
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": self._lock})
        number, previous = self.head()
        entry = {
            "number": number + 1,
            "at": now,
            "actor": actor,
            "action": action,
            "subject": subject,
            "details": dict(details),
            "previous": previous,
        }
        self._connection.execute(insert(self._table).values(**entry, hash=self.hash_of(entry)))

    def head(self) -> tuple[int, str]:
        """The number and hash of the last entry; 0 and zeros when there is none."""
        table = self._table
        query = select(table.c.number, table.c.hash).order_by(table.c.number.desc()).limit(1)
        row = self._connection.execute(query).one_or_none()
        return (0, FIRST) if row is None else (row.number, row.hash)

    def entries(self, after: int = 0, limit: int | None = None) -> Iterator[Mapping[str, Any]]:
        """Read the trail from the entry after `after`, oldest first."""
        table = self._table
        query = select(table).where(table.c.number > after).order_by(table.c.number).limit(limit)
        for row in self._connection.execute(query).mappings():
            yield dict(row)

    def part(
        self, limit: int, *, before: int | None = None, subject: str | None = None, actor: str | None = None
    ) -> list[Mapping[str, Any]]:
        """List the trail, the newest first.

        Args:
            limit: How many at most.
            before: Only entries with a lower number.
            subject: Only what was done to this.
            actor: Only what this one did.
        """
        table = self._table
        query = select(table).where(table.c.number > 0).order_by(table.c.number.desc()).limit(limit)
        if before is not None:
            query = query.where(table.c.number < before)
        if subject is not None:
            query = query.where(table.c.subject == subject)
        if actor is not None:
            query = query.where(table.c.actor == actor)
        return [dict(row) for row in self._connection.execute(query).mappings()]

    def broken_at(self) -> int | None:
        """The number of the first entry that does not fit the chain; None when all fit."""
        expected, previous = 1, FIRST
        for entry in self.entries():
            fits = entry["number"] == expected and entry["previous"] == previous
            if not fits or not hmac.compare_digest(entry["hash"], self.hash_of(entry)):
                return int(entry["number"])
            expected, previous = expected + 1, entry["hash"]
        return None

    def hash_of(self, entry: Mapping[str, Any]) -> str:
        """The hash an entry must have."""
        moment = entry["at"].astimezone(UTC).isoformat(timespec="microseconds")
        names = ("number", "actor", "action", "subject", "details", "previous")
        content = {"at": moment} | {name: entry[name] for name in names}
        written = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hmac.new(self._key, written.encode(), hashlib.sha256).hexdigest()
