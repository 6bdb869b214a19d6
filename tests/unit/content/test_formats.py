"""Amounts, dates and durations as readers of each language expect them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from content import formats


def plain(text: str) -> str:
    """With ordinary spaces, whichever kind the language uses."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("value", "en", "nl", "fr"),
    [
        (5000, "€5,000", "€ 5.000", "5 000 €"),
        ("5000.00", "€5,000", "€ 5.000", "5 000 €"),
        ("1234.5", "€1,234.50", "€ 1.234,50", "1 234,50 €"),
        (4.99, "€4.99", "€ 4,99", "4,99 €"),
        (0, "€0", "€ 0", "0 €"),
        ("-12.10", "-€12.10", "€ -12,10", "-12,10 €"),
    ],
)
def test_amounts(value: Any, en: str, nl: str, fr: str) -> None:
    assert [plain(formats.amount(value, language)) for language in ("en", "nl", "fr")] == [en, nl, fr]


def test_a_number_and_its_sign_stay_on_one_line() -> None:
    for language in ("en", "nl", "fr"):
        assert " " not in formats.amount("12345.60", language)


def test_french_has_a_space_before_a_colon_that_no_line_breaks_at() -> None:
    assert formats.labelled("Amount", "€240", "en") == "Amount: €240"
    assert formats.labelled("Bedrag", "€ 240", "nl") == "Bedrag: € 240"
    assert formats.labelled("Montant", "240", "fr") == "Montant\u00a0: 240"


def test_dates_in_words() -> None:
    day = date(2026, 8, 3)
    assert [formats.day(day, language) for language in ("en", "nl", "fr")] == [
        "3 August 2026",
        "3 augustus 2026",
        "3 août 2026",
    ]
    assert formats.day("2026-08-03", "nl") == "3 augustus 2026"


@pytest.mark.parametrize(
    ("value", "unit", "en", "nl", "fr"),
    [
        (1, "year", "1 year", "1 jaar", "1 an"),
        (2, "month", "2 months", "2 maanden", "2 mois"),
        (15, "day", "15 days", "15 dagen", "15 jours"),
        (1, "day", "1 day", "1 dag", "1 jour"),
        (0, "day", "0 days", "0 dagen", "0 jour"),
        (24, "hour", "24 hours", "24 uur", "24 heures"),
        (3, "count", "3", "3", "3"),
        (5000, "EUR", "€5,000", "€ 5.000", "5 000 €"),
        ("0487", "text", "0487", "0487", "0487"),
    ],
)
def test_quantities(value: Any, unit: str, en: str, nl: str, fr: str) -> None:
    said = [plain(formats.quantity(value, unit, language)) for language in ("en", "nl", "fr")]
    assert said == [en, nl, fr]
