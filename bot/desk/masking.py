"""What staff are not shown of what customers write: one-time codes, and in lists whatever identifies a person."""

from __future__ import annotations

import re

from common.masking import mask

HIDDEN_CODE = "••••••"
_LONGEST_PREVIEW = 140
# A one-time code has six digits, alone or in groups; amounts in euros and longer numbers are none.
_CODE = re.compile(r"(?<![\w€.,/-])(?<!€ )(?<!\d )\d(?:[ -]?\d){5}(?![\w€]|[ .,/-]?\d| ?(?:€|eur))", re.I)


def without_codes(text: str) -> str:
    """A customer's message without one-time codes: with one, staff could pass for the customer."""
    return _CODE.sub(HIDDEN_CODE, text)


def preview(text: str) -> str:
    """A line of a list: masked, and short."""
    line = " ".join(without_codes(mask(text)).split())
    return line if len(line) <= _LONGEST_PREVIEW else line[: _LONGEST_PREVIEW - 1] + "…"
