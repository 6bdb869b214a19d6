"""Reads what a customer typed as an answer: dates, amounts, references, choices. Pure functions, no dialogue."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import dateparser
from dateparser.search import search_dates
from price_parser import Price

from content import LANGUAGES

MAX_TEXT = 2_000
OLDEST_BIRTH = 1900

_POLICY = re.compile(r"\bcyb[\s-]*(\d{4})[\s-]*(\d{4})\b", re.I)
_CODE = re.compile(r"(?<!\d)(\d{3})[\s-]?(\d{3})(?!\d)")
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_DAY_MONTH_YEAR = re.compile(r"\b(\d{1,2})\s*[./-]\s*(\d{1,2})\s*[./-]\s*(\d{4}|\d{2})\b")
_NUMBER = re.compile(r"\d[\d\s., ]*")
# dateparser knows "3 weken geleden" but not the words in Dutch.
_DUTCH_NUMBERS = {"een": "1", "één": "1", "twee": "2", "drie": "3", "vier": "4", "vijf": "5", "zes": "6"}
_DUTCH_UNITS = r"(?=\s+(?:dag|dagen|week|weken|maand|maanden|jaar)\b)"
_YES = {"yes", "y", "yep", "yeah", "ja", "jep", "jawel", "oui", "ouais", "ok", "oke", "oké"}
_NO = {"no", "n", "nope", "nee", "neen", "non", "nee hoor"}


class Unreadable(Exception):
    """The answer cannot be read; `response` names the sentence that explains what is expected."""

    def __init__(self, response: str) -> None:
        super().__init__(response)
        self.response = response


@dataclass(frozen=True)
class Said:
    """One message as the readers need it.

    Attributes:
        text: What was typed.
        intent: What the NLU made of it.
        language: en, nl or fr.
        today: The customer's date.
        options: For choices and persons: id -> title.
    """

    text: str
    intent: str
    language: str
    today: date
    options: Mapping[str, str] = field(default_factory=dict)


def read(kind: str, said: Said) -> Any:
    """Read an answer of `kind` (see data/facts/intake).

    Returns:
        A JSON value: text, ISO date, decimal as text, "yes"/"no", or the id of a choice.

    Raises:
        Unreadable: It is not an answer of that kind.
    """
    return _READERS[kind](said)


def read_text(said: Said) -> str:
    """A free answer, without control characters."""
    text = "".join(c for c in said.text if c in "\n\t" or not unicodedata.category(c).startswith("C")).strip()
    if len(text) > MAX_TEXT:
        raise Unreadable("invalid_text_long")
    if not re.search(r"\w", text):
        raise Unreadable("invalid_text")
    return text


def read_date(said: Said) -> str:
    """A day in the past or today, absolute or relative ("yesterday", "il y a 3 semaines")."""
    found = _find_date(said)
    if found is None:
        raise Unreadable("invalid_date")
    if found > said.today:
        raise Unreadable("invalid_date_future")
    return found.isoformat()


def read_date_of_birth(said: Said) -> str:
    """A date of birth: day, month and year, in numbers or words."""
    numeric = _numeric_date(said.text, said.today)
    has_year = numeric or re.search(r"\b(19|20)\d{2}\b", said.text)
    found = numeric or (_find_date(said) if has_year else None)
    if found is None or not found.year >= OLDEST_BIRTH or found >= said.today:
        raise Unreadable("invalid_date_of_birth")
    return found.isoformat()


def read_amount(said: Said) -> str:
    """An amount in euros, in Belgian or English notation, as a decimal with two places."""
    numbers = _NUMBER.findall(said.text)
    if len([number for number in numbers if number.strip(" .,")]) != 1:
        raise Unreadable("invalid_amount")
    value = Price.fromstring(said.text).amount
    if value is None or not Decimal("0") < value < Decimal("10000000"):
        raise Unreadable("invalid_amount")
    return str(value.quantize(Decimal("0.01")))


def read_policy_reference(said: Said) -> str:
    """A policy reference, however it is spaced: `cyb 1001 0001` -> `CYB-1001-0001`."""
    match = _POLICY.search(said.text)
    if not match:
        raise Unreadable("invalid_policy_reference")
    return f"CYB-{match.group(1)}-{match.group(2)}"


def read_code(said: Said) -> str:
    """A six-digit code, with or without a space in the middle."""
    match = _CODE.search(said.text)
    if not match:
        raise Unreadable("invalid_code")
    return match.group(1) + match.group(2)


def read_yes_no(said: Said) -> str:
    """Yes or no, by the intent or by the word itself."""
    words = _plain(said.text)
    first = words.split(" ")[0] if words else ""
    if said.intent == "affirm" or first in _YES:
        return "yes"
    if said.intent == "deny" or first in _NO:
        return "no"
    raise Unreadable("invalid_yes_no")


def read_choice(said: Said) -> str:
    """One of the options, by its title, its id, or words that only fit one of them."""
    choice = _choose(said)
    if choice is None:
        raise Unreadable("invalid_choice")
    return choice


def read_person(said: Said) -> str:
    """One of the persons on the policy, by name, or "me" for the first one."""
    if re.search(r"\b(me|myself|i|ik|mij|mezelf|ikzelf|moi|moi-meme)\b", _plain(said.text)) and said.options:
        return next(iter(said.options))
    choice = _choose(said)
    if choice is None:
        raise Unreadable("invalid_person")
    return choice


def _choose(said: Said) -> str | None:
    if said.text in said.options:
        return said.text
    text = _plain(said.text)
    for option, title in said.options.items():
        if text in (_plain(option), _plain(title)):
            return option
    words = {word for word in text.split() if len(word) > 2}
    hits = {option: len(words & set(_plain(title).split())) for option, title in said.options.items()}
    best = max(hits.values(), default=0)
    leaders = [option for option, count in hits.items() if count == best]
    return leaders[0] if best and len(leaders) == 1 else None


def _find_date(said: Said) -> date | None:
    numeric = _numeric_date(said.text, said.today)
    if numeric:
        return numeric
    text = said.text.strip().lower()[:200]
    if said.language == "nl":
        for word, digit in _DUTCH_NUMBERS.items():
            text = re.sub(rf"\b{word}{_DUTCH_UNITS}", digit, text)
    settings: Any = {
        "DATE_ORDER": "DMY",
        "PREFER_DATES_FROM": "past",
        "RELATIVE_BASE": datetime.combine(said.today, time(12)),
        "RETURN_AS_TIMEZONE_AWARE": False,
    }
    for language in (said.language, *(other for other in LANGUAGES if other != said.language)):
        whole = dateparser.parse(text, languages=[language], settings=settings)
        if whole and not text.isdigit():
            return whole.date()
        parts = search_dates(text, languages=[language], settings=settings) or []
        parts = [(words, when) for words, when in parts if not words.strip().isdigit() and len(words) > 2]
        if parts:
            return parts[0][1].date()
    return None


def _numeric_date(text: str, today: date) -> date | None:
    iso, local = _ISO.search(text), _DAY_MONTH_YEAR.search(text)
    try:
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        if local:
            year = int(local[3])
            if year < 100:
                year += 2000 if year <= today.year % 100 else 1900
            return date(year, int(local[2]), int(local[1]))
    except ValueError:
        return None
    return None


def _plain(text: str) -> str:
    """Lower case, without accents and punctuation."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    letters = "".join(c for c in decomposed if not unicodedata.combining(c))
    return re.sub(r"[^\w\s-]+", " ", letters).strip()


_READERS = {
    "text": read_text,
    "date": read_date,
    "date_of_birth": read_date_of_birth,
    "amount": read_amount,
    "policy_reference": read_policy_reference,
    "code": read_code,
    "yes_no": read_yes_no,
    "choice": read_choice,
    "person": read_person,
}
