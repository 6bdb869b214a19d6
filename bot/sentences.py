"""The few sentences the bot says itself, when there is no engine to say them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any, Protocol

from bot.desk import sentences as desk
from bot.log.model import Says
from bot.meta import sentences as meta
from bot.settings import LANGUAGES

UNAVAILABLE = "assistant_unavailable"
FAILED = "action_failed"
TOO_LONG = "too_long"
RATE_LIMITED = "rate_limited"
FILES_RECEIVED = "files_received"
FILE_LOST = "file_lost"
# By the reason of bot/files/model.py.
FILE_REFUSED = {
    "file_empty": "file_empty",
    "file_type_refused": "file_type_refused",
    "too_large": "file_too_large",
    "too_many_files": "file_too_many",
    "infected": "file_infected",
    "not_taken": "file_not_taken",
}
ENDED = "conversation_ended"
TRANSCRIPT = {part: f"transcript_{part}" for part in ("title", "you", "assistant", "service", "files", "printed")}
# What a customer hears of a change of their claim, and what each sentence is filled in with.
NEWS: dict[str, tuple[str, ...]] = {
    "claim_news_in_review": ("reference",),
    "claim_news_information_requested": ("reference", "reason"),
    "claim_news_approved": ("reference",),
    "claim_news_declined": ("reference",),
    "claim_news_paid": ("reference",),
    "claim_news_withdrawn": ("reference",),
    "claim_news_closed": ("reference",),
}
# What only is known later.
_OF_FILES = dict.fromkeys((FILE_LOST, *FILE_REFUSED.values()), ("name",))
_PLAIN = (TRANSCRIPT["title"], TRANSCRIPT["you"], TRANSCRIPT["assistant"], TRANSCRIPT["service"])
_OF_TRANSCRIPT = {TRANSCRIPT["files"]: ("names",), TRANSCRIPT["printed"]: ("moment",)}
GAPS = NEWS | desk.GAPS | _OF_FILES | _OF_TRANSCRIPT
KEYS = (UNAVAILABLE, FAILED, TOO_LONG, RATE_LIMITED, FILES_RECEIVED, ENDED, *GAPS, *_PLAIN, *meta.KEYS)
_GAP = re.compile(r"\{([a-z_]+)\}")


class Rendered(Protocol):
    """What `content.responses` makes of a key."""

    @property
    def text(self) -> str:
        """What the customer reads."""

    @property
    def buttons(self) -> list[dict[str, str]]:
        """What the customer can press."""

    @property
    def card(self) -> dict[str, Any] | None:
        """Steps, help lines and rows."""


class Source(Protocol):
    """Where sentences come from: `content.responses.Responses`, or a stand-in."""

    def render(self, name: str, language: str, /, **values: str) -> Rendered:
        """Render one response."""


@dataclass(frozen=True)
class Sentences:
    """The bot's own sentences, rendered once so that a missing one is found at start and not in an outage."""

    rendered: dict[tuple[str, str], Says]

    @staticmethod
    def load(source: Source) -> Sentences:
        """Render every key in every language."""
        rendered = {}
        for language in LANGUAGES:
            for key in KEYS:
                # What is only known later stays a gap.
                made = source.render(key, language, **{name: f"{{{name}}}" for name in GAPS.get(key, ())})
                rendered[key, language] = Says(made.text, [dict(button) for button in made.buttons], made.card)
        return Sentences(rendered)

    def say(self, key: str, language: str, **values: str) -> Says:
        """The sentence `key` in `language`, its gaps filled with `values`; a brace in a value is no gap."""
        says = self.rendered[key, language]
        return replace(says, text=_GAP.sub(lambda gap: values[gap[1]], says.text)) if values else says
