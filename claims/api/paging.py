"""Lists in parts: the answer says where the next part begins."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec

from claims.adapters.places import Place
from common.errors import Unprocessable

T = TypeVar("T")


def place_of(after: str) -> Place | None:
    """Read where a part begins; None at the beginning of the list.

    Raises:
        Unprocessable: It is not what an answer of ours said.
    """
    if not after:
        return None
    try:
        place = msgspec.json.decode(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)), type=Place)
    except ValueError:
        place = None
    if place is None or place.moment.tzinfo is None or "\x00" in place.id:
        raise Unprocessable("invalid_query", "`after` is not what an answer said.", field="$.after")
    return place


def part(rows: Sequence[T], limit: int, place: Callable[[T], Place]) -> tuple[Sequence[T], str | None]:
    """Cut a list that was read one row too long.

    Args:
        rows: Up to `limit` + 1 rows.
        limit: How many are shown.
        place: Tells the place of a row.

    Returns:
        The rows to show, and where the next part begins if there is one.
    """
    if len(rows) <= limit:
        return rows, None
    shown = rows[:limit]
    written = msgspec.json.encode(place(shown[-1]))
    return shown, base64.urlsafe_b64encode(written).decode().rstrip("=")
