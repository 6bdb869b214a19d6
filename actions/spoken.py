"""Reads a number written in words ("deux cent cinquante euros"), for who types an amount as it is said."""

from __future__ import annotations

import re

_UNITS = {
    "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen",
    "nl": "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien "
    "zeventien achttien negentien",
    "fr": "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize",
}
# Septante and nonante as in Belgium; soixante-dix is sixty and ten.
_TENS = {
    "en": "twenty thirty forty fifty sixty seventy eighty ninety",
    "nl": "twintig dertig veertig vijftig zestig zeventig tachtig negentig",
    "fr": "vingt trente quarante cinquante soixante septante quatrevingt nonante",
}
_OTHERS = {
    "en": {"hundred": 100, "thousand": 1000, "and": 0},
    "nl": {"één": 1, "honderd": 100, "duizend": 1000, "en": 0, "ën": 0},
    "fr": {"quatrevingts": 80, "cents": 100, "cent": 100, "mille": 1000, "et": 0},
}
_ABOUT = r"(?:(?:about|around|almost|ongeveer|bijna|een euro of|zo'n|environ|presque)\s+)?"
# "Two or three hundred", "anderhalf duizend", "honderden": not one number, or not the one its words add up to.
_UNSURE = {
    "en": r"\b(?:or|to|between|times|half|couple|few)\b",
    "nl": r"(?<!\been euro )\bof\b|\b(?:tot|tussen|keer|half|halve|anderhalf|paar|enkele|honderden|duizenden)\b",
    "fr": r"\b(?:ou|entre|fois|demi|quelques)\b",
}


def _numbers(language: str) -> dict[str, int]:
    units = {word: value for value, word in enumerate(_UNITS[language].split())}
    tens = {word: 10 * value for value, word in enumerate(_TENS[language].split(), 2)}
    return units | tens | _OTHERS[language]


_NUMBERS = {language: _numbers(language) for language in _UNITS}
# The longest first: "zeventig" is not "zeven".
_WORD = {language: "|".join(sorted(table, key=len, reverse=True)) for language, table in _NUMBERS.items()}
_SAID = {language: rf"(?<!\w)((?:(?:{word})[\s-]*)+)" for language, word in _WORD.items()}


def number_in_words(text: str, language: str) -> int | None:
    """The number before the word euro, or the one that is the whole message; None if there is none, or more."""
    plain = re.sub(r"quatre[\s-]+vingt", "quatrevingt", text.lower().strip(" .!"))
    if re.search(_UNSURE[language], plain):
        return None
    plain = plain.replace("een euro of ", "")
    whole = re.fullmatch(_ABOUT + _SAID[language], plain)
    found = [whole[1]] if whole else [match[1] for match in re.finditer(_SAID[language] + r"(?:euro|eur\b|€)", plain)]
    return _value(found[0], language) if len(found) == 1 else None


def _value(said: str, language: str) -> int | None:
    total = current = 0
    for word in re.findall(_WORD[language], said):
        value = _NUMBERS[language][word]
        if value == 1000:
            total, current = total + max(current, 1) * value, 0
        elif value == 100:
            current = max(current, 1) * value
        else:
            current += value
    # "Een euro" is a way of speaking more often than an amount.
    return total + current if total + current > 1 else None
