"""What staff may send: the shapes of the bodies, and pure checks of what is in them."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from bot.webchat.rules import clean
from common.errors import Unprocessable

LONGEST_TEXT, LONGEST_NOTE, LONGEST_DRAFT = 4_000, 4_000, 8_000
_CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_QUESTION = re.compile(r"[a-z_]{1,40}")
_TAG = re.compile(r"[\w -]{1,30}")
MOST_TAGS, MOST_DOCUMENTS, MOST_FACTS, MOST_FILES = 10, 10, 10, 5

Line = Annotated[str, Meta(max_length=200)]
Username = Annotated[str, Meta(min_length=1, max_length=64)]


class SignIn(Struct):
    """Body of POST /session."""

    username: Username
    password: Annotated[str, Meta(min_length=1, max_length=200)]
    code: Annotated[str, Meta(min_length=1, max_length=20)]


class Take(Struct):
    """Body of POST .../take."""

    epoch: int | None = None


class ReleaseBody(Struct):
    """Body of POST .../release."""

    to: str = "bot"
    note: Annotated[str, Meta(max_length=LONGEST_NOTE)] = ""
    facts: dict[str, Line] = {}
    ask_again: bool = False


class Assign(Struct):
    """Body of POST .../assign."""

    username: Username


class StaffMessage(Struct):
    """Body of POST .../messages."""

    client_id: str
    text: str = ""
    canned: str | None = None
    attachments: list[str] = []


class NoteBody(Struct):
    """Body of POST .../notes."""

    text: str


class Tags(Struct):
    """Body of PUT .../tags."""

    tags: list[str]


class Draft(Struct):
    """Body of PUT .../draft."""

    text: Annotated[str, Meta(max_length=LONGEST_DRAFT)]


class Typing(Struct):
    """Body of POST .../typing."""

    typing: bool


class Seen(Struct):
    """Body of POST .../seen."""

    seq: Annotated[int, Meta(ge=0, le=1_000_000_000)]


class DocumentRequest(Struct):
    """Body of POST .../requests."""

    documents: list[Line]
    text: str = ""
    client_id: str | None = None


class PriorityBody(Struct):
    """Body of POST .../priority."""

    priority: str


class Callback(Struct):
    """Body of POST .../callback: a new one, or with `done` the number of one that is done."""

    kind: str = "phone"
    contact: Annotated[str, Meta(max_length=500)] = ""
    due_at: datetime | None = None
    done: int | None = None


class Presence(Struct):
    """Body of POST /presence."""

    state: str


class Feedback(Struct):
    """Body of POST /messages/{row}/feedback."""

    intent: str


def check_text(text: str, longest: int = LONGEST_TEXT) -> str:
    """A text as it is kept.

    Raises:
        Unprocessable: There is nothing in it, or too much.
    """
    cleaned = clean(text)
    if not cleaned:
        raise Unprocessable("empty_message", "There is nothing in the message.")
    if len(cleaned) > longest:
        raise Unprocessable("text_too_long", f"At most {longest} characters.", longest=longest)
    return cleaned


def check_message(message: StaffMessage) -> StaffMessage:
    """A message as it is kept: words, files or both.

    Raises:
        Unprocessable: There is nothing in it, or too much.
    """
    check_client_id(message.client_id)
    if len(message.attachments) > MOST_FILES:
        raise Unprocessable("too_many_attachments", f"A message carries {MOST_FILES} files at most.", most=MOST_FILES)
    silent = message.attachments and not clean(message.text)
    return StaffMessage(message.client_id, "" if silent else check_text(message.text), None, message.attachments)


def check_client_id(client_id: str) -> str:
    """A client id.

    Raises:
        Unprocessable: It does not look like one.
    """
    if not _CLIENT_ID.fullmatch(client_id):
        raise Unprocessable("invalid_client_id", "client_id must be 8 to 64 letters, digits, _ or -.")
    return client_id


def check_choice(value: str, choices: tuple[str, ...], code: str) -> str:
    """One of a few words.

    Raises:
        Unprocessable: It is none of them.
    """
    if value not in choices:
        raise Unprocessable(code, f"One of {', '.join(choices)}.")
    return value


def check_tags(tags: list[str]) -> list[str]:
    """Tags without doubles, in order.

    Raises:
        Unprocessable: Too many, or one is not a word or two.
    """
    cleaned = list(dict.fromkeys(clean(tag).lower() for tag in tags))
    if len(cleaned) > MOST_TAGS or not all(_TAG.fullmatch(tag) for tag in cleaned):
        raise Unprocessable("invalid_tags", f"At most {MOST_TAGS} tags of 1 to 30 letters, digits, spaces or hyphens.")
    return cleaned


def check_documents(documents: list[str]) -> list[str]:
    """The documents a customer is asked for.

    Raises:
        Unprocessable: None, too many, or one without a word.
    """
    cleaned = [clean(each) for each in documents]
    if not 0 < len(cleaned) <= MOST_DOCUMENTS or not all(cleaned):
        raise Unprocessable("invalid_documents", f"Name 1 to {MOST_DOCUMENTS} documents.")
    return cleaned


def check_facts(facts: dict[str, str]) -> dict[str, str]:
    """Answers of the intake a person found out.

    Raises:
        Unprocessable: Too many, or one is not the answer to a question.
    """
    cleaned = {question: clean(value) for question, value in facts.items()}
    right = all(_QUESTION.fullmatch(question) and value for question, value in cleaned.items())
    if len(cleaned) > MOST_FACTS or not right:
        raise Unprocessable("invalid_facts", f"At most {MOST_FACTS} answers, each to a question by its id.")
    return cleaned
