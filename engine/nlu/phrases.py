"""Words that say distress in so many words. What is said plainly must not depend on what a model has seen before."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping


class Phrases:
    """Patterns that are heard in a text, unless one that only looks like them is there too."""

    def __init__(self, values: Mapping[str, list[str]]) -> None:
        """Compile the patterns.

        Args:
            values: Regular expressions by language, and under `not` those of look-alikes (data/distress.yml).

        Raises:
            re.error: A pattern is none.
        """
        self._said = [re.compile(pattern) for name, patterns in values.items() if name != "not" for pattern in patterns]
        self._not = [re.compile(pattern) for pattern in values.get("not", [])]

    def hears(self, text: str) -> bool:
        """Tell whether the text says it."""
        text = plain(text)
        said = any(pattern.search(text) for pattern in self._said)
        return said and not any(pattern.search(text) for pattern in self._not)


def plain(text: str) -> str:
    """Small letters without accents, one space between words, one kind of apostrophe."""
    letters = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    return re.sub(r"\s+", " ", re.sub(r"[’‘´`]", "'", letters))
