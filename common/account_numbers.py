"""Card and account numbers do not belong in a conversation or a claim: they are taken out before anything is kept."""

from __future__ import annotations

import re

STARS = "****"

_SPACE = r"[ \u00a0\u202f.-]"
_DIGITS = re.compile(rf"(?<![\w])\d(?:{_SPACE}?\d){{12,}}(?!\w)")
_ACCOUNT = re.compile(rf"\b[A-Z]{{2}}\d{{2}}(?:{_SPACE}?[A-Z0-9]){{11,40}}", re.I)
# How long an account number is, by country: what follows it ("BIC ...") is not part of it.
_LENGTHS = (
    "AT20 BE16 BG22 CH21 CY28 CZ24 DE22 DK18 EE20 ES24 FI18 FR27 GB22 GR27 HR21 HU28 IE22 IS26 IT27 LI21 LT20 LU20 "
    "LV21 MC27 MT31 NL18 NO15 PL28 PT25 RO24 SE24 SI19 SK24 SM27"
)
_IBAN_LENGTH = {code[:2]: int(code[2:]) for code in re.findall(r"\w+", _LENGTHS)}
_BEGINNING = "BE68"
_CARD_LENGTHS = range(13, 20)
# Cards are printed in groups of three to six digits; telephone numbers are written in pairs.
_SHORTEST_GROUP = 3


def without_numbers(text: str) -> str:
    """Replace card numbers (by their check digit) and IBANs (by their check digits) with stars."""
    text = _ACCOUNT.sub(lambda match: _without_account(match.group()), text)
    return _DIGITS.sub(lambda match: _without_card(match.group()), text)


def _without_account(candidate: str) -> str:
    length = _IBAN_LENGTH.get(candidate[:2].upper(), 0)
    places = [place for place, character in enumerate(candidate) if character.isalnum()]
    account = "".join(candidate[place] for place in places[:length])
    found = length and len(account) == length and _is_iban(account)
    end = places[length - 1] + 1 if found else len(_BEGINNING)
    # What follows may hold the next one: "from BE68 ... to BE71 ...".
    rest = _ACCOUNT.sub(lambda match: _without_account(match.group()), candidate[end:])
    return (STARS if found else candidate[:end]) + rest


def _without_card(run: str) -> str:
    """Take the card number out of a run of digits, in which a date or a check code may stand before or after it."""
    groups = list(re.finditer(r"\d+", run))
    for first in range(len(groups)):
        for last in range(len(groups), first, -1):
            part = groups[first:last]
            if _is_card([group.group() for group in part]):
                return run[: part[0].start()] + STARS + _without_card(run[part[-1].end() :])
    return run


def _is_card(groups: list[str]) -> bool:
    digits = [int(character) for character in "".join(groups)]
    if len(digits) not in _CARD_LENGTHS or digits[0] not in range(2, 7):
        return False
    if min(map(len, groups)) < _SHORTEST_GROUP:
        return False
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _is_iban(account: str) -> bool:
    moved = account[4:] + account[:4]
    return int("".join(str(int(character, 36)) for character in moved)) % 97 == 1
