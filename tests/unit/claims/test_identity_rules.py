"""One-time codes: valid for ten minutes, five tries, once; and how long the host page's word holds."""

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


def test_the_fifth_wrong_code_kills_the_challenge() -> None:
    current, left = challenge(), []
    for _ in range(4):
        current, problem = identity.try_code(current, "000000", SECRET, NOW)
        assert isinstance(problem, WrongCode)
        left.append(problem.details["tries_left"])
    assert left == [4, 3, 2, 1]
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


def test_so_many_codes_an_hour() -> None:
    identity.allow_another_code(4, 5)
    with pytest.raises(TooManyCodes):
        identity.allow_another_code(5, 5)


def test_spellings_of_one_address_count_as_one_and_cannot_be_read_back_without_the_key() -> None:
    one = identity.hash_address("J\u00f6rg@Example.be", SECRET)
    assert one == identity.hash_address(" jo\u0308RG@example.BE ", SECRET)
    assert one != identity.hash_address("jorg@example.be", SECRET)
    assert one != identity.hash_address("J\u00f6rg@Example.be", SECRET + "x")


@pytest.mark.parametrize(
    ("issued", "valid_from", "expires", "holds"),
    [
        (0, 0, 600, True),
        (0, 0, 601, False),
        (0, 0, 0, False),
        (-600, -600, -29, True),
        (-600, -600, -30, False),
        (30, 30, 60, True),
        (31, 31, 60, False),
        (0, 31, 60, False),
    ],
)
def test_the_host_page_s_word_holds_ten_minutes_at_most(
    issued: int, valid_from: int, expires: int, holds: bool
) -> None:
    moments = [NOW + timedelta(seconds=seconds) for seconds in (issued, valid_from, expires)]
    assert identity.HostClaims("CYB-1001-0001", "hash", *moments).hold_at(NOW) is holds


@pytest.mark.parametrize("text", ["", "14/03/1985", "1985-02-30", "2026-06-15", "2030-01-01", "1899-12-31"])
def test_a_date_of_birth_is_an_iso_date_in_the_past(text: str) -> None:
    with pytest.raises(InvalidDate):
        identity.date_of_birth(text, date(2026, 6, 15))
    assert identity.date_of_birth(" 1985-03-14 ", date(2026, 6, 15)) == date(1985, 3, 14)
