"""The payout clock: until when a claim must be paid, worked out from its history.

Source: product page, "Payout within 15 days". It does not say from when. Our reading: from the day of submission, in
Belgian calendar days, and not while the claim is out of our hands (the customer was asked something, or it was
decided and later opened again).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from claims.domain.claims import Claim, ClaimStatus, ClaimVersion

OVERDUE = -1
"""The reminder of the day after the last one: the promise is broken."""

RUNNING = frozenset({ClaimStatus.SUBMITTED, ClaimStatus.IN_REVIEW, ClaimStatus.APPROVED})


@dataclass(frozen=True)
class PayoutClock:
    """How much time is left.

    Attributes:
        counted_from: The day of submission, moved on by the days the clock stood still.
        due_on: The last day of the promise; while the clock stands still it moves on with the days.
        days_left: Below zero once it is over.
        running: False while the customer is asked for something.
    """

    counted_from: date
    due_on: date
    days_left: int
    running: bool

    @property
    def overdue(self) -> bool:
        """Tell whether the promise is broken, and it is up to us."""
        return self.running and self.days_left < 0


def payout_clock(
    claim: Claim, versions: Sequence[ClaimVersion], days: int, today: date, day_of: Callable[[datetime], date]
) -> PayoutClock | None:
    """Read the clock of a claim.

    Args:
        claim: The claim as it is.
        versions: Its whole history, oldest first, up to the version of `claim`.
        days: How many days there are for the payout.
        today: The day it is read, in Belgium.
        day_of: Tells the Belgian day of a moment.

    Returns:
        The clock; None when there is nothing left to pay out.
    """
    if claim.status not in RUNNING | {ClaimStatus.INFORMATION_REQUESTED}:
        return None
    if claim.status is ClaimStatus.APPROVED and not claim.to_pay:
        return None
    stages = [(day_of(version.at), version.status) for version in versions]
    counted_from = day_of(claim.submitted_at) + timedelta(days=_stood_still(stages, today))
    due_on = counted_from + timedelta(days=days)
    return PayoutClock(counted_from, due_on, (due_on - today).days, claim.status in RUNNING)


def reminder_due(days_left: int, reminders: Iterable[int]) -> int | None:
    """Pick the reminder for `days_left`: the last one whose day has come, or None before the first.

    After a pause of the service several may have come at once; staff get one mail, not all of them.
    """
    return min((day for day in reminders if days_left <= day), default=None)


def _stood_still(stages: Sequence[tuple[date, ClaimStatus]], today: date) -> int:
    ends = [begin for begin, _ in stages[1:]] + [today]
    return sum((end - begin).days for (begin, status), end in zip(stages, ends, strict=False) if status not in RUNNING)
