"""Which case a question about cover is about ("am I covered if my son bought it?"). Pure; the words are data."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from content.facts import Case


def case_of(text: str, language: str, cases: Mapping[str, Case]) -> str | None:
    """Find the case a message is about: the first in which each group of words has one that is said.

    Args:
        text: The message.
        language: en, nl or fr.
        cases: The cases by id, in the order in which they are tried.
    """
    said = f" {_plain(text)} "
    for case, known in cases.items():
        groups = known.words.get(language) or ()
        if groups and all(any(f" {_plain(word)} " in said for word in group) for group in groups):
            return case
    return None


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.lower())
    letters = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(re.findall(r"[\w]+", letters))
