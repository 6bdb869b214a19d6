"""Which case a question about cover is about ("am I covered if my son bought it?"). Pure; the words are data."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from content.facts import Case

# Questions that may be about any case.
ABOUT_COVER = {"ask_coverage", "ask_exclusions", "ask_insured_persons", "ask_limits", "ask_cover_start"}
# Questions about claiming and the contract may be about when something happened, and about no other case: "how do I
# claim for the tickets I ordered" is answered with how to claim.
_ABOUT_TIME = {"ask_claim_procedure", "ask_contract_term"}
_OF_TIME = {"long_ago", "before_contract"}
# What questions about a case resemble when the cover is only named in passing; then they have to name it.
_RESEMBLED = {"ask_insurer", "ask_privacy"}
_RESEMBLED_BEGIN = ("ask_prevention_", "report_")
# From this likelihood on, an unsure message may be about the cover without saying so.
_PERHAPS = 0.1
# Words that only a question about the cover has, and words that other messages have too: "compte", "claim".
_NAMES_COVER = (
    r"^(?:what|and) if\b|^en als\b|^(?:en )?wat als\b|^et si\b"
    r"|\b(?:covers?|covered|insured|insurance|policy|included|gedekt|dekt|dekken|dekking|verzekerd|verzekering|polis"
    r"|inbegrepen|couv(?:ert|re|rez|erture)\w*|assurée?s?|assurance|est comprise?)\b"
)
_MAY_ASK = (
    r"\b(?:claim|refunds?|reimburse\w*|get (?:it|that) back|count|change anything|matter|betalen jullie|krijg ik"
    r"|vergoed\w*|terugbetal\w*|terug van jullie|aangeven|telt|doet da?t ertoe|valt da?t|rembours\w+|intervenez"
    r"|intervient|déclarer|ça (?:compte|marche|change)|police|contrat)\b"
)
_COVER = re.compile(_NAMES_COVER, re.I)
_COVER_PERHAPS = re.compile(f"{_NAMES_COVER}|{_MAY_ASK}", re.I)


def case_of(text: str, language: str, cases: Mapping[str, Case]) -> str | None:
    """Find the case a message is about: the first in which each group of words has one that is said.

    Args:
        text: The message.
        language: en, nl or fr.
        cases: The cases by id, in the order in which they are tried.
    """
    said = f" {_plain(text)} "
    for case, known in cases.items():
        groups = known.words.get(language) or ()
        if groups and all(any(f" {_plain(word)} " in said for word in group) for group in groups):
            return case
    return None


def case_asked(text: str, language: str, intent: str, cases: Mapping[str, Case]) -> str | None:
    """The case a message asks about that was understood as `intent`."""
    if intent in ABOUT_COVER:
        return case_of(text, language, cases)
    if intent in _ABOUT_TIME:
        return case_of(text, language, {name: case for name, case in cases.items() if name in _OF_TIME})
    if intent in _RESEMBLED or intent.startswith(_RESEMBLED_BEGIN):
        return case_of(text, language, cases) if _COVER.search(text) else None
    return None


def case_guessed(
    text: str, language: str, ranking: Sequence[Mapping[str, object]], cases: Mapping[str, Case]
) -> str | None:
    """The case a message may ask about that was not understood: it names the cover, or resembles a question about it.

    Args:
        text: The message.
        language: en, nl or fr.
        ranking: Its likeliest intents, each with `name` and `confidence`.
        cases: The cases by id.
    """
    likely = {entry["name"] for entry in ranking if float(str(entry["confidence"])) >= _PERHAPS}
    return case_of(text, language, cases) if _COVER_PERHAPS.search(text) or likely & ABOUT_COVER else None


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.lower())
    letters = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(re.findall(r"[\w]+", letters))
