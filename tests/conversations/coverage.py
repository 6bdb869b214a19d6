"""Which intents, responses, questions and rules the conversations never reach."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from actions.intake.flow import _OWN
from content import LANGUAGES
from content.facts import PROJECT_ROOT, Facts
from content.responses import Responses

_FIXED = re.compile(r"\{(?:contacts|policy|terms)\.[a-z0-9_]+\}")
_PLACEHOLDER = re.compile(r"\{[a-z_]+(?:\.[a-z0-9_]+)?\}")


class Reached:
    """What was heard and done, gathered while conversations are played."""

    def __init__(self) -> None:
        self.strings: set[str] = set()
        self.played = 0

    def add(self, messages: Iterable[dict[str, Any]]) -> None:
        """Take in a conversation that was played."""
        self.played += 1
        for message in messages:
            self.strings |= {_one_line(text) for text in _strings(message)}

    def unreached_responses(self) -> list[str]:
        """The responses no customer read."""
        responses = Responses.load()
        wanted = {name for name in responses.entries["en"] if "mail" not in name}
        return sorted(name for name in wanted if not self._heard(responses, name))

    def unreached_questions(self) -> list[str]:
        """The questions of intakes and errands no customer was asked, in whatever wording."""
        facts, responses = Facts.load(), Responses.load()
        questions = {q.id for questions in facts.intakes.values() for q in questions} | _OWN.keys()
        names = responses.entries["en"]
        asked = {
            question: [name for name in names if name == f"ask_{question}" or name.startswith(f"ask_{question}__")]
            for question in questions
        }
        return sorted(q for q, named in asked.items() if not any(self._heard(responses, name) for name in named))

    @cached_property
    def _lines(self) -> str:
        return "\n".join(sorted(self.strings))

    def _heard(self, responses: Responses, name: str) -> bool:
        return any(
            self._said(responses.fill(text, language) if not _PLACEHOLDER.search(_FIXED.sub("", text)) else None, text)
            for language in LANGUAGES
            for text in _texts(responses.entries[language][name])
        )

    def _said(self, whole: str | None, text: str) -> bool:
        if whole is not None:
            return _one_line(whole) in self.strings
        pieces = [re.escape(piece) for piece in _PLACEHOLDER.split(_one_line(text))]
        return re.search("^" + ".*?".join(pieces) + "$", self._lines, re.M) is not None


def heard_elsewhere() -> dict[str, str]:
    """The responses that only faults, mails or staff bring about, and the test that hears each of them instead."""
    files = sorted((Path(__file__).parent / "elsewhere").glob("*.yml"))
    by_test: list[dict[str, list[str]]] = [yaml.safe_load(file.read_text("utf-8")) or {} for file in files]
    return {response: test for part in by_test for test, responses in part.items() for response in responses}


def _texts(entry: dict[str, Any]) -> list[str]:
    """What a response can be heard by: its text, or where it has none its other parts."""
    return (
        [str(entry["text"])] if entry.get("text") else [str(part) for part in entry.values() if isinstance(part, str)]
    )


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def unreached_intents(engine: Path) -> list[str]:
    """The intents of the domain that no message had."""
    domain = yaml.safe_load((PROJECT_ROOT / "domain.yml").read_text("utf-8"))
    intents = {name for entry in domain["intents"] for name in (entry if isinstance(entry, dict) else [entry])}
    return sorted(intents - _column(engine, "intent_name"))


def unreached_rules(engine: Path, elsewhere: Collection[str] = ()) -> list[str]:
    """The rules whose action was never done after one of their intents, unless all of those are met `elsewhere`."""
    rules = yaml.safe_load((PROJECT_ROOT / "data/rules/rules.yml").read_text("utf-8"))["rules"]
    intents, actions = _column(engine, "intent_name"), _column(engine, "action_name")
    rules = [rule for rule in rules if not _intents(rule["steps"]) or not _intents(rule["steps"]) <= set(elsewhere)]
    return sorted(rule["rule"] for rule in rules if not _is_reached(rule["steps"], intents, actions))


def _intents(steps: list[dict[str, Any]]) -> set[str]:
    return {step["intent"] for step in steps[0].get("or", [steps[0]]) if "intent" in step}


def _is_reached(steps: list[dict[str, Any]], intents: set[str], actions: set[str]) -> bool:
    wanted = _intents(steps)
    done = [step["action"] for step in steps if "action" in step]
    return (not wanted or bool(wanted & intents)) and done[-1] in actions


def _column(engine: Path, column: str) -> set[str]:
    with closing(sqlite3.connect(f"file:{engine}?mode=ro", uri=True)) as connection:
        return {row[0] for row in connection.execute(f"SELECT DISTINCT {column} FROM events") if row[0]}
