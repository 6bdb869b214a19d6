"""Finds the day that a customer's words name, in three languages. Pure functions over text."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any

import dateparser
from dateparser.search import search_dates

from actions import words
from content import LANGUAGES

_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_DAY_MONTH_YEAR = re.compile(r"\b(\d{1,2})\s*[./-]\s*(\d{1,2})\s*[./-]\s*(\d{4}|\d{2})\b")
# In a sentence with a day: "last week, for 80 euro".
_MONEY = re.compile(r"(?:€|\beur)\s*[0-9][0-9.,]*|[0-9][0-9.,]*\s*(?:€|euros?\b|eur\b)")


def find_day(text: str, language: str, today: date) -> date | None:
    """Find the day a text names, absolute or relative to `today`; None if it names none."""
    numeric = numeric_day(text, today)
    if numeric:
        return numeric
    text = words.TIME.sub(" ", words.ORDINAL.sub(r"\1", text.strip().lower()[:200]))
    if words.VAGUE.search(text):
        return None
    rest = words.PERIOD.sub(" ", text)
    if rest == text:
        return _day_in(text, language, today)
    by_name = bool(words.WEEKDAY.search(rest) and words.WEEK.search(text))
    if not (names_day(rest) or by_name):
        return None
    found = _day_in(rest, language, today)
    return _in_week_before(found, today) if found and by_name and words.LAST_WEEK.search(text) else found


def _in_week_before(weekday: date, today: date) -> date:
    """ "Monday last week" is never this week's."""
    this_week = today - timedelta(days=today.weekday())
    return weekday - timedelta(days=7) if weekday >= this_week else weekday


def _day_in(text: str, language: str, today: date) -> date | None:
    french = bool(words.FRENCH_AGO.search(text))
    text = words.FRENCH_AGO.sub("il y a", text)
    for pattern, known in words.DAY_WORDS[language]:
        text = re.sub(pattern, known, text)
    settings: Any = {
        "DATE_ORDER": "DMY",
        "PREFER_DATES_FROM": "past",
        "RELATIVE_BASE": datetime.combine(today, time(12)),
        "RETURN_AS_TIMEZONE_AWARE": False,
        # "In March" is no date, and "I may have" is no May; a weekday is one.
        "REQUIRE_PARTS": [] if words.WEEKDAY.search(text) else ["day"],
    }
    spoken = "fr" if french else language
    for tried in (spoken, *(other for other in LANGUAGES if other != spoken)):
        whole = dateparser.parse(text, languages=[tried], settings=settings)
        if whole and not text.isdigit():
            return whole.date()
        parts = search_dates(text, languages=[tried], settings=settings) or []
        parts = [(part, when) for part, when in parts if not part.strip().isdigit() and len(part) > 2]
        if parts:
            return parts[0][1].date()
    return None


def numeric_day(text: str, today: date) -> date | None:
    """Read a day in figures, the day before the month; None if there is none, or no such day."""
    iso, local = _ISO.search(text), _DAY_MONTH_YEAR.search(text)
    try:
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        if local:
            year = int(local[3])
            if year < 100:
                year += 2000 if year <= today.year % 100 else 1900
            return date(year, int(local[2]), int(local[1]))
    except ValueError:
        return None
    return None


def names_a_time(text: str) -> bool:
    """Tell whether it says when, only not on which day: "last week", "in March", "a few days ago"."""
    text = text.strip().lower()[:200]
    in_month = words.MONTH.search(text) and not re.search(r"\b[0-9]{1,2}\b", text)
    return bool(words.PERIOD.search(text) or words.VAGUE_DAYS.search(text) or in_month)


def names_day(text: str) -> bool:
    """Tell whether a date is named in figures ("3/11"); "4 days ago", "at 10" and "80 euro" are none."""
    rest = _MONEY.sub(" ", text.lower())
    return bool(re.search(r"\d", words.TIME.sub(" ", words.COUNTED.sub(" ", rest))))
