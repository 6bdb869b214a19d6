"""What Meta tells us, as values: one class for each thing that can happen, the same for both platforms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened between a customer and one of the business's accounts.

    Attributes:
        channel: messenger or whatsapp.
        account: The business's side: Page id or phone number id.
        customer: The customer's id there.
        at: When, by the platform's clock.
        standby: Another app has the conversation; we may only look on.
    """

    channel: str
    account: str
    customer: str
    at: datetime = EPOCH
    standby: bool = False

    @property
    def conversation(self) -> str:
        """The id of the conversation in our log."""
        return f"{self.channel}:{self.account}:{self.customer}"


@dataclass(frozen=True, kw_only=True)
class FromCustomer(Event):
    """The customer did something; `id` is the platform's, or made from what came, so that a repeat has the same."""

    id: str


@dataclass(frozen=True, kw_only=True)
class Said(FromCustomer):
    """A text."""

    text: str


@dataclass(frozen=True, kw_only=True)
class Chose(FromCustomer):
    """A tap on something we offered. On standby the key is missing."""

    key: str
    title: str


@dataclass(frozen=True)
class Media:
    """A file of a message: where it is fetched (an address, or `id:` and the media's id), and what is said of it."""

    source: str
    content_type: str = ""
    name: str = ""
    sha256: str = ""


@dataclass(frozen=True, kw_only=True)
class GaveFiles(FromCustomer):
    """Pictures or documents, perhaps with a text."""

    files: tuple[Media, ...]
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Wordless(FromCustomer):
    """Something we cannot read: voice, video, location, contact, order, ...; `sign` stands for it in the log."""

    kind: str
    sign: str


@dataclass(frozen=True, kw_only=True)
class Edited(FromCustomer):
    """The customer changed a message that was sent before; `original` is its id."""

    original: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Arrived(FromCustomer):
    """The customer opened the conversation without a word: the start button, a link, an advertisement, an opt-in."""

    ref: str = ""
    pressed_start: bool = False


@dataclass(frozen=True, kw_only=True)
class Reacted(FromCustomer):
    """A reaction to a message: nothing to answer, but the customer is there."""


@dataclass(frozen=True, kw_only=True)
class Echo(Event):
    """A message that went out in the business's name: ours, or written by a person or another app."""

    id: str
    key: str = ""
    app: str = ""
    text: str = ""
    wordless: bool = False


@dataclass(frozen=True, kw_only=True)
class Routed(Event):
    """Control of the conversation moved, or somebody asks for it: `kind` is passed, taken or requested."""

    kind: str
    to: str = ""


@dataclass(frozen=True, kw_only=True)
class Progress(Event):
    """How far our messages came: `state` is sent, delivered, read or failed.

    Attributes:
        ids: The platform's ids of the messages.
        key: Our own key, where the platform gives it back.
        until: All messages up to this moment.
        codes: Error codes of a failure.
    """

    state: str
    ids: tuple[str, ...] = ()
    key: str = ""
    until: datetime | None = None
    codes: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Ignored(Event):
    """Known or unknown, and nothing to do; `kind` names it for the log, and is never what a customer typed."""

    kind: str
