"""What the stand-in remembers: people, what they and the business said, files, and the page's profile."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from demo.meta.accounts import PEOPLE

_KEPT = 500


@dataclass
class Button:
    """Something to press: `quick`, `postback`, `reply`, `row`, `link` or `call`."""

    kind: str
    title: str
    payload: str
    description: str = ""


@dataclass
class Item:
    """One line of a thread.

    Attributes:
        n: Its place in the thread, without gaps.
        author: `user`, `app` (the bot), `inbox` (a person of the page) or `notice`.
        status: `sent`, `delivered`, `read` or `failed`, for what the business said.
    """

    n: int
    id: str
    author: str
    at: float
    text: str
    buttons: list[Button] = field(default_factory=list)
    list_label: str = ""
    media: list[str] = field(default_factory=list)
    status: str = "sent"
    error: str = ""
    persona: str = ""
    data: str = ""


@dataclass
class User:
    """Somebody with Messenger or WhatsApp on their phone."""

    platform: str
    id: str
    name: str
    locale: str
    items: list[Item] = field(default_factory=list)
    next_n: int = 1
    version: int = 0
    wrote_at: float = 0.0
    typing_until: float = 0.0
    blocked: bool = False
    owner: str = ""
    last_stamp: int = 0

    def add(self, item: Item) -> Item:
        """Append to the thread; the oldest lines are forgotten."""
        item.n, self.next_n = self.next_n, self.next_n + 1
        self.items = [*self.items, item][-_KEPT:]
        self.version += 1
        return item

    def stamp(self, now: float) -> int:
        """Milliseconds, later than the last: the order of a person's messages can be told from them."""
        self.last_stamp = max(int(now * 1000), self.last_stamp + 1)
        return self.last_stamp


@dataclass
class Media:
    """A file somebody sent."""

    id: str
    platform: str
    name: str
    type: str
    body: bytes
    at: float
    key: str = ""
    url_at: float = 0.0


@dataclass
class World:
    """Everything, as it is kept over a restart."""

    users: dict[str, User] = field(default_factory=dict)
    media: dict[str, Media] = field(default_factory=dict)
    profile: dict[str, Any] = field(default_factory=dict)
    personas: dict[str, str] = field(default_factory=dict)
    # None: every field, as long as nobody subscribed to some.
    fields: list[str] | None = None


def new_world() -> World:
    """The people of the demo, who have said nothing yet."""
    return World(users={id: User(platform, id, name, locale) for platform, id, name, locale in PEOPLE})


def load(folder: Path) -> World:
    """Read what was kept; what cannot be read is begun anew."""
    try:
        kept = msgspec.json.decode((folder / "world.json").read_bytes(), type=World)
    except (FileNotFoundError, msgspec.DecodeError):
        return new_world()
    kept.users = new_world().users | kept.users
    return kept


def save(world: World, folder: Path) -> None:
    """Keep everything, written beside and moved."""
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / "world.part"
    part.write_bytes(msgspec.json.encode(world))
    part.replace(folder / "world.json")
