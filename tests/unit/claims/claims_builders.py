"""Policies, rules and facts for the unit tests, with everything in order unless a test says otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from claims.adapters.rules import load_rules
from claims.domain.eligibility import Effect, Finding, check
from claims.domain.facts import CausedBy, Consent, Facts, LossCause, PrivateUse, PurchaseFrom, YesNo
from claims.domain.incidents import Incident
from claims.domain.limits import PastClaim, PastClaimStatus
from claims.domain.policies import InsuredPerson, Payment, Period, Policy, Terms
from claims.domain.rules import Rulebook, Setting

TODAY = date(2026, 6, 15)
CONFIRMED = date(2025, 2, 20)
START = date(2025, 3, 1)

HOLDER = InsuredPerson("p1", "Lies", "Peeters", date(1985, 3, 14), "holder", True)
CHILD = InsuredPerson("p2", "Noor", "Janssens", date(2013, 2, 1), "child", True)
LODGER = InsuredPerson("p3", "Jonas", "Weber", date(1999, 2, 11), "lodger", False)

BOOK = load_rules(Path("data/facts/cover_rules.yml"))


def policy(
    *,
    confirmed: date | None = CONFIRMED,
    first_paid: date | None = START,
    end: date | None = None,
    terms: Terms = Terms.PRODUCT_PAGE,
    later_payments: tuple[Payment, ...] = (),
    **changes: Any,
) -> Policy:
    """A policy with one period from its confirmation on, and a first invoice."""
    first = Payment(START, first_paid, Decimal("4.99"))
    made = Policy(
        reference="CYB-1001-0001",
        email="lies@example.be",
        language="nl",
        confirmed_on=confirmed,
        antivirus_declared_on=CONFIRMED,
        periods=(Period(confirmed or CONFIRMED, end, terms),),
        payments=(first, *later_payments),
        persons=(HOLDER, CHILD, LODGER),
    )
    return replace(made, **changes)


POLICY = policy()

FACTS = Facts(
    incident_date=date(2026, 6, 1),
    discovery_date=date(2026, 6, 3),
    victim="p1",
    private_use=PrivateUse.PRIVATE,
    caused_by=CausedBy.UNKNOWN,
    amount=Decimal("240.00"),
    purchase_from=PurchaseFrom.BUSINESS,
    consent=Consent.DECEIVED,
    loss_cause=LossCause.HARDWARE_DAMAGE,
    data_authorised=YesNo.YES,
)


def paid(day: date, euros: str, incident: Incident = Incident.NON_DELIVERY, **changes: Any) -> PastClaim:
    """A past claim that was paid."""
    return replace(PastClaim("x", incident, day, PastClaimStatus.PAID, Decimal(euros)), **changes)


def book(terms: Terms = Terms.PRODUCT_PAGE, **values: Any) -> Rulebook:
    """The rules with other values in the only version of some terms."""
    (rules,) = BOOK.versions[terms]
    changed = replace(rules, **{name: Setting(value, "product page: a test") for name, value in values.items()})
    return Rulebook({**BOOK.versions, terms: (changed,)})


def finding(
    incident: Incident = Incident.NON_DELIVERY,
    *past: PastClaim,
    policy: Policy = POLICY,
    rules: Rulebook = BOOK,
    **facts: Any,
) -> Finding:
    """The finding when the facts are in order but for `facts`."""
    return check(policy, past, incident, replace(FACTS, **facts), TODAY, rules)


def codes(found: Finding, effect: Effect | None = None) -> set[str]:
    """The codes of a finding's reasons."""
    return {reason.code for reason in found.reasons if effect in (None, reason.effect)}
