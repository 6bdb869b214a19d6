"""Figures a supervisor looks at: what is open and for how long, and how long decisions take."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from claims.domain.claims import ClaimStatus

OPEN = frozenset({ClaimStatus.SUBMITTED, ClaimStatus.IN_REVIEW, ClaimStatus.INFORMATION_REQUESTED})
"""Waiting for a decision."""

DECIDED = frozenset({ClaimStatus.APPROVED, ClaimStatus.DECLINED})

AGES = ((0, 2), (3, 7), (8, 14), (15, None))
"""Days since submission, from and to; the page promises a payout within 15 days."""

RECENT = timedelta(days=90)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class ClaimTimes:
    """When a claim came in and when it was first decided."""

    status: ClaimStatus
    submitted_at: datetime
    decided_at: datetime | None


@dataclass(frozen=True)
class AgeGroup:
    """Open claims by days since submission; `to_days` is None for "and older"."""

    from_days: int
    to_days: int | None
    claims: int


@dataclass(frozen=True)
class Figures:
    """The state of the work.

    Attributes:
        by_status: How many claims are in each status.
        open_by_age: How many wait for a decision, by age.
        decided: How many were first decided in the last 90 days.
        median_hours, slowest_tenth_hours: From submission to that decision; None when there was none.
    """

    by_status: dict[ClaimStatus, int]
    open_by_age: tuple[AgeGroup, ...]
    decided: int
    median_hours: float | None
    slowest_tenth_hours: float | None


def figures(claims: Iterable[ClaimTimes], now: datetime) -> Figures:
    """Work out the figures as they are at `now`."""
    known = list(claims)
    counted = Counter(claim.status for claim in known)
    times = ((claim.submitted_at, claim.decided_at) for claim in known)
    took = sorted((end - begin) / _HOUR for begin, end in times if end is not None and end > now - RECENT)
    return Figures(
        by_status={status: counted[status] for status in ClaimStatus},
        open_by_age=_by_age([(now - claim.submitted_at).days for claim in known if claim.status in OPEN]),
        decided=len(took),
        median_hours=round(median(took), 1) if took else None,
        slowest_tenth_hours=round(took[int(len(took) * 0.9)], 1) if took else None,
    )


def _by_age(days: Sequence[int]) -> tuple[AgeGroup, ...]:
    return tuple(
        AgeGroup(first, last, sum(first <= age and (last is None or age <= last) for age in days))
        for first, last in AGES
    )
