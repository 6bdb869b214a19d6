"""A message as plain text: what the widget shows as cards, lists and links, written out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.log.model import Message
from content.formats import labelled


@dataclass(frozen=True)
class Words:
    """The few words the renderer adds, in the customer's language.

    Attributes:
        choose: Label of the button that opens a list, 20 characters at most.
        answer_by_number: Says that a number is enough for an answer.
        change_by_number: Says that the number of a line changes it.
        language: The customer's.
    """

    choose: str
    answer_by_number: str
    change_by_number: str
    language: str


@dataclass(frozen=True)
class Offer:
    """Something to choose: `place` counts the buttons of a message and then the rows of its card."""

    place: int
    title: str
    payload: str

    def numbered(self) -> dict[str, str]:
        """What the log keeps of it, to understand a number."""
        return {"payload": self.payload, "title": self.title}


def button_offers(buttons: list[dict[str, Any]]) -> list[Offer]:
    """The buttons that can be pressed."""
    return [
        Offer(place, str(button.get("title") or ""), str(button["payload"]))
        for place, button in enumerate(buttons)
        if button.get("payload")
    ]


def row_offers(buttons: list[dict[str, Any]], card: dict[str, Any] | None) -> list[Offer]:
    """The rows that can be pressed."""
    rows = enumerate((card or {}).get("rows") or (), start=len(buttons))
    return [Offer(place, str(row.get("label") or ""), str(row["payload"])) for place, row in rows if row.get("payload")]


def plain_text(message: Message, words: Words, *, bold: str) -> str:
    """All of a message but its buttons.

    Args:
        message: What the log has.
        words: Of the customer's language.
        bold: What stands before and after a title.
    """
    said = message.text.strip()
    if message.progress and {"step", "of"} <= message.progress.keys():
        said = f"({message.progress['step']}/{message.progress['of']}) {said}"
    if message.staff_name and said:
        said = labelled(message.staff_name, said, words.language)
    blocks = [said, *_card(message.card or {}, words, bold)]
    return "\n\n".join(block for block in blocks if block.strip())


def numbered_lines(offers: list[Offer], words: Words, start: int) -> str:
    """Choices as lines with numbers, and how to choose."""
    lines = [f"{number}. {offer.title}" for number, offer in enumerate(offers, start)]
    return "\n".join([*lines, "", words.answer_by_number])


def _card(card: dict[str, Any], words: Words, bold: str) -> Iterator[str]:
    """The blocks of a card. The help lines come first of all: in danger nobody scrolls."""
    if card.get("title"):
        yield f"{bold}{card['title']}{bold}"
    yield "\n".join(_helpline(line, words.language) for line in card.get("helplines") or ())
    yield "\n".join(f"{number}. {step}" for number, step in enumerate(card.get("steps") or (), 1))
    yield "\n".join(f"• {point}" for point in card.get("points") or ())
    yield _rows(card.get("rows") or (), words)


def _helpline(line: dict[str, Any], language: str) -> str:
    ways = " · ".join(str(line[way]) for way in ("number", "email", "web") if line.get(way))
    note = f" ({line['note']})" if line.get("note") else ""
    return f"{'☎' if line.get('number') else '›'} {labelled(line.get('name', ''), ways + note, language)}"


def _rows(rows: Any, words: Words) -> str:
    lines, number = [], 0
    for row in rows:
        number += bool(row.get("payload"))
        mark = f"{number}. " if row.get("payload") else ""
        lines.append(mark + labelled(row.get("label", ""), row.get("value", ""), words.language))
    if number:
        lines += ["", words.change_by_number]
    return "\n".join(lines)
