"""Canned replies: sentences staff say often, in each language, with gaps that the console fills in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from content.facts import PROJECT_ROOT, ContentError, read_yaml

FOLDER = PROJECT_ROOT / "data" / "desk" / "canned"
LANGUAGES = ("en", "nl", "fr")
# What the console knows of a conversation; a gap it cannot fill stays visible and must be filled by hand.
PLACEHOLDERS = {"first_name", "reference", "staff_name"}
_GAP = re.compile(r"\{([a-z_]+(?:\.[a-z_]+)?)\}")


class Filler(Protocol):
    """Fills in numbers and addresses: `content.responses.Responses`."""

    def fill(self, text: str, language: str) -> str:
        """Replace `{contacts.x}` in `text`."""


@dataclass(frozen=True)
class Reply:
    """One canned reply."""

    key: str
    title: str
    text: str


@dataclass(frozen=True)
class Canned:
    """All canned replies, by language."""

    replies: dict[str, tuple[Reply, ...]]

    @staticmethod
    def load(filler: Filler, folder: Path = FOLDER) -> Canned:
        """Read the files.

        Raises:
            ContentError: A reply is not written as the others, or has a gap nobody can fill.
        """
        return Canned({language: _read(folder / f"{language}.yml", language, filler) for language in LANGUAGES})

    def find(self, language: str, q: str) -> list[Reply]:
        """Replies with all words of `q` in their key, title or text."""
        wanted = q.casefold().split()
        found = self.replies.get(language, self.replies["en"])
        return [reply for reply in found if all(word in _searched(reply) for word in wanted)]

    def has(self, key: str) -> bool:
        """Tell whether there is a reply of this name."""
        return any(reply.key == key for reply in self.replies["en"])


def _read(path: Path, language: str, filler: Filler) -> tuple[Reply, ...]:
    return tuple(_reply(key, entry, path, language, filler) for key, entry in read_yaml(path).items())


def _reply(key: str, entry: Any, path: Path, language: str, filler: Filler) -> Reply:
    if not isinstance(entry, dict) or entry.keys() != {"title", "text"}:
        raise ContentError(f"{path}: {key} must have a title and a text")
    parts = _GAP.split(str(entry["text"]))
    unknown = {name for name in parts[1::2] if name not in PLACEHOLDERS and not name.startswith("contacts.")}
    if unknown:
        raise ContentError(f"{path}: nobody can fill in {', '.join(sorted(unknown))} of {key}")
    text = "".join(_part(number, part, language, filler) for number, part in enumerate(parts))
    return Reply(key, str(entry["title"]), text.strip())


def _part(number: int, part: str, language: str, filler: Filler) -> str:
    if number % 2 == 0:
        return part
    return f"{{{part}}}" if part in PLACEHOLDERS else filler.fill(f"{{{part}}}", language)


def _searched(reply: Reply) -> str:
    return f"{reply.key} {reply.title} {reply.text}".casefold()
