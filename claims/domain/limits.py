"""What is left of the yearly limits, in money and in claims."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from claims.domain.dates import add_months, anniversary_on_or_before
from claims.domain.incidents import Incident
from claims.domain.policies import Policy
from claims.domain.rules import LimitYear, Rulebook


class PastClaimStatus(StrEnum):
    """Where the insurer's own handling of a past claim ended."""

    OPEN = "open"
    APPROVED = "approved"
    PAID = "paid"
    REFUSED = "refused"


_COUNTED = {PastClaimStatus.APPROVED, PastClaimStatus.PAID}


@dataclass(frozen=True)
class PastClaim:
    """A claim that was handled before, here or elsewhere; only what was approved or paid uses up a limit."""

    id: str
    incident: Incident
    incident_date: date
    status: PastClaimStatus
    approved_amount: Decimal


@dataclass(frozen=True)
class Limit:
    """A yearly limit and how much of it is used; past handling may have gone over it.

    Attributes:
        limit: EUR a year; None when no amount is set.
        used: EUR that were approved or paid.
        claims_allowed: Claims a year; None when no number is set.
        claims_used: How many were approved or paid.
        source: The line it rests on.
    """

    name: str
    limit: Decimal | None
    used: Decimal
    claims_allowed: int | None = None
    claims_used: int = 0
    source: str = ""

    @property
    def left(self) -> Decimal | None:
        """EUR that can still be paid, never below zero; None when no amount is set."""
        return None if self.limit is None else max(Decimal(0), self.limit - self.used)

    @property
    def claims_left(self) -> int | None:
        """How many claims can still be approved, never below zero; None when no number is set."""
        return None if self.claims_allowed is None else max(0, self.claims_allowed - self.claims_used)


@dataclass(frozen=True)
class YearlyLimit:
    """A limit with the incidents that share it, and the first and last day of the year it is counted in."""

    limit: Limit
    incidents: frozenset[Incident]
    first: date
    last: date


def limit_window(year: LimitYear, start: date, day: date) -> tuple[date, date]:
    """Find the first and last day of the year that `day` counts in.

    Args:
        year: Whether years begin with the cover or in January.
        start: When the cover began.
        day: The day of the incident.
    """
    if year is LimitYear.CALENDAR:
        return date(day.year, 1, 1), date(day.year, 12, 31)
    first = anniversary_on_or_before(start, day)
    # From the start date, not from `first`: after 29 February the next anniversary must not drift to the 28th.
    following = add_months(start, 12 * (first.year - start.year + 1))
    return first, following - timedelta(days=1)


def yearly_limits(book: Rulebook, policy: Policy, day: date, past: Iterable[PastClaim]) -> tuple[YearlyLimit, ...]:
    """Work out all yearly limits of a policy in the year that `day` counts in.

    Args:
        book: The rules; those of the terms on `day` count.
        policy: The household's policy.
        day: The day; what happened in the same year counts.
        past: Every claim of the policy that was handled before, in any order.
    """
    rules = book.on(policy.terms_on(day), day)
    # A handler may approve what happened before the cover began; then that calendar year counts.
    start = policy.cover_start(day) or policy.start_date or date(day.year, 1, 1)
    first, last = limit_window(rules.limit_year.value, start, day)
    counted = [each for each in past if each.status in _COUNTED and first <= each.incident_date <= last]
    found = []
    for rule in rules.limits:
        same = [each for each in counted if each.incident in rule.incidents]
        used = sum((each.approved_amount for each in same), Decimal(0))
        limit = Limit(rule.name, rule.amount, used, rule.claims, len(same), rule.source)
        found.append(YearlyLimit(limit, rule.incidents, first, last))
    return tuple(found)


def limits_on(
    book: Rulebook, policy: Policy, incident: Incident, day: date, past: Iterable[PastClaim]
) -> tuple[Limit, ...]:
    """Work out the yearly limits that hold for an incident on `day`; the arguments are as for `yearly_limits`."""
    return tuple(each.limit for each in yearly_limits(book, policy, day, past) if incident in each.incidents)
