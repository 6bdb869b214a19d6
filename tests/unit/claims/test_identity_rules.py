"""One-time codes: valid for ten minutes, three tries, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from claims.domain import identity
from claims.domain.errors import CodeExpired, InvalidDate, TooManyCodes, TooManyTries, WrongCode

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
SECRET = "a-secret-for-the-tests"


def challenge(**changes: object) -> identity.Challenge:
    made = identity.new_challenge("c1", "CYB-1001-0001", "123456", SECRET, NOW)
    return replace(made, matched=True, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("typed", ["123456", " 123 456", "123-456"])
def test_the_right_code_works_once(typed: str) -> None:
    used, problem = identity.try_code(challenge(), typed, SECRET, NOW)
    assert problem is None
    with pytest.raises(CodeExpired):
        identity.try_code(used, typed, SECRET, NOW)


def test_the_third_wrong_code_kills_the_challenge() -> None:
    current, left = challenge(), []
    for _ in range(2):
        current, problem = identity.try_code(current, "000000", SECRET, NOW)
        assert isinstance(problem, WrongCode)
        left.append(problem.details["tries_left"])
    assert left == [2, 1]
    current, problem = identity.try_code(current, "000000", SECRET, NOW)
    assert isinstance(problem, TooManyTries)
    with pytest.raises(TooManyTries):
        identity.try_code(current, "123456", SECRET, NOW)


def test_a_challenge_that_matched_nobody_takes_no_code() -> None:
    _, problem = identity.try_code(challenge() and replace(challenge(), matched=False), "123456", SECRET, NOW)
    assert isinstance(problem, WrongCode)


@pytest.mark.parametrize(("later", "works"), [(599, True), (600, False)])
def test_a_code_holds_ten_minutes(later: int, works: bool) -> None:
    moment = NOW + timedelta(seconds=later)
    if works:
        assert identity.try_code(challenge(), "123456", SECRET, moment)[1] is None
    else:
        with pytest.raises(CodeExpired):
            identity.try_code(challenge(), "123456", SECRET, moment)


def test_the_code_is_not_in_the_challenge_and_its_hash_depends_on_the_key() -> None:
    assert "123456" not in repr(challenge())
    assert identity.hash_code("c1", "123456", SECRET) != identity.hash_code("c1", "123456", SECRET + "x")
    assert identity.hash_code("c1", "123456", SECRET) != identity.hash_code("c2", "123456", SECRET)


def test_five_codes_an_hour() -> None:
    identity.allow_another_code(4)
    with pytest.raises(TooManyCodes):
        identity.allow_another_code(5)


@pytest.mark.parametrize("text", ["", "14/03/1985", "1985-02-30", "2026-06-15", "2030-01-01", "1899-12-31"])
def test_a_date_of_birth_is_an_iso_date_in_the_past(text: str) -> None:
    with pytest.raises(InvalidDate):
        identity.date_of_birth(text, date(2026, 6, 15))
    assert identity.date_of_birth(" 1985-03-14 ", date(2026, 6, 15)) == date(1985, 3, 14)
