"""A policy as staff see it: ages, how the invoices stand, all limits of a year."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from claims.domain.limits import yearly_limits
from claims.domain.policies import InsuredPerson, Payment, PaymentState, Terms
from tests.unit.claims.claims_builders import BOOK, CHILD, POLICY, START, TODAY, paid, policy

LATE = Payment(date(2026, 3, 1), None, Decimal("4.99"))


@pytest.mark.parametrize(
    ("day", "age"), [(date(2026, 1, 31), 12), (date(2026, 2, 1), 13), (date(2013, 2, 1), 0), (date(2031, 2, 1), 18)]
)
def test_an_age_changes_on_the_birthday(day: date, age: int) -> None:
    assert CHILD.age_on(day) == age
    assert CHILD.minor_on(day) is (age < 18)


def test_who_was_born_on_a_leap_day_is_older_in_march() -> None:
    person = InsuredPerson("p9", "Elke", "Maes", date(2012, 2, 29), "child", True)
    assert (person.age_on(date(2026, 2, 28)), person.age_on(date(2026, 3, 1))) == (13, 14)


def test_how_the_invoices_stand() -> None:
    assert (POLICY.payment_on(TODAY), POLICY.open_since(TODAY)) == (PaymentState.PAID, None)
    never = policy(first_paid=None)
    assert (never.payment_on(TODAY), never.open_since(TODAY)) == (PaymentState.UNPAID, START)
    late = policy(later_payments=(LATE,))
    assert (late.payment_on(TODAY), late.open_since(TODAY)) == (PaymentState.OVERDUE, LATE.due_on)
    # On the day it is due it is not late yet; what was paid later was late until then.
    assert late.payment_on(LATE.due_on) is PaymentState.PAID
    paid_later = policy(later_payments=(Payment(LATE.due_on, TODAY, LATE.amount),))
    assert paid_later.open_since(date(2026, 3, 2)) == LATE.due_on
    assert paid_later.open_since(TODAY) is None


def test_all_limits_of_the_year_a_day_counts_in() -> None:
    past = (paid(date(2026, 5, 1), "450"), paid(date(2026, 2, 28), "1000"))
    found = {each.limit.name: each for each in yearly_limits(BOOK, POLICY, TODAY, past)}
    assert set(found) == {"e_reputation", "online_purchases"}
    purchases = found["online_purchases"]
    # The second one lies in the insurance year before.
    assert (purchases.limit.used, purchases.limit.left) == (Decimal(450), Decimal(4550))
    assert (purchases.first, purchases.last) == (date(2026, 3, 1), date(2027, 2, 28))
    assert {str(each) for each in purchases.incidents} == {"non_delivery", "non_conforming_delivery"}
    assert found["e_reputation"].limit.claims_left == 3


def test_other_terms_have_other_limits() -> None:
    found = yearly_limits(BOOK, policy(terms=Terms.LATER_PAGE), TODAY, ())
    assert {each.limit.name for each in found} >= {"payment_fraud", "data_recovery"}
