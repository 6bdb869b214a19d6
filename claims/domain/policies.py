"""Policies, the people they insure, and from when to when they hold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from claims.domain.errors import InvalidPolicyReference

_REFERENCE = re.compile(r"CYB-\d{4}-\d{4}", re.ASCII)


class PolicyStatus(StrEnum):
    """Where a policy is in its life on one day."""

    NOT_STARTED = "not_started"
    UNPAID = "unpaid"
    ACTIVE = "active"
    LAPSED = "lapsed"


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

    def minor_on(self, day: date) -> bool:
        """Tell whether the person is under 18 on `day`."""
        born = self.date_of_birth
        had_birthday = (day.month, day.day) >= (born.month, born.day)
        return day.year - born.year - (not had_birthday) < 18


@dataclass(frozen=True)
class Policy:
    """One household's insurance.

    Attributes:
        end_date: The last day of cover, when the contract is ended.
    """

    reference: str
    email: str
    language: str
    terms: Terms
    confirmed_on: date | None
    first_invoice_paid_on: date | None
    end_date: date | None
    persons: tuple[InsuredPerson, ...]

    @property
    def start_date(self) -> date | None:
        """The first day of cover: the later of the confirmation e-mail and the first paid invoice."""
        if self.confirmed_on is None or self.first_invoice_paid_on is None:
            return None
        return max(self.confirmed_on, self.first_invoice_paid_on)

    @property
    def holder(self) -> InsuredPerson:
        """The person who took out the insurance."""
        return next(person for person in self.persons if person.relation == "holder")

    def paid_on(self, day: date) -> bool:
        """Tell whether the first invoice was paid by `day`."""
        return self.first_invoice_paid_on is not None and self.first_invoice_paid_on <= day

    def status_on(self, day: date) -> PolicyStatus:
        """Tell in which state the policy is on `day`."""
        if self.end_date is not None and day > self.end_date:
            return PolicyStatus.LAPSED
        if self.first_invoice_paid_on is None:
            return PolicyStatus.UNPAID
        if self.start_date is None or day < self.start_date:
            return PolicyStatus.NOT_STARTED
        return PolicyStatus.ACTIVE

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
