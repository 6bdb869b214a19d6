"""A policy from outside is kept only when it makes sense, and what is wrong is said without repeating it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from claims.domain.policies import Payment, Period, Terms
from claims.domain.policy_checks import flaws, person_flaws, person_id
from tests.unit.claims.claims_builders import CHILD, HOLDER, POLICY, TODAY

DAY = date(2025, 1, 10)


def period(starts: date, ends: date | None = None) -> Period:
    return Period(starts, ends, Terms.PRODUCT_PAGE)


def invoice(amount: str, due: date = DAY) -> Payment:
    return Payment(due, None, Decimal(amount))


def test_a_sound_policy_has_no_flaws() -> None:
    assert flaws(POLICY, TODAY) == ()
    next_day = DAY + timedelta(days=1)
    several = replace(
        POLICY, periods=(period(DAY, DAY), period(next_day)), payments=(invoice("0"), invoice("9", next_day))
    )
    assert flaws(several, TODAY) == ()


@pytest.mark.parametrize(
    ("changes", "flaw"),
    [
        ({"email": "nobody"}, "mail address"),
        ({"email": "a@b.be\nBcc: c@d.be"}, "mail address"),
        ({"email": "a@b.be\x7f"}, "mail address"),
        ({"language": "de"}, "language"),
        ({"country": "be"}, "country"),
        ({"confirmed_on": date(1899, 12, 31)}, "before 1900"),
        ({"periods": (period(date(2101, 1, 1)),)}, "after 2100"),
        ({"periods": (period(DAY, DAY - timedelta(days=1)),)}, "periods"),
        ({"periods": (period(DAY), period(DAY + timedelta(days=9)))}, "periods"),
        ({"periods": (period(DAY, DAY), period(DAY))}, "periods"),
        ({"payments": (invoice("4.99"), invoice("4.99"))}, "invoices"),
        ({"payments": (invoice("-0.01"),)}, "amount"),
        ({"payments": (invoice("4.999"),)}, "amount"),
        ({"payments": (invoice("Infinity"),)}, "amount"),
        ({"payments": (invoice("100000.01"),)}, "amount"),
        ({"payments": tuple(invoice("1", DAY + timedelta(days=day)) for day in range(501))}, "too many"),
        ({"persons": (HOLDER, HOLDER)}, "two persons"),
        ({"persons": ()}, "one holder"),
        ({"persons": (CHILD,)}, "one holder"),
        ({"persons": (HOLDER, replace(HOLDER, id="p9"))}, "one holder"),
        ({"persons": (replace(HOLDER, family=False),)}, "one holder"),
        ({"persons": (replace(HOLDER, first_name=""),)}, "name"),
        ({"persons": (replace(HOLDER, last_name="x\u202ey"),)}, "name"),
        ({"persons": (HOLDER, replace(CHILD, relation="Child"))}, "relation"),
        ({"persons": (HOLDER, replace(CHILD, date_of_birth=TODAY))}, "date of birth"),
        ({"persons": (HOLDER, replace(CHILD, date_of_birth=date(1899, 12, 31)))}, "date of birth"),
    ],
)
def test_each_flaw_is_named(changes: dict[str, Any], flaw: str) -> None:
    found = flaws(replace(POLICY, **changes), TODAY)
    assert any(flaw in sentence for sentence in found)


def test_a_flaw_of_several_persons_is_named_once() -> None:
    bad = replace(CHILD, relation="?")
    assert person_flaws(bad, TODAY) == ("the relation is no short word in small letters",)
    policy = replace(POLICY, persons=(HOLDER, bad, replace(bad, id="p9")))
    assert flaws(policy, TODAY) == person_flaws(bad, TODAY)


def test_ids_of_persons_hold_the_policy_and_nothing_strange() -> None:
    assert person_id("CYB-1001-0001", "2") == "CYB-1001-0001-2"
    assert len(person_id("CYB-1001-0001", "x" * 40) or "") <= 64
    assert [person_id("CYB-1001-0001", key) for key in ("", "../1", "a b", "x" * 41, "é", "1\n")] == [None] * 6
