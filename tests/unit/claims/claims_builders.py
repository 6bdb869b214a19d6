"""Policies and facts for the unit tests, with everything in order unless a test says otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from claims.domain.eligibility import Effect, Finding, check
from claims.domain.facts import CausedBy, Facts, Incident, PrivateUse, PurchaseFrom
from claims.domain.limits import PastClaim, PastClaimStatus
from claims.domain.policies import InsuredPerson, Policy, Terms

TODAY = date(2026, 6, 15)
START = date(2025, 3, 1)

HOLDER = InsuredPerson("p1", "Lies", "Peeters", date(1985, 3, 14), "holder", True)
CHILD = InsuredPerson("p2", "Noor", "Janssens", date(2013, 2, 1), "child", True)
LODGER = InsuredPerson("p3", "Jonas", "Weber", date(1999, 2, 11), "lodger", False)

POLICY = Policy(
    reference="CYB-1001-0001",
    email="lies@example.be",
    language="nl",
    terms=Terms.PRODUCT_PAGE,
    confirmed_on=date(2025, 2, 20),
    first_invoice_paid_on=START,
    end_date=None,
    persons=(HOLDER, CHILD, LODGER),
)

FACTS = Facts(
    incident_date=date(2026, 6, 1),
    discovery_date=date(2026, 6, 3),
    victim="p1",
    private_use=PrivateUse.PRIVATE,
    caused_by=CausedBy.UNKNOWN,
    amount=Decimal("240.00"),
    purchase_from=PurchaseFrom.BUSINESS,
)


def paid(day: date, euros: str, incident: Incident = Incident.NON_DELIVERY, **changes: Any) -> PastClaim:
    """A past claim that was paid."""
    return replace(PastClaim("x", incident, day, PastClaimStatus.PAID, Decimal(euros)), **changes)


def finding(
    incident: Incident = Incident.NON_DELIVERY, *past: PastClaim, policy: Policy = POLICY, **facts: Any
) -> Finding:
    """The finding when the facts are in order but for `facts`."""
    return check(policy, past, incident, replace(FACTS, **facts), TODAY)


def codes(found: Finding, effect: Effect | None = None) -> set[str]:
    """The codes of a finding's reasons."""
    return {reason.code for reason in found.reasons if effect in (None, reason.effect)}
