"""What a customer must not leave in a conversation: card and account numbers, national numbers, codes, passwords.

They are found here for everybody: the webchat takes them out before anything is kept, the engine names them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

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
# Cards are printed in groups of three to six digits; telephone numbers are written in pairs. A Bancontact card ends
# in a single digit.
_SHORTEST_GROUP = 3
_BANCONTACT = [4, 4, 4, 4, 1]
_MOST_GROUPS = _CARD_LENGTHS[-1] // _SHORTEST_GROUP

# A Belgian national number: date of birth, sequence number, check number.
_NATIONAL = re.compile(r"(?<![\w])(\d{2})[. /-]?(\d{2})[. /-]?(\d{2})[ .-]?(\d{3})[ .-]?(\d{2})(?!\w)")

_IS = r"(?:\s*[:=]\s*|\s+(?:is|was|zijn|waren|luidt|est|était|etait|c['’]est|sont)\s*:?\s+)"
_OF = r"(?:\s+(?:of|for|van|voor|de|du|my|mijn|ma|mon|the|la|le|card|kaart|carte|bank|banque|visa|itsme))*"
_PIN = r"(?:code\s+pin|pin(?:\s?-?code)?|cv[cv]2?|geheime\s+code|secret\s+code|code\s+secret|kaartcode)"
_NUMBER = r"(?P<secret>\d(?:[ -]?\d){2,7})(?![\w/]|[.,-]\d)"
_CODES = (
    re.compile(rf"\b{_PIN}{_OF}(?:{_IS}|\s+){_NUMBER}", re.I),
    re.compile(rf"\bcode{_OF}{_IS}{_NUMBER}", re.I),
)
_OTHER_CODE = re.compile(r"(?:zip|postal|promo|discount|country|error|qr|tracking|order)\s*$", re.I)

_NAMED = r"\b(?:passwords?|passcode|pass\s?word|pwd|wachtwoord(?:en)?|paswoord|ww|mots?\s+de\s+passe|mdp)"
_PASSWORD = re.compile(rf"{_NAMED}{_OF}(?P<is>{_IS})[\"'«“‘]?\s?(?P<secret>[^\s\"'»”’]{{4,64}})", re.I)
# After "is" stands a password or the rest of a sentence: one has a figure or a sign within, the other has not.
_LOOKS_SECRET = re.compile(r"(?=.*[A-Za-zÀ-ÿ])(?=.*[\d!@#$%^&*_+=?]).{5,}|\d{4,}")

# A one-time code has six digits. Ours is one of them, it has to reach the intake, and it is spent once it is used.
_ONE_TIME = 6


@dataclass(frozen=True)
class Finding:
    """A place in a text. `kind`: card_number, iban, national_number, code or password."""

    kind: str
    start: int
    end: int


def find(text: str) -> list[Finding]:
    """All that is sensitive in a text, in order, without overlap."""
    found: list[Finding] = []
    for finding in _all(text):
        if all(finding.end <= other.start or finding.start >= other.end for other in found):
            found.append(finding)
    return sorted(found, key=lambda finding: finding.start)


def without_sensitive(text: str) -> str:
    """Replace what is sensitive with stars; one-time codes of six digits stay."""
    for finding in reversed(find(text)):
        said = text[finding.start : finding.end]
        if finding.kind == "code" and sum(map(str.isdigit, said)) == _ONE_TIME:
            continue
        text = text[: finding.start] + STARS + text[finding.end :]
    return text


def _all(text: str) -> Iterator[Finding]:
    yield from (Finding("iban", start, end) for start, end in _accounts(text))
    yield from (Finding("card_number", start, end) for start, end in _cards(text))
    for match in _NATIONAL.finditer(text):
        if _is_national("".join(match.groups())):
            yield Finding("national_number", match.start(), match.end())
    for match in _PASSWORD.finditer(text):
        # "My password is gone" gives none away.
        if match["is"].strip() in (":", "=") or _LOOKS_SECRET.fullmatch(match["secret"].rstrip(".,;!?")):
            yield Finding("password", match.start("secret"), match.end("secret"))
    for pattern in _CODES:
        for match in pattern.finditer(text):
            if not _OTHER_CODE.search(text[: match.start()]):
                yield Finding("code", match.start("secret"), match.end("secret"))


def _accounts(text: str) -> Iterator[tuple[int, int]]:
    """IBANs, by their check digits."""
    position = 0
    while match := _ACCOUNT.search(text[position:]):
        start = position + match.start()
        candidate = match.group()
        length = _IBAN_LENGTH.get(candidate[:2].upper(), 0)
        places = [place for place, character in enumerate(candidate) if character.isalnum()]
        account = "".join(candidate[place] for place in places[:length])
        if length and len(account) == length and _is_iban(account):
            position = start + places[length - 1] + 1
            yield start, position
        else:
            # What follows may hold one: "from BE.. to BE..".
            position = start + len(_BEGINNING)


def _cards(text: str) -> Iterator[tuple[int, int]]:
    for match in _DIGITS.finditer(text):
        yield from _cards_in_run(match.group(), match.start())


def _cards_in_run(run: str, offset: int) -> Iterator[tuple[int, int]]:
    """Card numbers in a run of digits, in which a date or a check code may stand before or after them."""
    groups = list(re.finditer(r"\d+", run))
    first = 0
    while first < len(groups):
        # No more groups than a card has, or a row of many figures would take seconds.
        for last in range(min(len(groups), first + _MOST_GROUPS), first, -1):
            if _is_card([group.group() for group in groups[first:last]]):
                yield offset + groups[first].start(), offset + groups[last - 1].end()
                first = last
                break
        else:
            first += 1


def _is_card(groups: list[str]) -> bool:
    digits = [int(character) for character in "".join(groups)]
    if len(digits) not in _CARD_LENGTHS or digits[0] not in range(2, 7):
        return False
    sizes = [len(group) for group in groups]
    if min(sizes) < _SHORTEST_GROUP and sizes != _BANCONTACT:
        return False
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _is_iban(account: str) -> bool:
    moved = account[4:] + account[:4]
    return int("".join(str(int(character, 36)) for character in moved)) % 97 == 1


def _is_national(digits: str) -> bool:
    """Its last two digits check the nine before; a 2 stands before those of births from 2000 on."""
    if not 1 <= int(digits[4:6]) <= 31:
        return False
    return any(97 - int(born + digits[:9]) % 97 == int(digits[9:]) for born in ("", "2"))
