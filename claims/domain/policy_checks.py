"""What a policy from outside must be like before it is kept: whatever file or system it comes from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from claims.domain.policies import InsuredPerson, Policy

LANGUAGES = ("en", "nl", "fr")

_MOST_PERSONS = 30
_MOST_PERIODS = 50
_MOST_PAYMENTS = 500
_HIGHEST_AMOUNT = Decimal(100_000)
_LONGEST_NAME = 100
_LONGEST_EMAIL = 254
_EARLIEST, _LATEST = date(1900, 1, 1), date(2100, 12, 31)
_EMAIL = re.compile(r"[^\s@,;<>\"]{1,64}@[^\s@,;<>\"]+\.[^\s@,;<>\".]{2,}")
_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)
_WORD = re.compile(r"[a-z][a-z_]{0,19}", re.ASCII)
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}", re.ASCII)


def person_id(reference: str, key: str) -> str | None:
    """Make the id of a person from what the source calls them within the policy; None when that is no plain word.

    Ids are unique over all policies here, whatever a source does, because the reference is part of them.
    """
    return f"{reference}-{key}" if _ID.fullmatch(key) else None


def flaws(policy: Policy, today: date) -> tuple[str, ...]:
    """Say what is wrong with a policy, in sentences that repeat nothing of it; empty when it can be kept."""
    own = [sentence for sentence, sound in _CHECKS.items() if not sound(policy)]
    theirs = [sentence for person in policy.persons for sentence in person_flaws(person, today)]
    return tuple(dict.fromkeys(own + theirs))


def person_flaws(person: InsuredPerson, today: date) -> tuple[str, ...]:
    """Say what is wrong with one person of a policy, likewise."""
    return tuple(sentence for sentence, sound in _PERSON_CHECKS.items() if not sound(person, today))


def _days(policy: Policy) -> Iterator[date]:
    """Every day a policy names, but for those of its persons."""
    days = [policy.confirmed_on, policy.antivirus_declared_on]
    days += [day for period in policy.periods for day in (period.starts_on, period.ends_on)]
    days += [day for payment in policy.payments for day in (payment.due_on, payment.paid_on)]
    yield from (day for day in days if day is not None)


def _in_order(policy: Policy) -> bool:
    periods = policy.periods
    if any(period.ends_on is not None and period.ends_on < period.starts_on for period in periods):
        return False
    return all(one.ends_on is not None and one.ends_on < following.starts_on for one, following in pairwise(periods))


def _due_in_order(policy: Policy) -> bool:
    return all(one.due_on < following.due_on for one, following in pairwise(policy.payments))


def _amounts(policy: Policy) -> bool:
    amounts = [payment.amount for payment in policy.payments]
    return all(
        amount.is_finite() and 0 <= amount <= _HIGHEST_AMOUNT and amount == round(amount, 2) for amount in amounts
    )


def _named(person: InsuredPerson, _: date) -> bool:
    return all(0 < len(name) <= _LONGEST_NAME and name.isprintable() for name in (person.first_name, person.last_name))


def _one_holder(policy: Policy) -> bool:
    holders = [person for person in policy.persons if person.relation == "holder"]
    return len(holders) == 1 and holders[0].family


def _unique(values: Sequence[Any]) -> bool:
    return len(set(values)) == len(values)


_PERSON_CHECKS: dict[str, Callable[[InsuredPerson, date], bool]] = {
    "a name is empty, too long or holds signs that cannot be printed": _named,
    "the date of birth is not in the past, or before 1900": lambda person, today: (
        _EARLIEST <= person.date_of_birth < today
    ),
    "the relation is no short word in small letters": lambda person, _: bool(_WORD.fullmatch(person.relation)),
}

_CHECKS: dict[str, Callable[[Policy], bool]] = {
    "the mail address is no mail address": lambda policy: (
        len(policy.email) <= _LONGEST_EMAIL and policy.email.isprintable() and bool(_EMAIL.fullmatch(policy.email))
    ),
    f"the language is none of {', '.join(LANGUAGES)}": lambda policy: policy.language in LANGUAGES,
    "the country is no code of two capital letters": lambda policy: bool(_COUNTRY.fullmatch(policy.country)),
    "a date is before 1900 or after 2100": lambda policy: all(_EARLIEST <= day <= _LATEST for day in _days(policy)),
    "the periods are not in order, or one begins before the other ended": _in_order,
    "the invoices are not in the order of different due dates": _due_in_order,
    "an amount is not between 0 and 100000 euros in whole cents": _amounts,
    "two persons have the same id": lambda policy: _unique([person.id for person in policy.persons]),
    "there is not exactly one holder, who is insured": _one_holder,
    "there are too many persons, periods or invoices": lambda policy: (
        len(policy.persons) <= _MOST_PERSONS
        and len(policy.periods) <= _MOST_PERIODS
        and len(policy.payments) <= _MOST_PAYMENTS
    ),
}
