"""Card and account numbers do not belong in a claim: they are taken out before an answer is kept."""

from __future__ import annotations

import re

_DIGITS = re.compile(r"(?<!\d)(?:\d[ -]?){13,19}(?!\d)")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){3,7}(?:[ ]?[A-Z0-9]{1,3})?\b")


def without_numbers(text: str) -> str:
    """Replace card numbers (by their check digit) and IBANs (by their check digits) with stars."""
    text = _IBAN.sub(lambda match: "****" if _is_iban(match.group()) else match.group(), text)
    return _DIGITS.sub(lambda match: "**** " if _is_card(match.group()) else match.group(), text)


def _is_card(candidate: str) -> bool:
    digits = [int(character) for character in candidate if character.isdigit()]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _is_iban(candidate: str) -> bool:
    compact = candidate.replace(" ", "")
    moved = compact[4:] + compact[:4]
    return int("".join(str(int(character, 36)) for character in moved)) % 97 == 1
