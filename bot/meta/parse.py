"""One webhook body -> the events in it. A pure function that never fails: what it cannot read is an event too."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from bot.meta.events import Event, Ignored
from bot.meta.messenger import parse_page
from bot.meta.reading import items
from bot.meta.whatsapp import parse_account

_READERS: dict[str, Callable[[dict[str, Any]], Iterator[Event]]] = {
    "page": parse_page,
    "whatsapp_business_account": parse_account,
}


def parse(body: bytes) -> list[Event]:
    """The events of all entries, in the order they came."""
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError):
        return [_unreadable("not_json")]
    read = _READERS.get(str(payload.get("object"))) if isinstance(payload, dict) else None
    if read is None:
        return [_unreadable("unknown_object")]
    return [event for entry in items(payload, "entry") for event in read(entry)]


def _unreadable(kind: str) -> Ignored:
    return Ignored(channel="meta", account="", customer="", kind=kind)
