"""Service levels: how long somebody may wait for a person, in opening hours and by priority."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.desk.hours import Hours

OK, WARNING, BREACH = "ok", "warning", "breach"
_PLACES = {"urgent": 0, "high": 1}


@dataclass(frozen=True)
class Levels:
    """Minutes until the warning and until the breach, each for urgent, high and the others."""

    hours: Hours
    warning: tuple[int, ...]
    breach: tuple[int, ...]

    @staticmethod
    def read(hours: Hours, warning: Sequence[str], breach: Sequence[str]) -> Levels:
        """From the settings."""
        return Levels(hours, tuple(map(int, warning)), tuple(map(int, breach)))

    def waited(self, since: datetime, priority: str | None, now: datetime) -> float:
        """Minutes that count: what is urgent counts day and night, the rest in opening hours."""
        if priority == "urgent":
            return (now - since).total_seconds() / 60
        return self.hours.minutes_between(since, now)

    def level(self, since: datetime | None, priority: str | None, now: datetime) -> str:
        """Where somebody stands who waits since `since`."""
        if since is None:
            return OK
        place = _PLACES.get(priority or "", 2)
        waited = self.waited(since, priority, now)
        if waited >= self.breach[place]:
            return BREACH
        return WARNING if waited >= self.warning[place] else OK
