"""What a customer may send: pure checks of a request's body."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Annotated, TypeVar

import msgspec

from bot.settings import LANGUAGES
from common.errors import BadRequest, Unprocessable
from common.sensitive import without_sensitive

LONGEST_STORED = 10_000
LONGEST_PAYLOAD = 2_000
LONGEST_REASON = 1_000
LONGEST_TOKEN = 4_096
MOST_FILES = 10
_CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_SEQ = re.compile(r"[0-9]{1,9}")
# Marks that reorder text: a customer's message must look to a colleague as it was typed.
_REORDERING = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

T = TypeVar("T")


class NewSession(msgspec.Struct):
    """Body of POST /webchat/sessions."""

    language: str | None = None
    page: str | None = None


class NewMessage(msgspec.Struct):
    """Body of POST /webchat/messages."""

    client_id: str
    text: str | None = None
    payload: str | None = None
    attachments: list[str] = []


class Typing(msgspec.Struct):
    """Body of POST /webchat/typing."""

    typing: bool


class Seen(msgspec.Struct):
    """Body of POST /webchat/seen."""

    seq: Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)]


class Rating(msgspec.Struct):
    """Body of POST /webchat/rating."""

    score: Annotated[int, msgspec.Meta(ge=1, le=5)]
    reason: str | None = None


class Introduction(msgspec.Struct):
    """Body of POST /webchat/identify: a signed token of the host page."""

    token: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_TOKEN)]


def read_body(body: bytes, shape: type[T]) -> T:
    """Read JSON of a known shape.

    Raises:
        BadRequest: It is not JSON.
        Unprocessable: It is JSON of another shape.
    """
    try:
        return msgspec.json.decode(body, type=shape)
    except msgspec.ValidationError as error:
        raise Unprocessable("invalid_body", f"The body does not have the right shape: {error}") from None
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        raise BadRequest("invalid_json", "The body is not JSON.") from None


def check_message(message: NewMessage) -> NewMessage:
    """Check a message and return it as it will be stored.

    Raises:
        Unprocessable: The client id, or what is said, is not acceptable.
    """
    check_client_id(message.client_id)
    if message.payload is not None and (message.text is not None or message.attachments):
        raise Unprocessable("text_or_payload", "Send either text and attachments or payload.")
    if message.payload is None and message.text is None and not message.attachments:
        raise Unprocessable("text_or_payload", "Send either text and attachments or payload.")
    if len(message.attachments) > MOST_FILES:
        raise Unprocessable("too_many_attachments", f"A message carries {MOST_FILES} files at most.", most=MOST_FILES)
    if message.payload is not None:
        if len(message.payload) > LONGEST_PAYLOAD:
            raise unknown_payload()
        return message
    text = clean(message.text or "")
    if not text and not message.attachments:
        raise Unprocessable("empty_message", "There is nothing in the message.")
    # Card and account numbers are nowhere kept, not even in the log.
    said = without_sensitive(text[:LONGEST_STORED])
    return NewMessage(message.client_id, said, attachments=message.attachments)


def check_client_id(client_id: str) -> str:
    """Check the id a client gives what it sends.

    Raises:
        Unprocessable: It is none.
    """
    if not _CLIENT_ID.fullmatch(client_id):
        raise Unprocessable("invalid_client_id", "client_id must be 8 to 64 letters, digits, _ or -.")
    return client_id


def check_reason(reason: str | None) -> str | None:
    """The reason of a rating as it is kept; None if there is nothing in it."""
    return without_sensitive(clean(reason or "")[:LONGEST_REASON]) or None


def unknown_payload() -> Unprocessable:
    """The error for a payload this conversation was never offered."""
    return Unprocessable("unknown_payload", "This conversation was not offered this payload.")


def clean(text: str) -> str:
    """Take out control characters, but not line ends and tabs, and the space around the text."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(char for char in text if _is_text(char)).strip()


def _is_text(char: str) -> bool:
    if char in "\n\t":
        return True
    return unicodedata.category(char) not in ("Cc", "Cs") and char not in _REORDERING


def choose_language(asked: str | None, accepted: Iterable[str], default: str) -> str:
    """The language of a new conversation.

    Args:
        asked: What the page says, for example `nl` or `nl-BE`.
        accepted: The browser's languages, the dearest first.
        default: When we speak none of them.
    """
    for tag in (asked or "", *accepted):
        language = re.split("[-_]", tag.strip().lower())[0]
        if language in LANGUAGES:
            return language
    return default


def accepted_languages(header: str) -> list[str]:
    """The tags of an Accept-Language header, the dearest first."""
    weighed = []
    for place, part in enumerate(header[:500].split(",")):
        tag, _, weight = part.partition(";")
        weighed.append((-_weight(weight), place, tag.strip()))
    return [tag for weight, _, tag in sorted(weighed) if weight < 0]


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    try:
        return float(value) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0


def read_after(raw: str) -> int:
    """Read a sequence number from a query; none means from the start.

    Raises:
        BadRequest: It is not one.
    """
    if _SEQ.fullmatch(raw or "0"):
        return int(raw or "0")
    raise BadRequest("invalid_after", "after must be a sequence number.")


def read_position(last_event_id: str, after: str) -> int:
    """Where a stream goes on: Last-Event-ID before `after`; an id that is not ours means from the start.

    Raises:
        BadRequest: `after` is not a sequence number.
    """
    if last_event_id:
        return int(last_event_id) if _SEQ.fullmatch(last_event_id) else 0
    return read_after(after)
