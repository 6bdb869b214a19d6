"""What is left of a yearly limit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from claims.domain.dates import add_months, anniversary_on_or_before
from claims.domain.facts import Incident
from claims.domain.rules import ONLINE_PURCHASES, LimitYear, Rules


class PastClaimStatus(StrEnum):
    """Where the insurer's own handling of a past claim ended."""

    OPEN = "open"
    APPROVED = "approved"
    PAID = "paid"
    REFUSED = "refused"


@dataclass(frozen=True)
class PastClaim:
    """A claim the insurer handled before; only what was approved or paid uses up a limit."""

    id: str
    incident: Incident
    incident_date: date
    status: PastClaimStatus
    approved_amount: Decimal


@dataclass(frozen=True)
class Limit:
    """A yearly limit and how much of it is used."""

    name: str
    limit: Decimal
    used: Decimal

    @property
    def left(self) -> Decimal:
        """What can still be paid; past handling may have gone over the limit, so never below zero."""
        return max(Decimal(0), self.limit - self.used)


def limit_window(year: LimitYear, start: date, day: date) -> tuple[date, date] | None:
    """Find the first and last day of the year that `day` counts in; None before the policy began."""
    if day < start:
        return None
    if year is LimitYear.CALENDAR:
        return date(day.year, 1, 1), date(day.year, 12, 31)
    first = anniversary_on_or_before(start, day)
    # From the start date, not from `first`: after 29 February the next anniversary must not drift to the 28th.
    following = add_months(start, 12 * (first.year - start.year + 1))
    return first, following - timedelta(days=1)


def online_purchase_limit(rules: Rules, start: date, day: date, past: Iterable[PastClaim]) -> Limit | None:
    """Work out the limit for goods bought online, shared by both kinds of delivery incidents."""
    window = limit_window(rules.limit_year, start, day)
    if window is None:
        return None
    counted = {PastClaimStatus.APPROVED, PastClaimStatus.PAID}
    used = sum(
        (
            claim.approved_amount
            for claim in past
            if claim.incident in ONLINE_PURCHASES
            and claim.status in counted
            and window[0] <= claim.incident_date <= window[1]
        ),
        Decimal(0),
    )
    return Limit("online_purchases", rules.online_purchase_limit, used)
