"""Policies, the people they insure, and from when to when they hold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from claims.domain.errors import InvalidPolicyReference

_REFERENCE = re.compile(r"CYB-\d{4}-\d{4}", re.ASCII)


class PolicyStatus(StrEnum):
    """Where a policy is in its life on one day."""

    NOT_STARTED = "not_started"
    UNPAID = "unpaid"
    ACTIVE = "active"
    LAPSED = "lapsed"


class PaymentState(StrEnum):
    """How the invoices of a policy stand on one day: the first one is open, a later one is late, or neither."""

    UNPAID = "unpaid"
    OVERDUE = "overdue"
    PAID = "paid"


class Terms(StrEnum):
    """Which published description the contract follows: the sales page, or the later page for existing customers."""

    PRODUCT_PAGE = "product_page"
    LATER_PAGE = "later_page"


@dataclass(frozen=True)
class InsuredPerson:
    """A person who lives at the address of the policy.

    Attributes:
        family: The product page insures family under the same roof; others who live there are known but not insured.
    """

    id: str
    first_name: str
    last_name: str
    date_of_birth: date
    relation: str
    family: bool

    def age_on(self, day: date) -> int:
        """Tell how old the person is on `day`, in whole years."""
        born = self.date_of_birth
        had_birthday = (day.month, day.day) >= (born.month, born.day)
        return day.year - born.year - (not had_birthday)

    def minor_on(self, day: date) -> bool:
        """Tell whether the person is under 18 on `day`."""
        return self.age_on(day) < 18


@dataclass(frozen=True)
class Period:
    """A time in which the contract holds; each anniversary renews it tacitly until it ends.

    Attributes:
        ends_on: The last day, or None while no end is known.
        terms: The published description that holds in it.
    """

    starts_on: date
    ends_on: date | None
    terms: Terms

    def holds_on(self, day: date) -> bool:
        """Tell whether `day` is in it."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True)
class Payment:
    """One invoice; `paid_on` is None while it is open. The amount is in EUR."""

    due_on: date
    paid_on: date | None
    amount: Decimal


@dataclass(frozen=True)
class Policy:
    """One household's insurance.

    Attributes:
        country: Where the holder lives, as an ISO 3166 code.
        confirmed_on: When the confirmation e-mail was sent.
        antivirus_declared_on: When the holder declared an active antivirus program.
        periods: In order, without overlaps.
        payments: In order of their due dates.
    """

    reference: str
    email: str
    language: str
    confirmed_on: date | None
    periods: tuple[Period, ...]
    payments: tuple[Payment, ...]
    persons: tuple[InsuredPerson, ...]
    country: str = "BE"
    antivirus_declared_on: date | None = None

    @property
    def first_invoice_paid_on(self) -> date | None:
        """When the first invoice was paid."""
        return self.payments[0].paid_on if self.payments else None

    @property
    def end_date(self) -> date | None:
        """The last day of cover, when the contract is ended."""
        return self.periods[-1].ends_on if self.periods else None

    @property
    def start_date(self) -> date | None:
        """The first day of cover: the latest of confirmation e-mail, first paid invoice and first period.

        Source: product page, "Once you have received the confirmation email and paid your first invoice".
        """
        if self.confirmed_on is None or self.first_invoice_paid_on is None or not self.periods:
            return None
        return max(self.confirmed_on, self.first_invoice_paid_on, self.periods[0].starts_on)

    @property
    def holder(self) -> InsuredPerson:
        """The person who took out the insurance."""
        return next(person for person in self.persons if person.relation == "holder")

    def paid_on(self, day: date) -> bool:
        """Tell whether the first invoice was paid by `day`."""
        return self.first_invoice_paid_on is not None and self.first_invoice_paid_on <= day

    def period_on(self, day: date) -> Period | None:
        """Find the period that holds on `day`; None before, after and in a gap."""
        return next((period for period in reversed(self.periods) if period.holds_on(day)), None)

    @property
    def terms(self) -> frozenset[Terms]:
        """All terms the contract ever followed."""
        return frozenset(period.terms for period in self.periods)

    def terms_on(self, day: date) -> Terms:
        """Tell which terms hold on `day`; in a gap and after the end those before it, at the outset the first."""
        begun = [period for period in self.periods if period.starts_on <= day]
        known = begun[-1:] or self.periods[:1]
        return known[0].terms if known else Terms.PRODUCT_PAGE

    def in_force_on(self, day: date) -> bool:
        """Tell whether the contract holds on `day`, confirmed and with its first invoice paid."""
        return self.start_date is not None and self.start_date <= day and self.period_on(day) is not None

    def cover_start(self, day: date) -> date | None:
        """Find the first day of the cover that holds on `day`: a contract taken out after a gap starts anew.

        Periods that follow each other without a gap are one contract, for example when only the terms changed.
        """
        if self.start_date is None or not self.in_force_on(day):
            return None
        first = day
        for period in reversed(self.periods):
            if period.starts_on <= first and (period.ends_on is None or period.ends_on >= first - timedelta(days=1)):
                first = period.starts_on
        return max(first, self.start_date)

    def overdue_on(self, day: date) -> bool:
        """Tell whether an invoice after the first was due before `day` and still open on it."""
        return any(
            payment.due_on < day and (payment.paid_on is None or payment.paid_on > day) for payment in self.payments[1:]
        )

    def payment_on(self, day: date) -> PaymentState:
        """Tell how the invoices stand on `day`."""
        if not self.paid_on(day):
            return PaymentState.UNPAID
        return PaymentState.OVERDUE if self.overdue_on(day) else PaymentState.PAID

    def open_since(self, day: date) -> date | None:
        """Find the day the oldest invoice was due that is late and open on `day`, the first one included."""
        late = (
            payment.due_on
            for payment in self.payments
            if payment.due_on < day and (payment.paid_on is None or payment.paid_on > day)
        )
        return min(late, default=None)

    def status_on(self, day: date) -> PolicyStatus:
        """Tell in which state the policy is on `day`."""
        if self.end_date is not None and day > self.end_date:
            return PolicyStatus.LAPSED
        if self.first_invoice_paid_on is None:
            return PolicyStatus.UNPAID
        if self.start_date is None or day < self.start_date:
            return PolicyStatus.NOT_STARTED
        return PolicyStatus.ACTIVE if self.period_on(day) else PolicyStatus.LAPSED

    def person(self, person_id: str) -> InsuredPerson | None:
        """Find a person of this policy."""
        return next((person for person in self.persons if person.id == person_id), None)

    def identified_by(self, date_of_birth: date, today: date) -> bool:
        """Tell whether `date_of_birth` is that of the holder or of an adult insured family member."""
        return any(
            person.date_of_birth == date_of_birth and person.family and not person.minor_on(today)
            for person in self.persons
        )


def policy_reference(text: str) -> str:
    """Read a policy reference as people write it.

    Raises:
        InvalidPolicyReference: It does not look like one.
    """
    reference = text.strip().upper()
    if not _REFERENCE.fullmatch(reference):
        raise InvalidPolicyReference
    return reference
