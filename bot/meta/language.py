"""A first guess at a customer's language, before the engine has read a word: the welcome must be in some language."""

from __future__ import annotations

import re

from bot.settings import LANGUAGES

_WORD = re.compile(r"[a-zà-ÿ]+")
# Frequent little words; those that two languages share say nothing.
_LITTLE = {
    "en": "the my is i you have it and of to not was please hello what how they from on with been this help",
    "nl": "het een ik en van niet is mijn je dat heb wat op te zijn er ben met hallo dag goedendag hoe geen voor",
    "fr": "le la les je un une des et est pas mon ma mes vous bonjour que qui pour sur avec du ai suis salut j",
}
_WORDS = {
    language: {
        word
        for word in words.split()
        if not any(word in others.split() for other, others in _LITTLE.items() if other != language)
    }
    for language, words in _LITTLE.items()
}


def guess(text: str) -> str | None:
    """en, nl or fr if the text clearly shows it, else None."""
    words = _WORD.findall(text.lower())
    counts = {language: sum(word in known for word in words) for language, known in _WORDS.items()}
    (best, most), (_, second) = sorted(counts.items(), key=lambda each: -each[1])[:2]
    return best if most > second else None


def of_locale(locale: str) -> str | None:
    """Our language of a locale such as fr_BE, or of a link's reference such as `fr`."""
    language = locale.strip().lower().replace("-", "_").partition("_")[0]
    return language if language in LANGUAGES else None
