"""Plain date arithmetic that the rules need."""

from __future__ import annotations

import calendar
import re
from datetime import date

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def iso_date(text: str) -> date | None:
    """Read YYYY-MM-DD between 1900 and 2100; None when it is anything else.

    `date.fromisoformat` alone also takes week dates and years at the edge, where adding a year fails.
    """
    if not _ISO.fullmatch(text):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1900 <= day.year <= 2100 else None


def add_months(day: date, months: int) -> date:
    """Go `months` forward to the same day of the month, or to its last day when it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def anniversary_on_or_before(start: date, day: date) -> date:
    """Find the last anniversary of `start` up to `day`; before `start` they are counted backwards."""
    years = day.year - start.year
    candidate = add_months(start, 12 * years)
    return candidate if candidate <= day else add_months(start, 12 * (years - 1))
