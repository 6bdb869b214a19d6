"""When a policy holds, and who may identify for it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from claims.demo.policies import build, demo_policies
from claims.domain.errors import InvalidPolicyReference
from claims.domain.policies import Payment, Period, PolicyStatus, Terms, policy_reference
from tests.unit.claims.claims_builders import CHILD, CONFIRMED, HOLDER, LODGER, POLICY, START, TODAY, policy

DAY = timedelta(days=1)
GAP = (
    Period(CONFIRMED, date(2025, 12, 31), Terms.PRODUCT_PAGE),
    Period(date(2026, 3, 1), None, Terms.LATER_PAGE),
)


def test_cover_starts_at_the_later_of_confirmation_and_payment() -> None:
    assert POLICY.start_date == START
    assert policy(confirmed=date(2025, 4, 1)).start_date == date(2025, 4, 1)
    assert policy(confirmed=None).start_date is None
    assert policy(periods=()).start_date is None
    assert policy(payments=()).start_date is None


def test_cover_does_not_start_before_the_first_period() -> None:
    later = Period(date(2025, 4, 1), None, Terms.PRODUCT_PAGE)
    assert policy(periods=(later,)).start_date == date(2025, 4, 1)


@pytest.mark.parametrize(
    ("day", "terms", "start"),
    [
        (CONFIRMED - DAY, Terms.PRODUCT_PAGE, None),
        (START - DAY, Terms.PRODUCT_PAGE, None),
        (START, Terms.PRODUCT_PAGE, START),
        (date(2025, 12, 31), Terms.PRODUCT_PAGE, START),
        (date(2026, 1, 1), Terms.PRODUCT_PAGE, None),
        (date(2026, 2, 28), Terms.PRODUCT_PAGE, None),
        (date(2026, 3, 1), Terms.LATER_PAGE, date(2026, 3, 1)),
    ],
)
def test_the_periods_decide_what_holds_on_a_day(day: date, terms: Terms, start: date | None) -> None:
    held = policy(periods=GAP)
    assert (held.terms_on(day), held.cover_start(day), held.in_force_on(day)) == (terms, start, start is not None)


def test_periods_without_a_gap_are_one_contract() -> None:
    periods = (
        Period(CONFIRMED, date(2025, 12, 31), Terms.PRODUCT_PAGE),
        Period(date(2026, 1, 1), None, Terms.LATER_PAGE),
    )
    assert policy(periods=periods).cover_start(TODAY) == START


def test_without_periods_nothing_holds_and_the_product_page_is_the_authority() -> None:
    empty = policy(periods=())
    assert (empty.terms_on(TODAY), empty.in_force_on(TODAY)) == (Terms.PRODUCT_PAGE, False)


@pytest.mark.parametrize(
    ("due", "paid", "overdue"),
    [
        (TODAY - DAY, None, True),
        (TODAY - DAY, TODAY + DAY, True),
        (TODAY - DAY, TODAY, False),
        (TODAY, None, False),
    ],
)
def test_an_invoice_is_overdue_after_its_day_until_it_is_paid(due: date, paid: date | None, overdue: bool) -> None:
    assert policy(later_payments=(Payment(due, paid, Decimal("4.99")),)).overdue_on(TODAY) is overdue


def test_the_first_invoice_has_a_rule_of_its_own() -> None:
    assert not policy(first_paid=None).overdue_on(TODAY)


@pytest.mark.parametrize(
    ("changes", "day", "status"),
    [
        ({}, START - DAY, PolicyStatus.NOT_STARTED),
        ({}, START, PolicyStatus.ACTIVE),
        ({"end": TODAY}, TODAY, PolicyStatus.ACTIVE),
        ({"end": TODAY}, TODAY + DAY, PolicyStatus.LAPSED),
        ({"periods": GAP}, date(2026, 1, 1), PolicyStatus.LAPSED),
        ({"periods": GAP}, TODAY, PolicyStatus.ACTIVE),
        ({"first_paid": None}, TODAY, PolicyStatus.UNPAID),
        ({"confirmed": None}, TODAY, PolicyStatus.NOT_STARTED),
    ],
)
def test_the_status_on_a_day(changes: dict[str, Any], day: date, status: PolicyStatus) -> None:
    assert policy(**changes).status_on(day) is status


def test_the_holder_and_adult_family_identify_but_no_child_and_no_lodger() -> None:
    assert POLICY.identified_by(HOLDER.date_of_birth, TODAY)
    assert not POLICY.identified_by(CHILD.date_of_birth, TODAY)
    assert POLICY.identified_by(CHILD.date_of_birth, date(2031, 2, 1))
    assert not POLICY.identified_by(LODGER.date_of_birth, TODAY)
    assert not POLICY.identified_by(date(1985, 3, 15), TODAY)


@pytest.mark.parametrize(("day", "minor"), [(date(2031, 1, 31), True), (date(2031, 2, 1), False)])
def test_a_child_is_of_age_on_the_birthday(day: date, minor: bool) -> None:
    assert CHILD.minor_on(day) is minor


@pytest.mark.parametrize("text", ["CYB-1001-0001", " cyb-1001-0001 "])
def test_a_reference_is_read_as_people_write_it(text: str) -> None:
    assert policy_reference(text) == "CYB-1001-0001"


@pytest.mark.parametrize("text", ["", "CYB-1001-001", "CYB-1001-0001\n1", "CYB-١٠٠١-0001", "XYZ-1001-0001"])
def test_anything_else_is_no_reference(text: str) -> None:
    with pytest.raises(InvalidPolicyReference):
        policy_reference(text)


@pytest.mark.parametrize(
    "today", [date(2026, 11, 22), date(2027, 1, 1), date(2027, 12, 31), date(2028, 2, 29), date(2028, 3, 1)]
)
def test_each_demo_policy_shows_the_same_at_every_start(today: date) -> None:
    policies = {policy.reference: policy for policy, _ in build(today)}
    states = {reference: policy.status_on(today) for reference, policy in policies.items()}
    assert states.pop("CYB-2001-0004") is PolicyStatus.UNPAID
    assert states.pop("CYB-3001-0005") is PolicyStatus.LAPSED
    assert set(states.values()) == {PolicyStatus.ACTIVE}
    assert [policies["CYB-1001-0001"].persons[2].minor_on(today)] == [True]
    assert policies["CYB-5001-0007"].start_date == today - timedelta(days=200)
    for shown in demo_policies():
        assert policies[shown.reference].identified_by(shown.date_of_birth, today)
        assert policies[shown.reference].email.endswith("@example.be")
