"""A conversation as plain text for the customer to keep, in its own language and with Belgian dates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.log.model import Message
from bot.sentences import TRANSCRIPT, Sentences
from content.formats import labelled

BRUSSELS = ZoneInfo("Europe/Brussels")
_AUTHORS = {"customer": "you", "bot": "assistant", "staff": "service", "system": "service"}
_INDENT = "  "


@dataclass(frozen=True)
class Transcript:
    """Writes one conversation.

    Attributes:
        language: The conversation's.
    """

    sentences: Sentences
    language: str

    def write(self, messages: Iterable[Message], now: datetime) -> str:
        """Everything the customer saw, oldest first."""
        head = [self._word("title"), self._word("printed", moment=shown(now)), ""]
        blocks = (self._message(message) for message in messages)
        return "\n".join([*head, *(line for block in blocks for line in [*block, ""])])

    def _message(self, message: Message) -> Iterator[str]:
        yield f"{shown(message.at)}  {message.staff_name or self._word(_AUTHORS[message.author])}"
        yield from _indented(message.text)
        if message.attachments:
            names = ", ".join(str(file["name"]) for file in message.attachments)
            yield from _indented(self._word("files", names=names))
        yield from (line for part in _card(message.card or {}, self.language) for line in _indented(part))
        yield from _indented(" ".join(f"[{button['title']}]" for button in message.buttons))

    def _word(self, part: str, **values: str) -> str:
        return self.sentences.say(TRANSCRIPT[part], self.language, **values).text


def shown(at: datetime) -> str:
    """A moment as it is written in Belgium, in Belgian time."""
    return at.astimezone(BRUSSELS).strftime("%d/%m/%Y %H:%M")


def _indented(text: str) -> list[str]:
    return [_INDENT + line for line in text.splitlines() if line.strip()]


def _card(card: dict[str, Any], language: str) -> Iterator[str]:
    yield str(card.get("title", ""))
    yield from (f"{number}. {step}" for number, step in enumerate(card.get("steps") or (), 1))
    yield from (f"- {point}" for point in card.get("points") or ())
    for line in card.get("helplines") or ():
        ways = ", ".join(str(line[key]) for key in ("number", "email", "web") if line.get(key))
        yield f"- {labelled(line.get('name', ''), ways, language)}"
    rows = card.get("rows") or ()
    yield from (f"- {labelled(row.get('label', ''), row.get('value', ''), language)}" for row in rows)
