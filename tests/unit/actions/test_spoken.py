"""Amounts that are typed as they are said, in three languages; what is not one number is not guessed."""

from __future__ import annotations

from datetime import date

import pytest

from actions.days import names_day
from actions.reading import Said, read_amount
from actions.spoken import number_in_words


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "about two hundred euros", 200),
        ("en", "two hundred and fifty euro I think", 250),
        ("en", "I lost twelve hundred euros", 1200),
        ("en", "a thousand euros", 1000),
        ("en", "Seventy-five.", 75),
        ("nl", "tweehonderdvijftig euro", 250),
        ("nl", "ongeveer driehonderd euro denk ik", 300),
        ("nl", "een euro of driehonderd", 300),
        ("nl", "vijfentwintig", 25),
        ("nl", "duizend tweehonderd euro", 1200),
        ("nl", "vijftienhonderd euro zeker", 1500),
        ("nl", "tweeëntachtig euro", 82),
        ("fr", "deux cent cinquante euros", 250),
        ("fr", "quatre-vingt-dix euros", 90),
        ("fr", "nonante-cinq euros", 95),
        ("fr", "environ mille deux cents euros", 1200),
        ("fr", "deux mille", 2000),
        ("fr", "vingt et un euros", 21),
    ],
)
def test_a_number_in_words_is_read(language: str, text: str, value: int) -> None:
    assert number_in_words(text, language) == value


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "two or three hundred euros"),
        ("en", "I paid for two pairs"),
        ("en", "three payments of fifty euros and one of ten euros"),
        ("en", "hundreds of euros"),
        ("en", "half a thousand euros"),
        ("nl", "geen euro"),
        ("nl", "een euro"),
        ("nl", "honderden euro's"),
        ("nl", "drie keer vijftig euro"),
        ("nl", "anderhalf duizend euro"),
        ("fr", "aucun euro"),
        ("fr", "entre cent et deux cents euros"),
        ("fr", "deux ou trois cents euros"),
    ],
)
def test_what_is_not_one_number_is_not_guessed(language: str, text: str) -> None:
    assert number_in_words(text, language) is None


def test_an_amount_is_read_from_words() -> None:
    assert read_amount(Said("driehonderd euro", "", "nl", date(2026, 11, 22))) == "300.00"


@pytest.mark.parametrize(
    "text", ["4 days ago", "il y a 6 jours", "ce matin vers 10h", "3 weken geleden", "vorige week"]
)
def test_a_day_that_is_counted_is_not_named(text: str) -> None:
    assert not names_day(text)


@pytest.mark.parametrize("text", ["3/11", "3 november om 10 uur", "le 12", "2026-11-03"])
def test_a_day_in_figures_is_named(text: str) -> None:
    assert names_day(text)
