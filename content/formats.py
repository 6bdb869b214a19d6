"""Dates, amounts and durations as a reader of the language expects them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

# Belgian conventions: a comma for decimals in Dutch and French, the euro sign where each language puts it.
_LOCALES = {"en": "en_IE", "nl": "nl_BE", "fr": "fr_BE"}

_UNITS: dict[str, dict[str, tuple[str, str]]] = {
    "en": {
        "day": ("day", "days"),
        "month": ("month", "months"),
        "year": ("year", "years"),
        "hour": ("hour", "hours"),
        "minute": ("minute", "minutes"),
    },
    "nl": {
        "day": ("dag", "dagen"),
        "month": ("maand", "maanden"),
        "year": ("jaar", "jaar"),
        "hour": ("uur", "uur"),
        "minute": ("minuut", "minuten"),
    },
    "fr": {
        "day": ("jour", "jours"),
        "month": ("mois", "mois"),
        "year": ("an", "ans"),
        "hour": ("heure", "heures"),
        "minute": ("minute", "minutes"),
    },
}


def amount(value: Any, language: str) -> str:
    """Format euros; whole amounts without cents: `€ 5.000` in Dutch, `5 000 €` in French, `€5,000` in English."""
    number = Decimal(str(value))
    pattern = None
    locale = _LOCALES[language]
    if number == number.to_integral_value():
        pattern = {"en": "¤#,##0", "nl": "¤ #,##0", "fr": "#,##0 ¤"}[language]
    return format_currency(number, "EUR", format=pattern, locale=locale, currency_digits=pattern is None)


def day(value: date | str, language: str) -> str:
    """Format a date in words: `3 November 2026`, `3 november 2026`, `3 novembre 2026`."""
    when = date.fromisoformat(value) if isinstance(value, str) else value
    return format_date(when, "d MMMM y", locale=_LOCALES[language])


def labelled(label: str, value: str, language: str) -> str:
    """Put what something is before it: `Amount: €240`; French has a no-break space before the colon."""
    return f"{label}\u00a0: {value}" if language == "fr" else f"{label}: {value}"


def quantity(value: Any, unit: str, language: str) -> str:
    """Format a fact with its unit.

    Args:
        value: Number or text.
        unit: EUR, EUR_per_month, a time unit (`day`, `month`, ...), `count` or `text`.
    """
    if unit.startswith("EUR"):
        return amount(value, language)
    if unit in _UNITS[language]:
        singular, plural = _UNITS[language][unit]
        # French counts 0 and 1 as singular, the others only 1.
        one = value in (0, 1) if language == "fr" else value == 1
        return f"{value} {singular if one else plural}"
    if unit == "count":
        return format_decimal(value, locale=_LOCALES[language])
    return str(value)
