"""The facts: contacts, policy terms, advice, sources and intake questions, each once and with its source."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

PROJECT_ROOT = Path(__file__).resolve().parent.parent


# The same in C, where it is there: every service reads all sentences when it starts.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class ContentError(Exception):
    """A file below data/ is missing, unreadable, or refers to something that does not exist."""


def read_yaml(path: Path) -> dict[str, Any]:
    """Read a YAML mapping.

    Raises:
        ContentError: The file is missing, not YAML, or not a mapping; the message names it.
    """
    try:
        loaded = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - a safe one
    except (OSError, yaml.YAMLError) as error:
        raise ContentError(f"{path}: {error}") from error
    if not isinstance(loaded, dict):
        raise ContentError(f"{path} must hold a mapping")
    return loaded


@dataclass(frozen=True)
class Answer:
    """What is said about one topic: the response's name, the help lines to show, the sources."""

    response: str
    helplines: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Incident:
    """Something that can happen to a customer.

    Attributes:
        cover: The cover it falls under (claims/domain/incidents.py).
        children: Where a child is concerned, help for children comes with it.
    """

    cover: str
    children: bool


@dataclass(frozen=True)
class Case:
    """A case people ask about before they ask for anything else ("and if my son bought it?").

    Attributes:
        answer: What is said.
        words: Language -> groups of words; a question is about the case if each group has one that is said.
    """

    answer: Answer
    words: dict[str, tuple[tuple[str, ...], ...]]


@dataclass(frozen=True)
class Question:
    """One question of the intake.

    Attributes:
        id: Name of the answer in drafts and claims.
        kind: How the answer is read: text, date, amount, choice, yes_no, person, ...
        options: Ids of the choices, for kind choice.
        when: Ask only if, for every question named, the answer is one of those listed.
        required: False lets the customer leave it open with "I don't have it".
        phase: identification, check or details.
        danger: The answers that say somebody is in danger: the claim waits until the customer takes it up again.
    """

    id: str
    kind: str
    options: tuple[str, ...] = ()
    when: dict[str, tuple[str, ...]] = field(default_factory=dict)
    required: bool = False
    phase: str = "details"
    danger: tuple[str, ...] = ()

    def applies(self, answers: dict[str, Any]) -> bool:
        """Tell whether the answers so far make this question one to ask."""
        return all(answers.get(other) in accepted for other, accepted in self.when.items())


@dataclass(frozen=True)
class Facts:
    """Everything below data/facts, read once."""

    contacts: dict[str, dict[str, Any]]
    policy: dict[str, dict[str, Any]]
    terms: dict[str, dict[str, Any]]
    sources: dict[str, dict[str, Any]]
    answers: dict[str, Answer]
    incidents: dict[str, Incident]
    first_aid: dict[str, Answer]
    care: dict[str, Answer]
    cases: dict[str, Case]
    intakes: dict[str, tuple[Question, ...]]
    evidence: dict[str, tuple[str, ...]]
    told: dict[str, dict[str, tuple[str, ...]]]

    @staticmethod
    def load(root: Path = PROJECT_ROOT) -> Facts:
        """Read data/facts below `root`.

        Raises:
            ContentError: A file is unreadable or an entry lacks what it must have.
        """
        return _load(root)

    def questions(self, incident: str) -> tuple[Question, ...]:
        """The questions of an incident in order: identification, check of cover, details."""
        return self.intakes["common"] + self.intakes.get(incident, self.intakes["other"])

    def fills(self, incident: str) -> dict[str, tuple[str, ...]]:
        """What a customer may have told already: question id -> kinds of facts that answer it, the best first."""
        return self.told["common"] | self.told.get(incident, self.told["other"])


def _answers(mapping: dict[str, Any]) -> dict[str, Answer]:
    return {
        key: Answer(entry["response"], tuple(entry.get("helplines") or ()), tuple(entry.get("sources") or ()))
        for key, entry in mapping.items()
    }


def _cases(mapping: dict[str, Any]) -> dict[str, Case]:
    return {
        name: Case(
            Answer(f"cover_case_{name}", (), tuple(entry["sources"])),
            {language: tuple(tuple(group) for group in groups) for language, groups in entry["words"].items()},
        )
        for name, entry in mapping.items()
    }


def _questions(entries: list[dict[str, Any]]) -> tuple[Question, ...]:
    return tuple(
        Question(
            id=entry["id"],
            kind=entry["kind"],
            options=tuple(entry.get("options") or ()),
            when={key: tuple(values) for key, values in (entry.get("when") or {}).items()},
            required=bool(entry.get("required", False)),
            phase=entry.get("phase", "details"),
            danger=tuple(entry.get("danger") or ()),
        )
        for entry in entries
    )


@lru_cache(maxsize=4)
def _load(root: Path) -> Facts:
    folder = root / "data" / "facts"
    sources: dict[str, dict[str, Any]] = {}
    for path in sorted((folder / "sources").glob("*.yml")):
        sources.update(read_yaml(path))
    intakes = {path.stem: read_yaml(path) for path in sorted((folder / "intake").glob("*.yml"))}
    return Facts(
        contacts=read_yaml(folder / "contacts.yml"),
        policy=read_yaml(folder / "policy.yml"),
        terms=read_yaml(folder / "advice_terms.yml") if (folder / "advice_terms.yml").exists() else {},
        sources=sources,
        answers=_answers(read_yaml(folder / "prevention.yml")) | _answers(read_yaml(folder / "policy_answers.yml")),
        incidents={
            name: Incident(str(entry["cover"]), bool(entry.get("children", False)))
            for name, entry in read_yaml(folder / "incidents.yml").items()
        },
        first_aid=_answers(read_yaml(folder / "first_aid.yml")),
        care=_answers(read_yaml(folder / "care.yml")),
        cases=_cases(read_yaml(folder / "cover_cases.yml")) if (folder / "cover_cases.yml").exists() else {},
        intakes={name: _questions(file["questions"]) for name, file in intakes.items()},
        evidence={name: tuple(file.get("evidence") or ()) for name, file in intakes.items()},
        told={
            name: {question: tuple(kinds) for question, kinds in (file.get("told") or {}).items()}
            for name, file in intakes.items()
        },
    )
