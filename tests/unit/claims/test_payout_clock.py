"""The payout clock: fifteen Belgian days from submission, and none while the claim is out of our hands."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.adapters.clock import belgian_day
from claims.domain.claims import Change, ClaimStatus, ClaimVersion
from claims.domain.deadlines import OVERDUE, PayoutClock, payout_clock, reminder_due
from tests.unit.claims.claim_examples import claim

S = ClaimStatus
JUNE = datetime(2026, 6, 1, 9, tzinfo=UTC)


def clock(
    *stages: tuple[int, ClaimStatus], on: int, begin: datetime = JUNE, amount: int | None = None
) -> PayoutClock | None:
    """The clock on day `on`, when the claim went through `stages`, each with its day after submission."""
    history = [(0, S.SUBMITTED), *stages]
    versions = [
        ClaimVersion(number, begin + timedelta(days=day), "x", Change.MOVED, "", status)
        for number, (day, status) in enumerate(history, start=1)
    ]
    approved = None if amount is None else Decimal(amount)
    shown = claim(status=history[-1][1], submitted_at=begin, approved_amount=approved)
    return payout_clock(shown, versions, 15, belgian_day(begin + timedelta(days=on)), belgian_day)


@pytest.mark.parametrize(("on", "left", "overdue"), [(0, 15, False), (14, 1, False), (15, 0, False), (16, -1, True)])
def test_fifteen_days_from_submission(on: int, left: int, overdue: bool) -> None:
    found = clock((1, S.IN_REVIEW), on=on)
    assert found == PayoutClock(date(2026, 6, 1), date(2026, 6, 16), left, True)
    assert found.overdue is overdue


def test_it_stands_still_while_the_customer_is_asked() -> None:
    asked = ((2, S.IN_REVIEW), (4, S.INFORMATION_REQUESTED))
    for on in (4, 9, 40):
        found = clock(*asked, on=on)
        assert found is not None
        assert (found.days_left, found.running, found.overdue) == (11, False, False)
    after = clock(*asked, (40, S.IN_REVIEW), on=41)
    assert after is not None
    assert (after.counted_from, after.days_left, after.running) == (date(2026, 7, 7), 10, True)
    twice = clock(*asked, (10, S.IN_REVIEW), (11, S.INFORMATION_REQUESTED), (13, S.IN_REVIEW), on=13)
    assert twice is not None
    assert twice.due_on == date(2026, 6, 16) + timedelta(days=6 + 2)


def test_the_time_between_a_decision_and_opening_again_does_not_count() -> None:
    found = clock((1, S.IN_REVIEW), (5, S.DECLINED), (6, S.CLOSED), (105, S.IN_REVIEW), on=105)
    assert found is not None
    assert found.days_left == 10


@pytest.mark.parametrize("status", [S.DECLINED, S.PAID, S.WITHDRAWN, S.CLOSED])
def test_it_ends_when_there_is_nothing_left_to_pay(status: ClaimStatus) -> None:
    assert clock((1, S.IN_REVIEW), (5, status), on=30) is None


def test_an_approval_runs_on_until_it_is_paid_unless_it_is_help_without_money() -> None:
    owed = clock((1, S.IN_REVIEW), (5, S.APPROVED), on=16, amount=100)
    assert owed is not None
    assert owed.overdue
    assert clock((1, S.IN_REVIEW), (5, S.APPROVED), on=16, amount=0) is None


def test_days_are_belgian_days() -> None:
    # 23:30 in UTC is the next day in Belgium; in the night of 29 March 2026 clocks go forward.
    late = clock(on=0, begin=datetime(2026, 6, 1, 22, 30, tzinfo=UTC))
    assert late is not None
    assert late.counted_from == date(2026, 6, 2)
    summer = clock(on=15, begin=datetime(2026, 3, 20, 22, 30, tzinfo=UTC))
    assert summer is not None
    assert (summer.counted_from, summer.due_on) == (date(2026, 3, 20), date(2026, 4, 4))


def test_a_claim_from_before_versions_were_kept_has_a_clock_too() -> None:
    found = payout_clock(claim(submitted_at=JUNE), [], 15, date(2026, 6, 2), belgian_day)
    assert found is not None
    assert found.days_left == 14


@given(pauses=st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=5), rest=st.integers(0, 20))
def test_days_asked_and_days_used_are_all_the_days(pauses: list[tuple[int, int]], rest: int) -> None:
    stages, day, asked = [], 0, 0
    for work, pause in pauses:
        day += work
        stages.append((day, S.INFORMATION_REQUESTED))
        day += pause
        asked += pause
        stages.append((day, S.IN_REVIEW))
    found = clock(*stages, on=day + rest)
    assert found is not None
    assert 15 - found.days_left == day + rest - asked


@pytest.mark.parametrize(
    ("left", "expected"), [(9, None), (6, None), (5, 5), (3, 5), (2, 2), (1, 2), (0, 0), (-1, -1), (-90, -1)]
)
def test_one_reminder_at_a_time(left: int, expected: int | None) -> None:
    assert reminder_due(left, (5, 2, 0, OVERDUE)) == expected


def test_without_days_there_is_no_reminder() -> None:
    assert reminder_due(-3, ()) is None
