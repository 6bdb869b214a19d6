"""The few sentences the bot says itself, when there is no engine to say them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from bot.log.model import Says
from bot.settings import LANGUAGES

UNAVAILABLE = "assistant_unavailable"
FAILED = "action_failed"
TOO_LONG = "too_long"
RATE_LIMITED = "rate_limited"
KEYS = (UNAVAILABLE, FAILED, TOO_LONG, RATE_LIMITED)


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

    def render(self, name: str, language: str, /) -> Rendered:
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
                made = source.render(key, language)
                rendered[key, language] = Says(made.text, [dict(button) for button in made.buttons], made.card)
        return Sentences(rendered)

    def say(self, key: str, language: str) -> Says:
        """The sentence `key` in `language`."""
        return self.rendered[key, language]
