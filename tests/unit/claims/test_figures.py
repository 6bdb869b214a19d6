"""What supervisors see of the work: ages, statuses, time to decision."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from claims.domain.claims import ClaimStatus
from claims.domain.figures import ClaimTimes, figures

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)


def claim(days: float, status: ClaimStatus = ClaimStatus.IN_REVIEW, took_hours: float | None = None) -> ClaimTimes:
    submitted = NOW - timedelta(days=days)
    return ClaimTimes(status, submitted, None if took_hours is None else submitted + timedelta(hours=took_hours))


def ages(*claims: ClaimTimes) -> list[int]:
    return [group.claims for group in figures(claims, NOW).open_by_age]


def test_nothing_is_a_row_of_zeros() -> None:
    empty = figures([], NOW)
    assert set(empty.by_status.values()) == {0}
    assert len(empty.by_status) == len(ClaimStatus)
    assert (empty.decided, empty.median_hours, empty.slowest_tenth_hours) == (0, None, None)


def test_open_claims_are_grouped_by_whole_days() -> None:
    assert ages(claim(0), claim(2.9), claim(3), claim(7.99), claim(8), claim(14.5), claim(15), claim(400)) == [
        2,
        2,
        2,
        2,
    ]


def test_what_is_decided_is_not_open() -> None:
    decided = [
        status for status in ClaimStatus if status.value in {"approved", "declined", "paid", "withdrawn", "closed"}
    ]
    assert ages(*(claim(1, status) for status in decided)) == [0, 0, 0, 0]


def test_the_time_to_decision_counts_recent_decisions_only() -> None:
    recent = [claim(20, ClaimStatus.APPROVED, hours) for hours in (10, 20, 30)]
    long_ago = claim(300, ClaimStatus.PAID, 1)
    found = figures([*recent, long_ago], NOW)
    assert (found.decided, found.median_hours, found.slowest_tenth_hours) == (3, 20.0, 30.0)
    assert found.by_status[ClaimStatus.APPROVED] == 3
