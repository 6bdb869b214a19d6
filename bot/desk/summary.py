"""What a member of staff needs to know at a glance, made from facts of the dialogue and never from guesses."""

from __future__ import annotations

from typing import Any, Protocol

from content.facts import ContentError, Question

_LAST = 3


class Words(Protocol):
    """What the content library says of questions: `content.responses.Responses`."""

    @property
    def incidents(self) -> Any:
        """Names of the incidents, by language."""

    @property
    def facts(self) -> Any:
        """The questions."""

    def label(self, question: str, language: str) -> str:
        """The short name of a question."""

    def shown(self, question: str, kind: str, value: Any, language: str) -> str:
        """An answer as a person reads it."""


def summary_of(
    knows: dict[str, Any] | None, said: list[dict[str, Any]], reason: str | None, words: Words, language: str
) -> dict[str, Any]:
    """Summarise a conversation.

    Args:
        knows: What the dialogue knew after its last turn (engine/views.py).
        said: Messages as the console shows them, oldest first.
        reason: Why a person is needed.
        words: Names of questions and incidents.
        language: That of the reader.
    """
    known = knows or {}
    incident = known.get("incident")
    last = [message["text"] for message in said if message.get("author") == "customer" and message["text"]][-_LAST:]
    return {
        "reason": reason,
        "incident": incident,
        "incident_name": _incident(incident, words, language),
        "identified": bool(known.get("identified")),
        "name": known.get("name"),
        "policy": known.get("policy"),
        "finding": known.get("finding"),
        "in_intake": bool(known.get("in_intake")),
        "asked": _label(known.get("asked"), words, language),
        "asked_question": known.get("asked"),
        "answers": _answers(known, words, language),
        "left_open": [_label(name, words, language) for name in known.get("left_open") or ()],
        "distressed": bool(known.get("distressed")),
        "last_messages": last,
    }


def _answers(known: dict[str, Any], words: Words, language: str) -> list[dict[str, str]]:
    kinds = {question.id: question.kind for question in _questions(known.get("incident"), words)}
    rows = []
    for name, value in (known.get("answers") or {}).items():
        try:
            shown = words.shown(name, kinds.get(name, "text"), value, language)
        except (ContentError, ValueError, ArithmeticError, TypeError):
            # An answer of an older version of the questions: better as it is kept than not at all.
            shown = str(value)
        rows.append({"question": name, "label": _label(name, words, language) or name, "value": shown})
    return rows


def _questions(incident: str | None, words: Words) -> list[Question]:
    return list(words.facts.questions(incident if incident in words.facts.incidents else "other"))


def _incident(incident: str | None, words: Words, language: str) -> str | None:
    named = words.incidents[language].get(incident or "")
    return str(named["button"]) if named else incident


def _label(question: str | None, words: Words, language: str) -> str | None:
    return words.label(question, language) if question else None
