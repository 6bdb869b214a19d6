"""Remembers how old our copy of a policy of the operator's system is, and whether that system still knows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from claims.adapters.tables import policies as table


@dataclass(frozen=True)
class Copy:
    """What is known about our copy of a policy.

    Attributes:
        fetched_at: When the operator's system last answered; None when it never did.
        gone: It said that it does not know the policy.
    """

    fetched_at: datetime | None
    gone: bool


class PolicyCopies:
    """Reads and writes the age of copies; the policies themselves are kept by `Policies`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, reference: str) -> Copy | None:
        """Read what is known about the copy of a policy; None when there is no copy."""
        query = select(table.c.fetched_at, table.c.gone_at).where(table.c.reference == reference)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else Copy(row.fetched_at, row.gone_at is not None)

    def mark(self, reference: str, now: datetime, *, gone: bool = False) -> None:
        """Note what the operator's system answered now; nothing happens when there is no copy."""
        values = {"fetched_at": now, "gone_at": now if gone else None}
        self._connection.execute(update(table).where(table.c.reference == reference).values(values))
