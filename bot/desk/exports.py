"""What staff said messages meant, as training data."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import Connection, select

from bot.desk.masking import without_codes
from bot.desk.tables import desk_feedback
from bot.log.tables import conversations, messages
from common.masking import mask
from common.sensitive import without_sensitive

# What stands for an entity in training data.
_MARKS = str.maketrans({mark: " " for mark in "[](){}"})
MOST_EXAMPLES = 5_000


def feedback(connection: Connection) -> list[tuple[str, str, str]]:
    """What staff said messages meant: language, intent, text without what identifies a person."""
    query = (
        select(conversations.c.language, desk_feedback.c.intent, messages.c.text)
        .join(messages, messages.c.id == desk_feedback.c.message)
        .join(conversations, conversations.c.id == messages.c.conversation)
        .order_by(desk_feedback.c.id.desc())
        .limit(MOST_EXAMPLES)
    )
    return [(row.language, row.intent, example(row.text)) for row in connection.execute(query)]


def example(text: str) -> str:
    """A message as an example: one line, masked, without marks that training data gives a meaning."""
    return " ".join(mask(without_codes(without_sensitive(text))).translate(_MARKS).split()).lstrip("-# ")


def feedback_yaml(examples: Iterable[tuple[str, str, str]]) -> str:
    """Training data in Rasa's format, an entry for each language and intent."""
    grouped: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for language, intent, text in examples:
        if text:
            grouped[language, intent][text] = None
    lines = ['version: "3.1"', "nlu:" if grouped else "nlu: []"]
    for (language, intent), texts in sorted(grouped.items()):
        lines += [f"  # {language}", f"  - intent: {intent}", "    examples: |"]
        lines += [f"      - {text}" for text in sorted(texts)]
    return "\n".join(lines) + "\n"
