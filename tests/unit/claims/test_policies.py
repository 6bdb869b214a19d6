"""When a policy holds, and who may identify for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from claims.demo.policies import build, demo_policies
from claims.domain.errors import InvalidPolicyReference
from claims.domain.policies import PolicyStatus, policy_reference
from tests.unit.claims.claims_builders import CHILD, HOLDER, LODGER, POLICY, START, TODAY


def test_cover_starts_at_the_later_of_confirmation_and_payment() -> None:
    assert POLICY.start_date == START
    assert replace(POLICY, confirmed_on=date(2025, 4, 1)).start_date == date(2025, 4, 1)
    assert replace(POLICY, confirmed_on=None).start_date is None


@pytest.mark.parametrize(
    ("changes", "day", "status"),
    [
        ({}, START - timedelta(days=1), PolicyStatus.NOT_STARTED),
        ({}, START, PolicyStatus.ACTIVE),
        ({"end_date": TODAY}, TODAY, PolicyStatus.ACTIVE),
        ({"end_date": TODAY}, TODAY + timedelta(days=1), PolicyStatus.LAPSED),
        ({"first_invoice_paid_on": None}, TODAY, PolicyStatus.UNPAID),
        ({"confirmed_on": None}, TODAY, PolicyStatus.NOT_STARTED),
    ],
)
def test_the_status_on_a_day(changes: dict[str, date | None], day: date, status: PolicyStatus) -> None:
    assert replace(POLICY, **changes).status_on(day) is status  # type: ignore[arg-type]


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
