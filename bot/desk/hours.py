"""When the desk is staffed: hours of the week without Belgian public holidays, and how long something took of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.easter import easter

BRUSSELS = ZoneInfo("Europe/Brussels")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_PART = re.compile(r"([a-z]{3})(?:-([a-z]{3}))? (\d{2}):(\d{2})-(\d{2}):(\d{2})")
_FIXED_HOLIDAYS = ((1, 1), (5, 1), (7, 21), (8, 15), (11, 1), (11, 11), (12, 25))
# Easter Monday, Ascension Day, Whit Monday, in days after Easter Sunday.
_AFTER_EASTER = (1, 39, 50)
# A desk that is closed for longer than this has no next opening.
_LONGEST_CLOSED = 31


class InvalidHours(ValueError):
    """The hours cannot be read."""


@dataclass(frozen=True)
class Hours:
    """Opening hours by day of the week; a day may have several."""

    by_day: tuple[tuple[tuple[time, time], ...], ...]
    on_holidays: bool = False

    def on(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """The hours of a day, as moments."""
        if is_holiday(day) and not self.on_holidays:
            return ()
        return tuple((_moment(day, begin), _moment(day, end)) for begin, end in self.by_day[day.weekday()])

    def open_at(self, now: datetime) -> bool:
        """Tell whether the desk is staffed at `now`."""
        return any(begin <= now < end for begin, end in self.on(now.astimezone(BRUSSELS).date()))

    def next_opening(self, now: datetime) -> datetime | None:
        """When the desk opens next, None if it does not within a month."""
        today = now.astimezone(BRUSSELS).date()
        for ahead in range(_LONGEST_CLOSED):
            for begin, _ in self.on(today + timedelta(days=ahead)):
                if begin > now:
                    return begin
        return None

    def minutes_between(self, begin: datetime, end: datetime) -> float:
        """How many minutes of opening hours lie between two moments."""
        day, last = begin.astimezone(BRUSSELS).date(), end.astimezone(BRUSSELS).date()
        total = timedelta()
        while day <= last:
            for opened, closed in self.on(day):
                total += max(timedelta(), min(end, closed) - max(begin, opened))
            day += timedelta(days=1)
        return total.total_seconds() / 60


def read_hours(text: str) -> Hours:
    """Read "mon-fri 08:30-18:00; sat 09:00-12:00"; "always" is day and night.

    Raises:
        InvalidHours: It is written otherwise.
    """
    days: list[list[tuple[time, time]]] = [[] for _ in DAYS]
    if text.strip() == "always":
        return Hours(tuple(((time(0), time.max),) for _ in DAYS), on_holidays=True)
    for part in filter(None, (part.strip() for part in text.lower().split(";"))):
        match = _PART.fullmatch(part)
        if not match or match[1] not in DAYS or (match[2] or match[1]) not in DAYS:
            raise InvalidHours(part)
        first, last = DAYS.index(match[1]), DAYS.index(match[2] or match[1])
        begin, end = _time(match[3], match[4]), _time(match[5], match[6])
        if last < first or end <= begin:
            raise InvalidHours(part)
        for day in range(first, last + 1):
            days[day].append((begin, end))
    return Hours(tuple(tuple(sorted(hours)) for hours in days))


def _moment(day: date, at: time) -> datetime:
    # In UTC: between two moments of one zone Python counts what the clock on the wall shows, also when it is changed.
    return datetime.combine(day, at, BRUSSELS).astimezone(UTC)


def _time(hour: str, minute: str) -> time:
    try:
        return time(int(hour), int(minute))
    except ValueError:
        raise InvalidHours(f"{hour}:{minute}") from None


def is_holiday(day: date) -> bool:
    """Tell whether a day is one of the ten public holidays of Belgium."""
    if (day.month, day.day) in _FIXED_HOLIDAYS:
        return True
    return (day - easter(day.year)).days in _AFTER_EASTER
