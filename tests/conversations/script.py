"""Conversations as files: reads them, plays them with a customer, and says what went otherwise.

A conversation is a `name`, the `language` of the page, its `turns`, and what must be true in the end: a `ticket` in
the claims database (with the names of its `files`, if it has any), a `handover` in the bot's. A turn is one of

    customer: what is typed; {code} is the one-time code from the mail, {9000 times: ha } a long text
    presses:  a button that is on offer: the id of a choice (private), yes, no, skip, or an intent (file_claim)
    row:      a line of the read-back, whose edit link is pressed, by the id of its question (amount)
    replies:  several messages, one after the other; [private] in brackets presses that button
    identify: a demo policy: reference, date of birth and code are given
    returns:  the customer comes back in another browser, whose language is given
    files:    files are sent, by their names, until the claims backend has them; `with` are the words beside them
    signs_in: the host page says whose policy it is: nobody asks who they are
    staff:    a claims handler takes the claim of this conversation a step further: {to, reason, amount}; what the
              customer hears of it is expected

with what is expected of the answer (of the last one, for `replies` and `identify`):

    hears:     the names of exactly the responses that are said, in order; `name.why` or `name.after_no` for another
               part than the text
    language:  the language they are said in, from this turn on
    says, not: words that must, and must not, stand in the answer, its cards and its buttons
    helplines: the ids of the help lines shown, in order
    rows:      lines of the read-back: the id of the question and what stands there
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from claims.demo import demo_policies
from content.responses import Responses
from tests.conftest import RunningHouse
from tests.handlers import handlers_of
from tests.host_page import token_for
from tests.talk import Customer

_TURN_KINDS = {"customer", "presses", "row", "replies", "identify", "returns", "staff", "files", "signs_in"}
_WITH = {"with"}
_EXPECTATIONS = {"hears", "language", "says", "not", "helplines", "rows"}
_PLACEHOLDER = re.compile(r"(\{[a-z_]+(?:\.[a-z0-9_]+)?\})")
_FIXED = ("{contacts.", "{policy.", "{terms.")
_LONG = re.compile(r"\{(\d+) times: ([^}]+)\}")
_BUTTONS = {"yes": "/affirm", "no": "/deny", "skip": "/dont_know"}


@dataclass(frozen=True)
class Conversation:
    """One conversation of a file."""

    file: str
    name: str
    language: str
    turns: list[dict[str, Any]]
    ticket: dict[str, Any] | None = None
    handover: dict[str, str] | None = None

    @property
    def id(self) -> str:
        """Its name in the test report."""
        return f"{self.file}::{self.name}"


def load(folder: Path) -> list[Conversation]:
    """Read all conversations below `folder`.

    Raises:
        ValueError: One is not written as the module describes.
    """
    return [_read(path, entry) for path in sorted(folder.glob("*.yml")) for entry in yaml.safe_load(path.read_text())]


def _read(path: Path, entry: dict[str, Any]) -> Conversation:
    where = f"{path.name}: {entry.get('name')}"
    unknown = entry.keys() - {"name", "language", "turns", "ticket", "handover"}
    if unknown:
        raise ValueError(f"{where}: {unknown} is not known")
    for turn in entry["turns"]:
        if len(turn.keys() & _TURN_KINDS) != 1 or turn.keys() - _TURN_KINDS - _EXPECTATIONS - _WITH:
            raise ValueError(f"{where}: this is not a turn: {turn}")
    return Conversation(file=path.stem, **entry)


class Play:
    """A conversation while it is played."""

    def __init__(self, conversation: Conversation, house: RunningHouse) -> None:
        self._conversation, self._house = conversation, house
        self._responses, self._language = _responses(), conversation.language
        self._customers = [Customer(house.bot, house.mail, conversation.language)]

    def __enter__(self) -> Play:
        return self

    def __exit__(self, *_: object) -> None:
        for customer in self._customers:
            customer.close()

    @property
    def conversations(self) -> list[str]:
        """The ids of the conversations, one for each browser."""
        return [customer.conversation for customer in self._customers]

    @property
    def messages(self) -> list[dict[str, Any]]:
        """Everything the assistant said, in all browsers."""
        return [message for customer in self._customers for message in customer.said if message["author"] != "customer"]

    @property
    def _customer(self) -> Customer:
        return self._customers[-1]

    def run(self) -> None:
        """Play all turns.

        Raises:
            AssertionError: An answer is not the expected one; the message holds the dialogue so far.
        """
        for number, turn in enumerate(self._conversation.turns, 1):
            try:
                self._take(turn)
                self._language = turn.get("language", self._language)
                self._check(turn)
            except (AssertionError, KeyError) as problem:
                raise AssertionError(f"turn {number}: {problem}\n\n{self.dialogue()}") from None

    def dialogue(self) -> str:
        """What was said so far, with the names of the responses."""
        lines = [f"{self._conversation.id} ({self._customer.conversation})"]
        for message in self._customer.said:
            if message["author"] == "customer":
                lines.append(f"  > {message['text'][:200]}")
                continue
            lines.append(f"  < [{' | '.join(self._names(message)) or 'no response'}] {message['text'][:160]}")
            lines += [f"      {key}: {value}" for key, value in _shown(message).items()]
        return "\n".join(lines)

    def _take(self, turn: dict[str, Any]) -> None:
        if "row" in turn:
            self._customer.presses_row(turn["row"])
        elif "presses" in turn:
            self._press(turn["presses"])
        elif "returns" in turn:
            self._customers.append(Customer(self._house.bot, self._house.mail, turn["returns"]))
            self._language = turn["returns"]
        elif "staff" in turn:
            handlers_of(self._house).step(self.conversations, turn["staff"])
            self._customer.hears_news()
        elif "files" in turn:
            self._customer.gives(turn["files"], turn.get("with"))
            self._customer.files_arrive()
        elif "signs_in" in turn:
            self._customer.signs_in(token_for(turn["signs_in"]))
        elif "identify" in turn:
            policy = next(policy for policy in demo_policies() if policy.reference == turn["identify"])
            for text in (policy.reference, f"{policy.date_of_birth:%d/%m/%Y}", "{code}"):
                self._type(text)
        else:
            for reply in turn.get("replies") or [turn["customer"]]:
                self._press(*reply) if isinstance(reply, list) else self._type(reply)

    def _type(self, text: str) -> None:
        # YAML reads a bare yes as a boolean and 240 as a number.
        assert isinstance(text, str), f"put {text!r} in quotes"
        text = _LONG.sub(lambda match: match[2] * int(match[1]), text)
        self._customer.types(text.replace("{code}", self._customer.code_from_mail()) if "{code}" in text else text)

    def _press(self, name: str | bool) -> None:
        name = {True: "yes", False: "no"}.get(name, name) if isinstance(name, bool) else name
        wanted = _BUTTONS.get(name, f"/{name}")
        buttons = [button for message in self._customer.heard for button in message["buttons"]]
        for button in buttons:
            if button["payload"] == wanted or f'"value": "{name}"' in button["payload"]:
                self._customer.says(button["title"])
                return
        raise AssertionError(f"no button {name} among {[button['title'] for button in buttons]}")

    def _check(self, turn: dict[str, Any]) -> None:
        heard = self._customer.heard
        everything = _spaced(json.dumps([_visible(message) for message in heard], ensure_ascii=False))
        if "hears" in turn:
            self._check_names(turn["hears"])
        for words in turn.get("says", ()):
            assert words in everything, f"{words!r} is not said"
        for words in turn.get("not", ()):
            assert words not in everything, f"{words!r} is said"
        cards = [message["card"] or {} for message in heard]
        if "helplines" in turn:
            lines = [line["id"] for card in cards for line in card.get("helplines", ())]
            assert lines == turn["helplines"], f"the help lines are {lines}"
        if "rows" in turn:
            rows = {_question(row): _spaced(row["value"]) for card in cards for row in card.get("rows", ())}
            wrong = {name: rows.get(name) for name, value in turn["rows"].items() if rows.get(name) != value}
            assert not wrong, f"the read-back has {wrong}"

    def _check_names(self, expected: list[str]) -> None:
        # What the bot service says itself, of the queue and of colleagues, depends on the hour and on who is there.
        heard = [message for message in self._customer.heard if message["author"] != "system"]
        texts = [message["text"] for message in heard]
        as_expected = len(expected) == len(texts) and all(
            self._pattern(name).fullmatch(text) for name, text in zip(expected, texts, strict=True)
        )
        if not as_expected:
            said = [" or ".join(self._names(message)) or "?" for message in heard]
            raise AssertionError(f"expected {self._language} {expected}\n        heard       {said}")

    def _pattern(self, name: str) -> re.Pattern[str]:
        name, _, part = name.partition(".")
        entry = self._responses.entries[self._language][name]
        return _compiled(str(entry.get(part or "text", "")), self._language)

    def _names(self, message: dict[str, Any]) -> list[str]:
        """The responses that this message may be; those of another language with the language in front."""
        found = [
            (language == self._language, f"{name}{suffix}", language)
            for language, entries in self._responses.entries.items()
            for name, entry in entries.items()
            for part, suffix in _parts(entry)
            if _compiled(str(entry[part]), language).fullmatch(message["text"])
        ]
        return [name if here else f"{language}:{name}" for here, name, language in sorted(found, reverse=True)][:2]


@cache
def _responses() -> Responses:
    return Responses.load()


@cache
def _compiled(text: str, language: str) -> re.Pattern[str]:
    """What a text looks like when it is said: its facts filled in, any value for what depends on the case."""
    pattern = ""
    for piece in _PLACEHOLDER.split(text.strip()):
        if piece.startswith(_FIXED):
            pattern += re.escape(_responses().fill(piece, language))
        else:
            pattern += ".+" if _PLACEHOLDER.fullmatch(piece) else re.escape(piece)
    return re.compile(pattern, re.S)


def _parts(entry: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The parts of a response that are said as messages, with what their names end in."""
    for part in entry:
        if part == "text":
            yield part, ""
        elif part == "why" or part.startswith("after_"):
            yield part, f".{part}"


def _spaced(text: str) -> str:
    """Amounts and French punctuation have spaces that do not break; in the files they are plain ones."""
    return re.sub("[\u00a0\u202f]", " ", text)


def _question(row: dict[str, str]) -> str:
    return str(json.loads(row["payload"].removeprefix("/correct_answer"))["question"])


def _visible(message: dict[str, Any]) -> list[Any]:
    """What a customer reads of a message: without payloads."""
    card = message["card"] or {}
    rows = [(row["label"], row["value"]) for row in card.get("rows", ())]
    titles = [button["title"] for button in message["buttons"]]
    return [message["text"], {key: value for key, value in card.items() if key != "rows"}, rows, titles]


def _shown(message: dict[str, Any]) -> dict[str, str]:
    card = message["card"] or {}
    parts = {
        "points": "; ".join(card.get("points", ())),
        "helplines": ", ".join(line["id"] for line in card.get("helplines", ())),
        "rows": "; ".join(f"{row['label']}: {row['value']}" for row in card.get("rows", ())),
        "buttons": " | ".join(button["title"] for button in message["buttons"]),
    }
    return {key: value for key, value in parts.items() if value}
