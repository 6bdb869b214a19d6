"""Reads JSON nobody promised us the shape of: a wrong type is as good as nothing there."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

LONGEST_ID = 200


def at(value: Any, *path: str) -> Any:
    """What stands at a path of keys, None if it does not."""
    for key in path:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


def text(value: Any, *path: str) -> str:
    """The text at a path; empty if there is none."""
    found = at(value, *path)
    return found if isinstance(found, str) else ""


def number_text(value: Any, *path: str) -> str:
    """An id that is written as a text or as a number."""
    found = at(value, *path)
    return str(found) if isinstance(found, int) and not isinstance(found, bool) else text(value, *path)


def items(value: Any, *path: str) -> Iterator[dict[str, Any]]:
    """The objects of the list at a path."""
    found = at(value, *path)
    if isinstance(found, list):
        yield from (each for each in found if isinstance(each, dict))


def moment(value: Any, *path: str, unit: int = 1) -> datetime | None:
    """A moment given as seconds (`unit` 1) or milliseconds (1000), number or digits."""
    found = number_text(value, *path)
    try:
        return datetime.fromtimestamp(int(found) / unit, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def digits(value: Any, *path: str) -> str:
    """The id of an account or a customer: up to 32 digits; empty if it is anything else."""
    found = number_text(value, *path)
    return found if 0 < len(found) <= 32 and found.isascii() and found.isdigit() else ""


def message_id(value: Any, *path: str) -> str:
    """The platform's id of a message, short and plain enough for the log; empty if there is none."""
    found = text(value, *path)
    if len(found) <= LONGEST_ID and found.isascii() and found.isprintable():
        return found
    return made_id(found)


def made_id(*parts: Any) -> str:
    """An id made from what came: the same again for a repeat."""
    shown = json.dumps(parts, sort_keys=True, default=str)
    return "made:" + hashlib.sha256(shown.encode()).hexdigest()[:40]


def word(found: str) -> str:
    """A name of the platform's own, safe for logs: short, and letters only."""
    return found if 0 < len(found) <= 40 and found.isascii() and found.replace("_", "").isalpha() else "unknown"
