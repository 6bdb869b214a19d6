"""What arrived and is not yet in the log: kept in one statement, so that Meta has its 200 at once."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, delete, insert, select

from bot.meta import events as kinds
from bot.meta.events import EPOCH, Event
from bot.meta.tables import arrivals
from bot.webchat.rules import LONGEST_STORED, clean
from common.sensitive import without_sensitive

# So many events go into the log in one transaction: another call of Meta's must not wait for a whole batch.
AT_ONCE = 10
_KINDS: dict[str, type[Event]] = {
    kind.__name__: kind
    for kind in (
        *(kinds.Said, kinds.Chose, kinds.GaveFiles, kinds.Wordless, kinds.Edited, kinds.Arrived, kinds.Reacted),
        *(kinds.Echo, kinds.Routed, kinds.Progress),
    )
}


def keep(connection: Connection, events: Iterable[Event], now: datetime) -> None:
    """Keep a batch, in order. Card and account numbers are taken out before."""
    said = [[type(event).__name__, msgspec.to_builtins(_safe(event))] for event in in_order(events)]
    rows = [{"events": json.dumps(said[at : at + AT_ONCE]), "at": now} for at in range(0, len(said), AT_ONCE)]
    connection.execute(insert(arrivals), rows)


def in_order(events: Iterable[Event]) -> list[Event]:
    """By conversation, and there by the platform's time; what has none stays behind what it came after."""
    last, timed = EPOCH, []
    for event in events:
        last = event.at if event.at != EPOCH else last
        timed.append((event.conversation, last, event))
    return [event for _, _, event in sorted(timed, key=lambda each: each[:2])]


def first(connection: Connection) -> Row[Any] | None:
    """The part of a batch that waits longest, held until the transaction ends."""
    query = select(arrivals).order_by(arrivals.c.id).limit(1).with_for_update()
    return connection.execute(query).one_or_none()


def drop(connection: Connection, row: int) -> None:
    """Forget a part that is in the log."""
    connection.execute(delete(arrivals).where(arrivals.c.id == row))


def read(said: str) -> list[Event]:
    """The events of a kept part."""
    return [msgspec.convert(values, _KINDS[kind]) for kind, values in json.loads(said)]


def _safe(event: Event) -> Event:
    if isinstance(event, kinds.Said | kinds.GaveFiles | kinds.Edited | kinds.Echo):
        return replace(event, text=as_kept(event.text))
    return replace(event, title=as_kept(event.title)) if isinstance(event, kinds.Chose) else event


def as_kept(said: str) -> str:
    """What a customer wrote, as it may be kept: no control characters, no card or account numbers."""
    return without_sensitive(clean(said)[:LONGEST_STORED])
