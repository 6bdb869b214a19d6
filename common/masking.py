"""Personal data is masked before anything is written to a log."""

from __future__ import annotations

import re

_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("[email]", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("[iban]", re.compile(r"\b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?\b", re.I)),
    ("[card]", re.compile(r"\b(?:\d[ -]?){13,19}\b")),
    ("[national number]", re.compile(r"\b\d{2}[. ]?\d{2}[. ]?\d{2}[- ]?\d{3}[. ]?\d{2}\b")),
    ("[phone]", re.compile(r"(?:\+|\b0)\d(?:[ ./-]?(?:\(0\))?\d){7,12}\b")),
    ("[policy]", re.compile(r"\bCYB[\s.–—-]*\d{4}[\s.–—-]*\d{4}\b", re.I)),
    ("[date]", re.compile(r"\b(?:\d{4}-\d{2}-\d{2}|\d{1,2}[/.-]\d{1,2}[/.-]\d{4})\b")),
)


def mask(text: str) -> str:
    """Replace e-mail addresses, IBANs, card, national, phone and policy numbers and dates in `text`."""
    for label, pattern in _PATTERNS:
        text = pattern.sub(label, text)
    return text
