"""The queue of those who wait for a person: who comes in, at which place, how long it takes, what they are told."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from babel.dates import format_datetime
from sqlalchemy import Connection, Row, case, func, select, update

from bot.desk import sentences as say
from bot.desk.hours import BRUSSELS, Hours
from bot.desk.state import BOT, PRIORITIES, WAITING, Standing, more_urgent, note, record, standing
from bot.desk.tables import desk_presence
from bot.log.model import Handover, Says
from bot.log.tables import conversations

log = structlog.get_logger()

# Without a sign of life for this long, a member of staff is not there.
PRESENT_FOR = timedelta(minutes=2)
# What a customer did not ask for is told once; asked for again, they hear their place again.
_ASKED_FOR = {"wanted"}
_LOCALES = {"en": "en_GB", "nl": "nl_BE", "fr": "fr_BE"}

Say = Callable[..., Says]


@dataclass(frozen=True)
class Queue:
    """Puts conversations into the queue and says so.

    Attributes:
        say: Renders a sentence: `say(key, language, **values)`.
        hours: When the desk is staffed.
        minutes_each: How long a conversation takes a member of staff, for the expected wait.
    """

    say: Say
    hours: Hours
    minutes_each: int = 5

    def hand_over(
        self, connection: Connection, conversation: str, language: str, handovers: Iterable[Handover], now: datetime
    ) -> Says | None:
        """Put a locked conversation into the queue; returns what the customer is told, None if nothing.

        If that fails, the answers of the turn are not to be lost with it, and the customer hears that nobody comes.
        """
        try:
            with connection.begin_nested():
                return self._enter(connection, conversation, language, tuple(handovers), now)
        except Exception as error:
            log.error("handover.failed", conversation=conversation, kind=type(error).__name__, exc_info=error)
            return self.say(say.FAILED, language)

    def _enter(
        self, connection: Connection, conversation: str, language: str, handovers: tuple[Handover, ...], now: datetime
    ) -> Says | None:
        before = standing(connection, conversation, lock=True)
        new = before.mode == BOT
        first = min(handovers, key=lambda each: PRIORITIES.index(more_urgent(each.priority, "low")))
        enter(connection, before, first.reason, first.priority, now)
        if not new and not any(each.reason in _ASKED_FOR for each in handovers):
            return None
        distress = any(each.reason == "distress" for each in handovers)
        if distress:
            # Whoever writes again hears the crisis lines first, and nothing of queues.
            note(connection, conversation, told_noted=True)
        return self.say(say.DISTRESS, language) if distress else self.tell(connection, conversation, language, now)

    def tell(self, connection: Connection, conversation: str, language: str, now: datetime) -> Says:
        """What somebody in the queue is told: their place, or that nobody is there, and what can be done."""
        if present(connection, now):
            waiting = place(connection, conversation, now, self.minutes_each)
            if waiting:
                return self.say(say.QUEUE, language, place=str(waiting[0]), minutes=str(waiting[1]))
        opens = None if self.hours.open_at(now) else self.hours.next_opening(now)
        if opens is None:
            return self.say(say.NOBODY, language)
        return self.say(say.OUTSIDE_HOURS, language, opens=_moment(opens, language))


def enter(connection: Connection, before: Standing, reason: str, priority: str, now: datetime) -> None:
    """Put a locked conversation into the queue, or make it more urgent there; with a person it stays.

    The mode `waiting` lets the assistant answer, so the epoch does not move: a turn that runs answers the customer.
    """
    urgency = more_urgent(priority, before.priority if before.mode != BOT else "low")
    columns: dict[str, object] = {"priority": urgency}
    if before.mode == BOT:
        columns |= {"mode": WAITING, "waiting_since": now}
        note(connection, before.id, told_noted=False, told_long=False, level=None, closed_at=None, asked_contact=None)
    connection.execute(update(conversations).where(conversations.c.id == before.id).values(columns))
    note(connection, before.id, reason=reason[:64])
    record(connection, before.id, "queued", now, reason=reason[:64], priority=urgency)


def leave(connection: Connection, before: Standing, now: datetime) -> bool:
    """Take a locked conversation out of the queue again; False if it was not in it."""
    if before.mode != WAITING:
        return False
    values = {"mode": BOT, "waiting_since": None, "priority": None}
    connection.execute(update(conversations).where(conversations.c.id == before.id).values(values))
    note(connection, before.id, asked_contact=None)
    record(connection, before.id, "left", now)
    return True


def place(
    connection: Connection, conversation: str, now: datetime, minutes_each: int = 5
) -> tuple[int, int | None] | None:
    """The place in the queue and the expected wait in minutes (None while nobody is present); None if not in it."""
    ids = [row.id for row in waiting(connection)]
    if conversation not in ids:
        return None
    number = ids.index(conversation) + 1
    staff = present(connection, now)
    return number, expected_minutes(number, staff, minutes_each) if staff else None


def expected_minutes(number: int, staff: int, minutes_each: int) -> int:
    """How long somebody at a place waits when each of `staff` people needs `minutes_each` for a conversation."""
    return max(1, math.ceil(number / staff) * minutes_each)


def waiting(connection: Connection) -> list[Row[tuple[str, datetime | None, str | None]]]:
    """The queue in its order: the most urgent first, then who waits longest."""
    rank = case({name: number for number, name in enumerate(PRIORITIES)}, value=conversations.c.priority, else_=2)
    query = (
        select(conversations.c.id, conversations.c.waiting_since, conversations.c.priority)
        .where(conversations.c.mode == WAITING)
        .order_by(rank, conversations.c.waiting_since, conversations.c.id)
    )
    return list(connection.execute(query))


def present(connection: Connection, now: datetime) -> int:
    """How many members of staff are there and take conversations."""
    query = (
        select(func.count())
        .select_from(desk_presence)
        .where(desk_presence.c.state == "available", desk_presence.c.seen_at > now - PRESENT_FOR)
    )
    return int(connection.execute(query).scalar_one())


def _moment(at: datetime, language: str) -> str:
    return format_datetime(at, "EEEE d MMMM, HH:mm", tzinfo=BRUSSELS, locale=_LOCALES[language])
