"""The supervisor's figures, counted from the log: who was helped by whom, how fast, and where people got lost."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import Connection, Row, select

from bot.desk.hours import BRUSSELS
from bot.desk.levels import BREACH, Levels
from bot.desk.masking import preview
from bot.desk.state import BOT, WAITING
from bot.desk.tables import desk_events, desk_feedback, desk_states
from bot.log.tables import conversations, messages

# An intake whose customer said nothing for this long counts as left.
ABANDONED_AFTER = timedelta(hours=1)
MOST_EXAMPLES = 50


@dataclass(frozen=True)
class Period:
    """From a moment up to, not including, another."""

    begin: datetime
    end: datetime

    @property
    def days(self) -> list[date]:
        """Its days in Belgium."""
        first = self.begin.astimezone(BRUSSELS).date()
        last = (self.end - timedelta(microseconds=1)).astimezone(BRUSSELS).date()
        return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def figures(connection: Connection, period: Period, levels: Levels, now: datetime) -> dict[str, Any]:
    """Count everything for a period."""
    said = _said(connection, period)
    happened = _happened(connection, period)
    visitors = {row.conversation for row in said}
    to_person = {row.conversation for row in happened if row.kind in ("queued", "taken")}
    waits = [row.data["waited"] for row in happened if row.kind == "taken" and row.data.get("waited") is not None]
    contained = len(visitors - to_person)
    return {
        "conversations": len(visitors),
        "contained": contained,
        "containment": _share(contained, len(visitors)),
        "to_person": {
            "count": len(waits),
            "median_seconds": round(median(waits)) if waits else None,
            "slowest_tenth_seconds": slowest_tenth(waits),
        },
        "levels": _kept(happened, levels),
        "waiting_now": _waiting_now(connection, now),
        "reasons": dict(Counter(row.data.get("reason") for row in happened if row.kind == "queued").most_common()),
        "resolved": len({row.conversation for row in happened if row.kind == "closed"}),
        "handed_back": sum(row.kind == "released" and row.data.get("to") == "bot" for row in happened),
        "rating": _rating(connection, visitors),
        "abandoned": _abandoned(connection, period, now),
        "not_understood": _not_understood(said),
        "by_day": _by_day(period, said, happened),
    }


def slowest_tenth(waits: Sequence[int]) -> int | None:
    """The wait that nine of ten stay below (nearest rank); None without any."""
    return sorted(waits)[math.ceil(0.9 * len(waits)) - 1] if waits else None


def _said(connection: Connection, period: Period) -> list[Row[Any]]:
    query = (
        select(
            *(messages.c[name] for name in ("id", "conversation", "text", "payload", "understood", "at")),
            desk_feedback.c.intent.label("feedback"),
        )
        .outerjoin(desk_feedback, desk_feedback.c.message == messages.c.id)
        .where(messages.c.author == "customer", messages.c.at >= period.begin, messages.c.at < period.end)
        .order_by(messages.c.id)
    )
    return list(connection.execute(query))


def _happened(connection: Connection, period: Period) -> list[Row[Any]]:
    within = (desk_events.c.at >= period.begin, desk_events.c.at < period.end)
    return list(connection.execute(select(desk_events).where(*within).order_by(desk_events.c.id)))


def _kept(happened: list[Row[Any]], levels: Levels) -> dict[str, Any]:
    """How often a person was there before the service level was broken."""
    kept = broken = 0
    for row in happened:
        waited = (row.data or {}).get("waited") if row.kind == "taken" else None
        if waited is None:
            continue
        since = row.at - timedelta(seconds=waited)
        if levels.level(since, row.data.get("priority"), row.at) == BREACH:
            broken += 1
        else:
            kept += 1
    return {"kept": kept, "broken": broken, "share": _share(kept, kept + broken)}


def _waiting_now(connection: Connection, now: datetime) -> dict[str, Any]:
    query = select(conversations.c.priority, conversations.c.waiting_since).where(conversations.c.mode == WAITING)
    rows = list(connection.execute(query))
    longest = max((now - row.waiting_since for row in rows if row.waiting_since), default=timedelta())
    by_priority = dict(Counter(row.priority or "normal" for row in rows))
    return {"count": len(rows), "longest_seconds": round(longest.total_seconds()), "by_priority": by_priority}


def _rating(connection: Connection, visitors: set[str]) -> dict[str, Any]:
    query = select(conversations.c.id, conversations.c.rating).where(conversations.c.rating.is_not(None))
    scores = [row.rating for row in connection.execute(query) if row.id in visitors]
    average = round(sum(scores) / len(scores), 2) if scores else None
    return {"count": len(scores), "average": average, "by_score": {str(n): scores.count(n) for n in range(1, 6)}}


def _abandoned(connection: Connection, period: Period, now: datetime) -> list[dict[str, Any]]:
    """At which question people left an intake for good, the most frequent first."""
    query = (
        select(desk_states.c.knows)
        .join(conversations, conversations.c.id == desk_states.c.conversation)
        .where(
            desk_states.c.knows.is_not(None),
            conversations.c.mode == BOT,
            conversations.c.last_at >= period.begin,
            conversations.c.last_at < min(period.end, now - ABANDONED_AFTER),
        )
    )
    known = connection.execute(query).scalars()
    left = Counter((each.get("incident"), each.get("asked")) for each in known if each.get("asked"))
    return [
        {"incident": incident, "question": question, "count": count}
        for (incident, question), count in left.most_common()
    ]


def _not_understood(said: list[Row[Any]]) -> dict[str, Any]:
    typed = [row for row in said if row.payload is None and row.understood]
    unsure = [row for row in typed if row.understood.get("unsure")]
    return {
        "count": len(unsure),
        "share": _share(len(unsure), len(typed)),
        "examples": [_example(row) for row in unsure[::-1][:MOST_EXAMPLES]],
    }


def _example(row: Row[Any]) -> dict[str, Any]:
    return {
        "row": row.id,
        "conversation": row.conversation,
        "text": preview(row.text),
        "intent": row.understood.get("intent"),
        "confidence": row.understood.get("confidence"),
        "feedback": row.feedback,
    }


def _by_day(period: Period, said: list[Row[Any]], happened: list[Row[Any]]) -> list[dict[str, Any]]:
    visitors: dict[date, set[str]] = {day: set() for day in period.days}
    people: dict[date, set[str]] = {day: set() for day in period.days}
    for rows, found in ((said, visitors), ([row for row in happened if row.kind in ("queued", "taken")], people)):
        for row in rows:
            found[row.at.astimezone(BRUSSELS).date()].add(row.conversation)
    return [
        {"day": day.isoformat(), "conversations": len(visitors[day]), "to_person": len(people[day])}
        for day in period.days
    ]


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 3) if whole else None
