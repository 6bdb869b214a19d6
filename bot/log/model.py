"""What the log speaks of, as values: conversations, messages, turns and their outcomes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

# The hidden first message of every webchat session. A client_id has 8 characters or more, so no customer can send it.
WELCOME_ID = "welcome"
WELCOME_PAYLOAD = "/greet"
# What the engine is asked when files came without a word; no button carries it, so no customer can send it.
GIVE_EVIDENCE = '/give_evidence{"files": %d}'
# The choices of the widget's language menu, on offer in every conversation: payload -> language and its own name.
LANGUAGE_MENU = {
    f'/change_language{{"language": "{language}"}}': (language, name)
    for language, name in (("en", "English"), ("nl", "Nederlands"), ("fr", "Français"))
}


class LogError(Exception):
    """The log does not take what it was given."""


class UnknownConversation(LogError):
    """No conversation has this id."""


class ReusedId(LogError):
    """The channel's message id was used before, for a message that says something else."""


class UnknownAttachment(LogError):
    """A file is not there, or was sent with another message."""


class PayloadNotOffered(LogError):
    """No button or card row of this conversation carries this payload."""


@dataclass(frozen=True)
class Conversation:
    """One customer on one channel."""

    id: str
    channel: str
    language: str
    mode: str
    epoch: int


@dataclass(frozen=True)
class Inbound:
    """What a customer sent: a text, files or both, or the payload of a button or card row.

    `title` is what the button says where the channel vouches for it, because no message of ours offered it.
    """

    conversation: str
    channel_message_id: str
    text: str | None = None
    payload: str | None = None
    title: str | None = None
    attachments: tuple[str, ...] = ()

    @property
    def asked(self) -> str | None:
        """The payload the engine is asked with; files without a word are one too. None: it is asked with the text."""
        silent = self.attachments and not self.text
        return GIVE_EVIDENCE % len(self.attachments) if silent else self.payload


@dataclass(frozen=True)
class Accepted:
    """Where a message stands in the log; `repeated` if it was there before."""

    seq: int
    at: datetime
    repeated: bool = False


@dataclass(frozen=True)
class Says:
    """A message to the customer, without its place in the log."""

    text: str
    buttons: list[dict[str, Any]] = field(default_factory=list)
    card: dict[str, Any] | None = None
    progress: dict[str, Any] | None = None


@dataclass(frozen=True)
class Message:
    """A message as the customer sees it."""

    seq: int
    author: str
    text: str
    at: datetime
    buttons: list[dict[str, Any]]
    card: dict[str, Any] | None
    progress: dict[str, Any] | None
    client_id: str | None
    attachments: list[dict[str, Any]] = field(default_factory=list)
    staff_name: str | None = None


@dataclass(frozen=True)
class Turn:
    """One inbound message that waits for its answer, and the epoch in which the work on it began."""

    row: int
    conversation: str
    channel_message_id: str
    text: str
    payload: str | None
    language: str
    epoch: int
    files: int = 0

    @property
    def id(self) -> str:
        """The message id the engine knows; the same on every try, so that a repeat changes nothing."""
        return f"{self.conversation}:{self.channel_message_id}"


@dataclass(frozen=True)
class Handover:
    """The engine asks for a person.

    Attributes:
        reason: Why.
        priority: urgent, high or normal.
        after: How many answers of the turn were said before it; None is all of them.
    """

    reason: str
    priority: str
    after: int | None = None


@dataclass(frozen=True)
class Outcome:
    """How a turn ended.

    Attributes:
        says: The answers, in order.
        handovers: Requests for a person.
        language: The conversation's language from now on; None leaves it.
        failed: The message is given up, not answered.
        understood: What the engine made of the message: intent, confidence, ranking, entities.
        knows: What the dialogue knows after it: incident, answers, the open question.
    """

    says: tuple[Says, ...]
    handovers: tuple[Handover, ...] = ()
    language: str | None = None
    failed: bool = False
    understood: dict[str, Any] | None = None
    knows: dict[str, Any] | None = None
