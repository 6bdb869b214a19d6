"""Facts are read from whatever a customer answered."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.domain.facts import FACT_NAMES, CausedBy, Facts, LossCause, YesNo, read_facts


def test_known_facts_are_read_and_other_answers_left_alone() -> None:
    answers = {
        "incident_date": "2026-06-01",
        "victim": "p1",
        "amount": " 240.50 ",
        "caused_by": "housemate",
        "consent": None,
        "loss_cause": "malware",
        "foreseeable": " unknown ",
        "what_happened": "a long story",
    }
    facts, unreadable = read_facts(answers, ["p1"])
    assert facts == Facts(
        date(2026, 6, 1),
        victim="p1",
        amount=Decimal("240.50"),
        caused_by=CausedBy.HOUSEMATE,
        loss_cause=LossCause.MALWARE,
        foreseeable=YesNo.UNKNOWN,
    )
    assert unreadable == ()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("incident_date", "yesterday"),
        ("incident_date", "2026-02-30"),
        ("incident_date", "2026-W05-1"),
        ("incident_date", "20260201"),
        ("incident_date", "9999-12-31"),
        ("discovery_date", "0001-01-01"),
        ("amount", "-1"),
        ("amount", "1e9"),
        ("amount", "NaN"),
        ("amount", "1,50"),
        ("amount", "1.005"),
        ("amount", "٣"),
        ("victim", "p9"),
        ("victim", ""),
        ("private_use", "PRIVATE!"),
        ("caused_by", "me"),
        ("purchase_from", ""),
        ("consent", "yes"),
        ("loss_cause", "bad luck"),
        ("data_authorised", "true"),
        ("unlawful_activity", "maybe"),
        ("spread_by_institution", "1"),
        ("extraordinary_event", "Yes"),
        ("foreseeable", ""),
        ("recovery_impossible", "nee"),
    ],
)
def test_what_cannot_be_read_stays_unanswered(name: str, text: str) -> None:
    assert read_facts({name: text}, ["p1"]) == (Facts(), (name,))


@given(st.dictionaries(st.sampled_from(FACT_NAMES), st.text(max_size=30)))
def test_no_text_breaks_the_reading(answers: dict[str, str]) -> None:
    facts, unreadable = read_facts(answers, ["p1"])
    assert set(unreadable) <= set(answers)
    assert all(getattr(facts, name) is None for name in unreadable)
