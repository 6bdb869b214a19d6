"""Reads what a customer typed as an answer: dates, amounts, references, choices. Pure functions, no dialogue."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from price_parser import Price

from actions import words
from actions.days import find_day, names_a_time, numeric_day
from actions.spoken import number_in_words

MAX_TEXT = 2_000
OLDEST_BIRTH = 1900
# A time that is no day: kinder words than for what is no date at all.
NO_DAY = "invalid_date_no_day"

# Phones turn a hyphen into a dash of their own.
_POLICY = re.compile(r"\bcyb[\s.–—-]*([0-9]{4})[\s.–—-]*([0-9]{4})\b", re.I)
_CODE = re.compile(r"(?<![0-9])(?<![0-9][\s-])[0-9](?:[\s-]?[0-9]){5}(?![\s-]?[0-9])")
_NUMBER = re.compile(r"\d+(?:[\s.,]+\d+)*")
# 1 234,56 and 1.234,56 and 1,234.56 and 1234,5; not 12 34 and not 0.001.
_AMOUNT = re.compile(r"(?:[1-9][0-9]{0,2}(?:([\s.,])[0-9]{3})(?:\1[0-9]{3})*|[0-9]+)(?:[.,][0-9]{1,2})?")
# "-50", "2k", "1,5 million": a number that says something else than its digits.
_BEFORE_NUMBER = re.compile(r"[-−–]\s*(?:€|eur)?\s*$", re.I)
_AFTER_NUMBER = re.compile(r"\s*(?:k\b|thousand|duizend|mille\b|mil(?:joen|jard|lion|liard)|%)", re.I)

# "2 x 120 euro": one amount, but not the one asked for.
_TIMES = re.compile(r"\d\s*(?:x|×|\*|keer|times|fois)\s*\d", re.I)


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
        also: For choices: id -> other words for it.
        found: Facts the engine found in the message: kind -> their values.
    """

    text: str
    intent: str
    language: str
    today: date
    options: Mapping[str, str] = field(default_factory=dict)
    also: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    found: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def read(kind: str, said: Said) -> Any:
    """Read an answer of `kind` (see data/facts/intake).

    Returns:
        A JSON value: text, ISO date, decimal as text, "yes"/"no", or the id of a choice.

    Raises:
        Unreadable: It is not an answer of that kind.
    """
    try:
        return _READERS[kind](said)
    except Unreadable:
        # "I paid 240 euro for 2 pairs" holds two numbers, but only one amount.
        only = said.found.get(kind, ())
        if len(only) != 1 or _TIMES.search(said.text):
            raise
        return _READERS[kind](replace(said, text=only[0], found={}))


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
    found = find_day(said.text, said.language, said.today)
    if found is None:
        raise Unreadable(NO_DAY if names_a_time(said.text) else "invalid_date")
    if found > said.today:
        raise Unreadable("invalid_date_future")
    return found.isoformat()


def read_date_of_birth(said: Said) -> str:
    """A date of birth: day, month and year, in numbers or words."""
    numeric = numeric_day(said.text, said.today)
    has_year = numeric or re.search(r"\b(19|20)\d{2}\b", said.text)
    found = numeric or (find_day(said.text, said.language, said.today) if has_year else None)
    if found is None or not found.year >= OLDEST_BIRTH or found >= said.today:
        raise Unreadable("invalid_date_of_birth")
    return found.isoformat()


def read_amount(said: Said) -> str:
    """An amount in euros, in Belgian or English notation or in words, as a decimal with two places."""
    found = list(_NUMBER.finditer(said.text))
    in_words = None if found else number_in_words(said.text, said.language)
    if in_words:
        return f"{in_words}.00"
    if len(found) != 1 or not _is_amount(said.text, found[0]):
        raise Unreadable("invalid_amount")
    value = Price.fromstring(found[0].group()).amount
    if value is None or not Decimal("0") < value < Decimal("10000000"):
        raise Unreadable("invalid_amount")
    return str(value.quantize(Decimal("0.01")))


def _is_amount(text: str, number: re.Match[str]) -> bool:
    before, after = text[: number.start()], text[number.end() :]
    meant_otherwise = _BEFORE_NUMBER.search(before) or _AFTER_NUMBER.match(after)
    return bool(_AMOUNT.fullmatch(number.group())) and not meant_otherwise


def read_policy_reference(said: Said) -> str:
    """A policy reference, however it is spaced: `cyb 1001 0001` -> `CYB-1001-0001`."""
    match = _POLICY.search(said.text)
    if not match:
        raise Unreadable("invalid_policy_reference")
    return f"CYB-{match.group(1)}-{match.group(2)}"


