"""What the check of cover knows about the terms: values that an installation can set, each with its source.

The values are data (data/facts/cover_rules.yml). Only the product page and the public pages named there were readable.
What they do not say (deductibles, reporting deadlines, territory) is no rule here: a person decides it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Generic, TypeVar

from claims.domain.facts import LossCause
from claims.domain.incidents import Incident
from claims.domain.policies import Terms

T = TypeVar("T")


@dataclass(frozen=True)
class Setting(Generic[T]):
    """One value of the terms and the line it comes from."""

    value: T
    source: str


class LimitYear(StrEnum):
    """Over which twelve months a yearly limit is counted."""

    INSURANCE = "insurance"
    CALENDAR = "calendar"


class PaymentFraud(StrEnum):
    """What the insurance gives after payment fraud: advice, money, or whatever the conditions say."""

    ADVICE = "advice"
    CONDITIONS_DECIDE = "conditions_decide"
    INSURED = "insured"


class Antivirus(StrEnum):
    """Which antivirus program the holder must have; the register only knows whether an active one was declared."""

    ACTIVE = "active"
    PAID = "paid"


class Housemates(StrEnum):
    """What it means when somebody in the household caused it: the page excludes it, but insures the family too."""

    EXCLUDED = "excluded"
    HANDLER_DECIDES = "handler_decides"


@dataclass(frozen=True)
class LimitRule:
    """A yearly limit that some kinds of incident share.

    Attributes:
        amount: EUR a year; None when the terms name no amount.
        claims: Claims a year; None when the terms name no number.
    """

    name: str
    incidents: frozenset[Incident]
    amount: Decimal | None
    claims: int | None
    source: str


@dataclass(frozen=True)
class Rules:
    """One version of the terms.

    Attributes:
        valid_from: It holds for incidents from this day on, until the next version of the same terms.
        data_recovery_wait_months: How long after the start of cover data recovery begins.
        data_recovery_causes: The causes of data loss that the terms name; the others go to a person.
        online_purchases_listed: Whether the terms name goods bought online.
    """

    version: str
    terms: Terms
    valid_from: date
    limit_year: Setting[LimitYear]
    data_recovery_wait_months: Setting[int]
    data_recovery_causes: Setting[frozenset[LossCause]]
    online_purchases_listed: Setting[bool]
    payment_fraud: Setting[PaymentFraud]
    antivirus: Setting[Antivirus]
    housemates: Setting[Housemates]
    limits: tuple[LimitRule, ...]


@dataclass(frozen=True)
class Rulebook:
    """All versions of all terms, each in order of the days they hold from."""

    versions: Mapping[Terms, tuple[Rules, ...]]

    def on(self, terms: Terms, day: date) -> Rules:
        """Pick the rules for an incident on `day`; the oldest ones for anything before them."""
        versions = self.versions[terms]
        return next((rules for rules in reversed(versions) if rules.valid_from <= day), versions[0])

    def of(self, terms: Iterable[Terms]) -> tuple[Rules, ...]:
        """List all versions of some terms."""
        return tuple(rules for each in sorted(set(terms)) for rules in self.versions[each])
