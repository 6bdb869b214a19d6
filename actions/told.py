"""Facts a customer tells in one go, and the questions they answer. Pure functions over text and entities."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from actions import words
from actions.reading import Said, Unreadable, read
from content.facts import Question

# What a message can tell besides dates; a date is told under what happened on it (words.DATE_ROLES).
_PLAIN = ("amount", "shop", "platform", "bank")
HAPPENED = "happened"
_SENTENCE = re.compile(r"[.!?\n]+(?:\s|$)")
_CLAUSE = re.compile(r"[,;.!?\n]|\b(?:but|and|maar|en|mais|et)\b", re.I)


def told_in(text: str, entities: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """What a message tells: kind -> the value as it was said. What is said twice, differently, tells nothing.

    Args:
        text: The message.
        entities: The engine's, with `entity`, `value` and, for dates, `start` and `end`.
    """
    found: dict[str, set[str]] = {}
    for entity in entities:
        kind = str(entity.get("entity"))
        if kind == "date":
            kind = _role(text, entity)
        if kind in _PLAIN or kind in words.DATE_ROLES or kind == HAPPENED:
            found.setdefault(kind, set()).add(str(entity.get("value")))
    return {kind: values.pop() for kind, values in found.items() if len(values) == 1}


def answers_from(
    told: Mapping[str, str], fills: Mapping[str, Sequence[str]], questions: Iterable[Question], said: Said
) -> dict[str, Any]:
    """The answers that follow from what was told.

    Args:
        told: What was told, by kind.
        fills: Question id -> kinds that answer it, the best first.
        questions: Those that may be answered.
        said: Any message of the conversation, for its language and day.
    """
    answers = {}
    for question in questions:
        value = next((told[kind] for kind in fills.get(question.id, ()) if kind in told), None)
        if value is None:
            continue
        try:
            answers[question.id] = read(question.kind, Said(value, "", said.language, said.today))
        except Unreadable:
            continue
    return answers


def _role(text: str, entity: Mapping[str, Any]) -> str:
    """What happened on a date: the nearest word in its sentence that says so; words before it count more."""
    start, end = int(entity.get("start") or 0), int(entity.get("end") or 0)
    begin = max((match.end() for match in _SENTENCE.finditer(text) if match.end() <= start), default=0)
    stop = next((match.start() for match in _CLAUSE.finditer(text, end)), len(text))
    nearest: tuple[int, str] | None = None
    for role, cues in words.DATE_ROLES.items():
        for cue in cues.finditer(text, begin, stop):
            distance = start - cue.end() if cue.end() <= start else 2 * (cue.start() - end)
            if distance >= 0 and (nearest is None or distance < nearest[0]):
                nearest = (distance, role)
    return nearest[1] if nearest else HAPPENED