def read_code(said: Said) -> str:
    """A six-digit code, however it is spaced."""
    match = _CODE.search(said.text)
    if not match:
        raise Unreadable("invalid_code")
    return re.sub(r"[\s-]", "", match.group())


def code_missing(text: str) -> bool:
    """Tell whether the answer says that no code came, or not where it can be read."""
    said = set(re.findall(r"\w+", _plain(text)))
    return not _CODE.search(text) and bool(said & words.NOT_THERE) and bool(said & words.CODE_CAME)


def wants_code_again(text: str) -> bool:
    """Tell whether the answer asks for the code once more."""
    return not _CODE.search(text) and bool(words.SEND_AGAIN.search(_plain(text)))


def read_yes_no(said: Said) -> str:
    """Yes or no, by the intent or by the word itself."""
    text = _plain(said.text)
    if _begins(text, words.YES):
        return "yes"
    if _begins(text, words.NO):
        # "No problem, yes" is neither.
        if {"yes", "ja", "oui"} & set(text.split()):
            raise Unreadable("invalid_yes_no")
        return "no"
    if said.intent in ("affirm", "deny"):
        return "yes" if said.intent == "affirm" else "no"
    raise Unreadable("invalid_yes_no")


def _begins(text: str, beginnings: tuple[str, ...]) -> bool:
    return any(text == beginning or text.startswith(f"{beginning} ") for beginning in beginnings)


def read_choice(said: Said) -> str:
    """One of the options, by its title, its id, or words that only fit one of them."""
    choice = _choose(said)
    if choice is None:
        raise Unreadable("invalid_choice")
    return choice


def read_person(said: Said) -> str:
    """One of the persons on the policy, by name, or "me" for the first one."""
    text = _plain(said.text)
    me, negated = bool(words.ME.search(text)), bool(words.NEGATIONS & set(text.split()))
    named = _exact(said) or _named(said)
    # "Not me, Jan" names Jan; "me and Jan" and "not Jan" name nobody.
    if named and me == negated:
        return named
    if me and not named and not negated and said.options:
        return next(iter(said.options))
    raise Unreadable("invalid_person")


def word_for_word(kind: str, said: Said) -> bool:
    """Tell whether the message is a choice, or another word for it, or "me", and nothing more."""
    if kind not in ("choice", "person") or not said.text.strip():
        return False
    text = _plain(said.text)
    known = {_plain(phrase) for phrases in said.also.values() for phrase in phrases}
    me = kind == "person" and " " not in text and words.ME.fullmatch(text) is not None
    return me or text in known or _exact(said) is not None


def _choose(said: Said) -> str | None:
    said_words = _words(said.text)
    titles = {option: _words(title) for option, title in said.options.items()}
    negated = bool(words.NEGATIONS & set(_plain(said.text).split()))
    # "Not for work" is not "for work", but "no answer yet" is "no answer".
    fitting = {
        option: len(said_words & title)
        for option, title in titles.items()
        if negated == bool(words.NEGATIONS & set(_plain(said.options[option]).split()))
    }
    other_words = _mentioned(said, negated)
    weights = {option: fitting.get(option, 0) + other_words.get(option, 0) for option in said.options}
    return _exact(said) or _leader(weights)


def _mentioned(said: Said, negated: bool) -> dict[str, int]:
    """How many words of the other words for each option stand in the text; a denial only where something is denied."""
    text = f" {' '.join(_plain(said.text).split())} "
    return {
        option: sum(
            len(phrase.split())
            for phrase in map(_plain, phrases)
            if f" {phrase} " in text and negated == bool(words.NEGATIONS & set(phrase.split()))
        )
        for option, phrases in said.also.items()
    }


def _exact(said: Said) -> str | None:
    if said.text in said.options:
        return said.text
    text = _plain(said.text)
    fitting = (option for option, title in said.options.items() if text in (_plain(option), _plain(title)))
    return next(fitting, None)


def _named(said: Said) -> str | None:
    """By the words of a name; a first name may have two letters (An, Jo)."""
    said_words, hits = set(_plain(said.text).split()), {}
    for option, title in said.options.items():
        first, *others = _plain(title).split()
        hits[option] = len(said_words & {first, *(word for word in others if len(word) > 2)})
    return _leader(hits)


def _leader(hits: Mapping[str, int]) -> str | None:
    best = max(hits.values(), default=0)
    leaders = [option for option, count in hits.items() if count == best]
    return leaders[0] if best and len(leaders) == 1 else None


def _words(text: str) -> set[str]:
    return {word for word in _plain(text).split() if len(word) > 2} - words.FILLERS


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
    "listed": read_choice,
    "person": read_person,
}
