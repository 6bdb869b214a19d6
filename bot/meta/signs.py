"""Signs of our messages: echoes, statuses, read marks. They come late, twice and in any order."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Row, and_, or_, select, update

from bot.meta.deliveries import Outbox
from bot.meta.errors import GIVEN_UP, Kind, classify_code
from bot.meta.events import Echo, Progress
from bot.meta.job import DELIVERED, FAILED, READ, SENDING, SENT, WAITING
from bot.meta.outcomes import fail, tell
from bot.meta.tables import deliveries

_ORDER = {WAITING: 0, SENDING: 1, SENT: 2, DELIVERED: 3, READ: 4}


def confirm(connection: Connection, echo: Echo) -> bool:
    """Whether this echo is of a message of ours; then it went out, whatever we were told."""
    if not echo.key:
        return False
    ours = deliveries.c.key == echo.key
    if connection.execute(select(deliveries.c.id).where(ours)).one_or_none() is None:
        return False
    doubtful = and_(ours, deliveries.c.state.in_((WAITING, SENDING, FAILED)))
    connection.execute(update(deliveries).where(doubtful).values(state=SENT, platform_id=echo.id, error=None))
    return True


def advance(connection: Connection, progress: Progress, outbox: Outbox, now: datetime) -> None:
    """Note how far our messages came; nothing ever goes back."""
    for row in connection.execute(select(deliveries).where(_which(progress))).all():
        if progress.state == FAILED:
            _failed(connection, row, progress, outbox, now)
        elif row.state in _ORDER and _ORDER[row.state] < _ORDER[progress.state]:
            changes = {"state": progress.state, "error": None}
            if row.platform_id is None and len(progress.ids) == 1:
                changes["platform_id"] = progress.ids[0]
            connection.execute(update(deliveries).where(deliveries.c.id == row.id).values(changes))
            if row.author == "staff":
                tell(connection, row.conversation, row.seq, progress.state, now)


def _which(progress: Progress) -> ColumnElement[bool]:
    """The rows a sign is about: by our key, by the platform's ids, or all up to a moment."""
    ways: list[ColumnElement[bool]] = []
    if progress.ids:
        ways.append(deliveries.c.platform_id.in_(progress.ids))
    if progress.key:
        # A row that was sent again has another id by now; a sign of the first try says nothing of the second.
        same = or_(deliveries.c.platform_id.is_(None), deliveries.c.platform_id.in_(progress.ids))
        ways.append(and_(deliveries.c.key == progress.key, same))
    if progress.until is not None and not progress.ids:
        gone = deliveries.c.state.in_((SENT, DELIVERED))
        here = deliveries.c.conversation == progress.conversation
        ways.append(and_(here, gone, deliveries.c.sent_at <= progress.until))
    return or_(*ways) if ways else deliveries.c.id.is_(None)


def _failed(
    connection: Connection, row: Row[tuple[object, ...]], progress: Progress, outbox: Outbox, now: datetime
) -> None:
    """WhatsApp takes a message and says later that it did not arrive."""
    if row.state not in (SENDING, SENT):
        return
    kind = classify_code(progress.codes[0]) if progress.codes else Kind.REFUSED
    if kind in GIVEN_UP or kind is Kind.HALT or row.attempts >= outbox.attempts:
        fail(connection, row.id, kind.value, now)
        return
    again = {
        "state": WAITING,
        "error": kind.value,
        "platform_id": None,
        "next_at": outbox.retry_at(row.attempts, now, 0),
    }
    connection.execute(update(deliveries).where(deliveries.c.id == row.id).values(again))
