"""Long text in parts a platform takes, cut where a reader would pause."""

from __future__ import annotations

import re

# From the best place to cut to the worst.
_PLACES = (re.compile(r"\n\n"), re.compile(r"\n"), re.compile(r"(?<=[.!?…])\s+"), re.compile(r"\s+"))


def length(text: str) -> int:
    """Length as the platforms' phones count it: a picture sign outside the first plane is two."""
    return len(text) + sum(1 for char in text if ord(char) > 0xFFFF)


def split(text: str, longest: int) -> list[str]:
    """Parts of at most `longest`; cut at paragraphs, else lines, else sentences, else words."""
    parts, rest = [], text.strip()
    while length(rest) > longest:
        cut, after = _place(rest, longest)
        parts.append(rest[:cut].rstrip())
        rest = rest[after:].lstrip()
    return [*parts, rest] if rest else parts


def shorten(text: str, longest: int) -> str:
    """At most `longest`, with a sign that something is missing."""
    if length(text) <= longest:
        return text
    return text[: _fitting(text, longest - 1)].rstrip() + "…"


def _place(text: str, longest: int) -> tuple[int, int]:
    """Where to end this part and where to begin the next; not in the first half if it can be helped."""
    most = _fitting(text, longest)
    for pattern in _PLACES:
        cuts = [match for match in pattern.finditer(text, 0, most + 1) if most // 2 <= match.start() <= most]
        if cuts:
            return cuts[-1].start(), cuts[-1].end()
    return most, most


def _fitting(text: str, longest: int) -> int:
    """How many characters fit."""
    used = 0
    for count, char in enumerate(text):
        used += 2 if ord(char) > 0xFFFF else 1
        if used > longest:
            return max(1, count)
    return len(text)
