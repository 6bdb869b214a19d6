"""Time as the service sees it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]
"""Tells the time, with a zone."""

BELGIUM = ZoneInfo("Europe/Brussels")


def utc_now() -> datetime:
    """Tell the time."""
    return datetime.now(UTC)


def belgian_day(moment: datetime) -> date:
    """Tell which day it is for the customer, whose contract counts in Belgian days."""
    return moment.astimezone(BELGIUM).date()
