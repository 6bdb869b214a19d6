"""The sentences: one response, one language, the values to fill in -> the message a customer sees."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from content import LANGUAGES, formats
from content.facts import PROJECT_ROOT, ContentError, Facts, read_yaml

_PLACEHOLDER = re.compile(r"\{([a-z_]+(?:\.[a-z0-9_]+)?)\}")


@dataclass(frozen=True)
class Rendered:
    """A message without its place in a conversation."""

    text: str
    buttons: list[dict[str, str]] = field(default_factory=list)
    card: dict[str, Any] | None = None


@dataclass(frozen=True)
class Responses:
    """All responses of all languages; `entries[language][name]` is what stands in the file."""

    facts: Facts
    entries: Mapping[str, Mapping[str, Mapping[str, Any]]]
    contacts: Mapping[str, Mapping[str, Mapping[str, str]]]
    incidents: Mapping[str, Mapping[str, Mapping[str, str]]]

    @staticmethod
    def load(root: Path = PROJECT_ROOT) -> Responses:
        """Read data/responses below `root`.

        Raises:
            ContentError: A file is unreadable or a response stands in two files of a language.
        """
        return _load(root)

    def render(self, name: str, language: str, /, **values: Any) -> Rendered:
        """Render response `name`.

        Args:
            name: Key in data/responses/<language>/*.yml.
            language: en, nl or fr.
            **values: For the placeholders; besides, `part` (another sentence of the entry than `text`),
                `helplines` (contact ids), `points` (responses to list), `rows` (read-back rows
                `{"question", "kind", "value"}`), `options` (ids of the choices to offer),
                `choices` (`{"title", "payload"}`, or `{"response", "payload"}`), `skip` (the response
                that is the title of the button to leave the question open) and `input` (what is asked for:
                date, amount, code or files, so that a channel can show a field made for it).

        Raises:
            ContentError: No such response, or a placeholder without a value.
        """
        try:
            entry = self.entries[language][name]
        except KeyError:
            raise ContentError(f"no response {name} in {language}") from None
        return Rendered(
            text=self.fill(str(entry.get(values.get("part", "text"), "")), language, values).strip(),
            buttons=self._buttons(name, language, values),
            card=self._card(entry, language, values),
        )

    def fill(self, text: str, language: str, values: Mapping[str, Any] | None = None) -> str:
        """Replace `{contacts.x}`, `{policy.x}`, `{terms.x}`, `{incident.x}` and `{name}` in `text`."""

        def replace(match: re.Match[str]) -> str:
            scope, _, key = match.group(1).partition(".")
            return self._value(scope, key, language, values or {})

        return _PLACEHOLDER.sub(replace, text)

    def options(self, question: str, language: str) -> Mapping[str, str]:
        """The choices of a question: id -> title."""
        if question == "incident":
            return {name: entry["button"] for name, entry in self.incidents[language].items()}
        options = self.entries[language].get(f"ask_{question}", {}).get("options") or {}
        return {str(key): str(title) for key, title in options.items()}

    def meanings(self, language: str) -> Mapping[str, str]:
        """How each intent is called when a customer may choose among several: intent -> title."""
        reports = {f"report_{name}": entry["button"] for name, entry in self.incidents[language].items()}
        return reports | dict(self.entries[language]["did_you_mean"]["options"])

    def also(self, question: str, language: str) -> Mapping[str, tuple[str, ...]]:
        """Other words for the choices of a question: id -> what people type instead of the title."""
        also = self.entries[language].get(f"ask_{question}", {}).get("also") or {}
        return {str(key): tuple(str(word) for word in words) for key, words in also.items()}

    def label(self, question: str, language: str) -> str:
        """The short name of a question, as the read-back shows it."""
        return str(self.entries[language].get(f"ask_{question}", {}).get("label", question))

    def shown(self, question: str, kind: str, value: Any, language: str) -> str:
        """An answer as a person reads it: dates in words, amounts with the euro sign, choices by their title."""
        if value is None:
            return self.render("value_open", language).text
        if kind in ("date", "date_of_birth"):
            return formats.day(value, language)
        if kind == "amount":
            return formats.amount(value, language)
        if kind == "yes_no":
            return self.render("value_yes" if value == "yes" else "value_no", language).text
        return self.options(question, language).get(str(value), str(value))

    def _value(self, scope: str, key: str, language: str, values: Mapping[str, Any]) -> str:
        try:
            if not key:
                return self._typed(values[scope], language)
            if scope == "contacts":
                contact = self.facts.contacts[key]
                return str(contact.get("number") or contact.get("email") or contact.get("web") or contact["address"])
            if scope in ("policy", "terms"):
                fact = (self.facts.policy if scope == "policy" else self.facts.terms)[key]
                return formats.quantity(fact["value"], fact["unit"], language)
            if scope == "incident":
                return str(self.incidents[language][str(values["incident"])][key])
        except KeyError as missing:
            raise ContentError(f"nothing to fill in for {missing} of {scope}.{key}") from None
        raise ContentError(f"unknown placeholder {scope}.{key}")

    @staticmethod
    def _typed(value: Any, language: str) -> str:
        if isinstance(value, Mapping):
            if value["kind"] == "amount":
                return formats.amount(value["value"], language)
            return formats.day(value["value"], language)
        return str(value)

    def _buttons(self, name: str, language: str, values: Mapping[str, Any]) -> list[dict[str, str]]:
        buttons = [dict(button) for button in self.entries[language][name].get("buttons") or ()]
        # A variant such as ask_amount__payment_fraud has its own wording and the options of ask_amount.
        question = name.removeprefix("ask_").split("__")[0]
        titles = self.options(question, language)
        for option in values.get("options") or ():
            payload = "/correct_answer" + json.dumps({"question": question, "value": option})
            buttons.append({"title": titles[option], "payload": payload})
        for choice in values.get("choices") or ():
            title = choice.get("title") or self.render(choice["response"], language).text
            buttons.append({"title": title, "payload": choice["payload"]})
        if values.get("skip"):
            buttons.append({"title": self.render(values["skip"], language).text, "payload": "/dont_know"})
        return buttons

    def _card(self, entry: Mapping[str, Any], language: str, values: Mapping[str, Any]) -> dict[str, Any] | None:
        card: dict[str, Any] = {}
        if entry.get("title"):
            card["title"] = self.fill(str(entry["title"]), language, values)
        if entry.get("steps"):
            card["steps"] = [self.fill(str(step), language, values) for step in entry["steps"]]
        if values.get("points"):
            card["points"] = [self.render(point, language, **_plain(values)).text for point in values["points"]]
        if values.get("helplines"):
            card["helplines"] = self._helplines(values["helplines"], language)
        if values.get("rows"):
            card["rows"] = [self._row(row, language) for row in values["rows"]]
        if values.get("input"):
            card["input"] = values["input"]
        return card if len(card) > bool(entry.get("title")) else None

    def _helplines(self, ids: list[str], language: str) -> list[dict[str, str]]:
        lines = []
        for contact_id in ids:
            contact = self.facts.contacts[contact_id]
            if language not in contact.get("for", LANGUAGES):
                continue
            line = {"id": contact_id, **self.contacts[language][contact_id]}
            line |= {key: str(contact[key]) for key in ("number", "dial", "email", "web") if key in contact}
            lines.append(line)
        return lines

    def _row(self, row: Mapping[str, Any], language: str) -> dict[str, str]:
        question = row["question"]
        return {
            "label": self.label(question, language),
            "value": str(row.get("shown") or self.shown(question, row["kind"], row["value"], language)),
            "payload": "/correct_answer" + json.dumps({"question": question}),
        }


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that fill placeholders, without those that add buttons or parts of the card."""
    parts = {"part", "helplines", "points", "rows", "options", "choices", "skip", "input"}
    return {key: value for key, value in values.items() if key not in parts}


@lru_cache(maxsize=4)
def _load(root: Path) -> Responses:
    entries: dict[str, dict[str, Any]] = {}
    contacts, incidents = {}, {}
    for language in LANGUAGES:
        folder = root / "data" / "responses" / language
        entries[language] = {}
        for path in sorted(folder.glob("*.yml")):
            if path.stem == "contacts":
                contacts[language] = read_yaml(path)
                continue
            if path.stem == "incidents":
                incidents[language] = read_yaml(path)
                continue
            file = read_yaml(path)
            twice = file.keys() & entries[language].keys()
            if twice:
                raise ContentError(f"{path}: {', '.join(sorted(twice))} stand in another file too")
            entries[language].update(file)
    return Responses(Facts.load(root), entries, contacts, incidents)
