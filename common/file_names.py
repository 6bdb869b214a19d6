"""Makes the name a customer gives a file fit to be shown; where the file lies has nothing to do with it."""

from __future__ import annotations

import re
import unicodedata

MAX_NAME = 150
"""Characters of a file name that are kept; the ending stays."""

_NAMELESS = "file"


def clean_name(text: str) -> str:
    """Make a file name fit to be shown: no folders, nothing invisible, not too long.

    Characters without a glyph go, also those that turn the direction of writing: they make `exe.jpg` of `gpj.exe`.
    """
    name = re.split(r"[/\\]", unicodedata.normalize("NFC", text))[-1]
    seen = "".join(" " if character.isspace() else character for character in name)
    seen = "".join(character for character in seen if unicodedata.category(character)[0] != "C")
    seen = re.sub(" +", " ", seen).strip(" .")
    if len(seen) > MAX_NAME:
        stem, dot, ending = seen.rpartition(".")
        ending = (dot + ending)[:10] if stem else ""
        seen = seen[: MAX_NAME - len(ending)] + ending
    return seen or _NAMELESS
