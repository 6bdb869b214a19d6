"""The demo's households; dates are counted from today, so that each stays what it shows at every start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from claims.domain.dates import add_months
from claims.domain.incidents import Incident
from claims.domain.limits import PastClaim, PastClaimStatus
from claims.domain.policies import InsuredPerson, Payment, Period, Policy, Terms

# product page: 4.99 /month
_MONTHLY = Decimal("4.99")


@dataclass(frozen=True)
class DemoPolicy:
    """One line of the table a visitor of the demo chooses from."""

    reference: str
    date_of_birth: date
    language: str
    name: str
    shows: str


@dataclass(frozen=True)
class _Household:
    """How a demo policy is made for the day of the start."""

    shown: DemoPolicy
    others: Callable[[date], tuple[InsuredPerson, ...]] = lambda today: ()
    started: Callable[[date], date] = lambda today: today - timedelta(days=500)
    paid: bool = True
    ended: Callable[[date], date | None] = lambda today: None
    terms: Terms = Terms.PRODUCT_PAGE
    past: Callable[[date], tuple[PastClaim, ...]] = lambda today: ()

    def policy(self, today: date) -> Policy:
        start = self.started(today)
        shown = self.shown
        first, last = shown.name.split(" ", 1)
        holder = InsuredPerson(f"{shown.reference}-1", first, last, shown.date_of_birth, "holder", True)
        return Policy(
            reference=shown.reference,
            email=f"{first}.{last}@example.be".lower().replace(" ", ""),
            language=shown.language,
            confirmed_on=start - timedelta(days=6),
            antivirus_declared_on=start - timedelta(days=6),
            periods=(Period(start - timedelta(days=6), self.ended(today), self.terms),),
            payments=(Payment(start, start if self.paid else None, _MONTHLY),),
            persons=(holder, *self.others(today)),
        )


def _years_ago(today: date, years: int) -> date:
    """A birthday some months back, so that the age holds for the whole demo."""
    return add_months(today, -12 * years) - timedelta(days=120)


def _peeters(today: date) -> tuple[InsuredPerson, ...]:
    return (
        InsuredPerson("CYB-1001-0001-2", "Tom", "Janssens", date(1983, 7, 9), "spouse", True),
        InsuredPerson("CYB-1001-0001-3", "Noor", "Janssens", _years_ago(today, 13), "child", True),
    )


def _dubois(today: date) -> tuple[InsuredPerson, ...]:
    return (
        InsuredPerson("CYB-1002-0002-2", "Claire", "Lambert", date(1981, 10, 25), "partner", True),
        InsuredPerson("CYB-1002-0002-3", "Hugo", "Dubois", _years_ago(today, 16), "child", True),
    )


def _rossi(_: date) -> tuple[InsuredPerson, ...]:
    return (
        InsuredPerson("CYB-6001-0008-2", "Marco", "Rossi", date(1980, 8, 3), "spouse", True),
        InsuredPerson("CYB-6001-0008-3", "Jonas", "Weber", date(1999, 2, 11), "lodger", False),
    )


def _used_up(today: date) -> tuple[PastClaim, ...]:
    return (
        _paid("CYB-5001-0007-A", Incident("non_delivery"), today - timedelta(days=150), 3200),
        _paid("CYB-5001-0007-B", Incident("non_conforming_delivery"), today - timedelta(days=60), 1800),
    )


def _partly_used(today: date) -> tuple[PastClaim, ...]:
    return (_paid("CYB-1003-0003-A", Incident("non_delivery"), today - timedelta(days=90), 450),)


def _paid(claim_id: str, incident: Incident, day: date, euros: int) -> PastClaim:
    return PastClaim(claim_id, incident, day, PastClaimStatus.PAID, Decimal(euros))


_HOUSEHOLDS: tuple[_Household, ...] = (
    _Household(
        DemoPolicy("CYB-1001-0001", date(1985, 3, 14), "nl", "Lies Peeters", "Active for more than a year, a family"),
        others=_peeters,
    ),
    _Household(
        DemoPolicy("CYB-1002-0002", date(1979, 7, 2), "fr", "Marc Dubois", "Active, with partner and son"),
        others=_dubois,
    ),
    _Household(
        DemoPolicy(
            "CYB-1003-0003",
            date(1990, 11, 23),
            "en",
            "Emma Clarke",
            "Active, on the later terms: online purchases go to a person; EUR 450 of the limit used",
        ),
        started=lambda today: today - timedelta(days=300),
        terms=Terms.LATER_PAGE,
        past=_partly_used,
    ),
    _Household(
        DemoPolicy("CYB-2001-0004", date(1994, 5, 30), "nl", "Wout Claes", "First invoice not paid yet"),
        started=lambda today: today - timedelta(days=25),
        paid=False,
    ),
    _Household(
        DemoPolicy("CYB-3001-0005", date(1972, 1, 18), "fr", "Nathalie Leroy", "Ended two months ago"),
        started=lambda today: add_months(today, -26),
        ended=lambda today: add_months(today, -2) - timedelta(days=1),
        terms=Terms.LATER_PAGE,
    ),
    _Household(
        DemoPolicy(
            "CYB-4001-0006",
            date(1988, 9, 5),
            "en",
            "Daniel Novak",
            "Started three weeks ago: data recovery still in its waiting period",
        ),
        started=lambda today: today - timedelta(days=21),
    ),
    _Household(
        DemoPolicy(
            "CYB-5001-0007", date(1969, 12, 11), "nl", "Koen Maes", "Yearly limit for online purchases fully used up"
        ),
        started=lambda today: today - timedelta(days=200),
        past=_used_up,
    ),
    _Household(
        DemoPolicy(
            "CYB-6001-0008",
            date(1982, 4, 27),
            "en",
            "Sofia Rossi",
            "Husband insured; a lodger at the same address is not",
        ),
        others=_rossi,
    ),
)


def demo_policies() -> tuple[DemoPolicy, ...]:
    """List the demo policies: the reference and date of birth to identify with, and what each shows."""
    return tuple(household.shown for household in _HOUSEHOLDS)


def build(today: date) -> list[tuple[Policy, tuple[PastClaim, ...]]]:
    """Make the demo policies with their past claims, as they must be on `today`."""
    return [(household.policy(today), household.past(today)) for household in _HOUSEHOLDS]
