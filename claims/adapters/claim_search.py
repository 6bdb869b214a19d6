"""Finds claims for staff: filtered, the newest or the most urgent first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlalchemy import Connection, Select, and_, func, or_, select

from claims.adapters.claim_rows import claim_of
from claims.adapters.places import Place, newest_first
from claims.adapters.tables import claims as table
from claims.domain.claims import Claim, ClaimStatus
from claims.domain.incidents import Incident

# Claims whose clock does not run come after all that are due.
_NEVER = date(9999, 12, 31)


@dataclass(frozen=True)
class Wanted:
    """Which claims are looked for; None is any.

    Attributes:
        counted_before: Only those whose payout days are counted from a day before this one.
        counted_since: Only those whose payout days are counted from this day on, or do not run.
        urgent_first: Those that are due first come first; otherwise the newest.
    """

    status: ClaimStatus | None = None
    handler: str | None = None
    incident: Incident | None = None
    policy_reference: str | None = None
    counted_before: date | None = None
    counted_since: date | None = None
    urgent_first: bool = False


class ClaimSearch:
    """Reads claims of all customers."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, wanted: Wanted, place: Place | None, limit: int | None) -> list[Claim]:
        """List the claims that are wanted, from below `place` on."""
        query = _filtered(select(table), wanted)
        if wanted.urgent_first:
            query = _urgent_first(query, place, limit)
        else:
            query = newest_first(query, table.c.submitted_at, table.c.reference, place, limit)
        return [claim_of(row) for row in self._connection.execute(query).mappings()]

    def nearly_due(self, counted_until: date) -> list[tuple[str, date]]:
        """List the claims whose payout days are counted from `counted_until` or before, the most urgent first."""
        query = select(table.c.reference, table.c.clock_from).where(table.c.clock_from <= counted_until)
        rows = self._connection.execute(query.order_by(table.c.clock_from, table.c.reference))
        return [(row.reference, row.clock_from) for row in rows]


def place_in(claim: Claim, *, urgent_first: bool) -> Place:
    """Tell the place of a claim in such a list."""
    if not urgent_first:
        return Place(claim.submitted_at, claim.reference)
    return Place(datetime.combine(claim.clock_from or _NEVER, time(), UTC), claim.reference)


def _filtered(query: Select[tuple[object, ...]], wanted: Wanted) -> Select[tuple[object, ...]]:
    exact = (
        (table.c.status, wanted.status),
        (table.c.handler, wanted.handler),
        (table.c.incident, wanted.incident),
        (table.c.policy_reference, wanted.policy_reference),
    )
    for column, value in exact:
        if value is not None:
            query = query.where(column == str(value))
    if wanted.counted_before is not None:
        query = query.where(table.c.clock_from < wanted.counted_before)
    if wanted.counted_since is not None:
        # A clock that does not run is not overdue either.
        query = query.where(or_(table.c.clock_from >= wanted.counted_since, table.c.clock_from.is_(None)))
    return query


def _urgent_first(
    query: Select[tuple[object, ...]], place: Place | None, limit: int | None
) -> Select[tuple[object, ...]]:
    due = func.coalesce(table.c.clock_from, _NEVER)
    if place is not None:
        day = place.moment.date()
        query = query.where(or_(due > day, and_(due == day, table.c.reference > place.id)))
    return query.order_by(due, table.c.reference).limit(limit)
