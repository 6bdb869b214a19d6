"""The response generator: Rasa asks for a response by name, the sentence comes from data/responses."""

from __future__ import annotations

import logging
from typing import Any

from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from content import LANGUAGES
from content.responses import Rendered, Responses

logger = logging.getLogger(__name__)


def language_of(tracker: DialogueStateTracker) -> str:
    """The language to answer in: the one recognised, else the page's, else English."""
    offered = ((tracker.latest_message.metadata if tracker.latest_message else None) or {}).get("language")
    candidates = (tracker.get_slot("language"), tracker.get_slot("language_hint"), offered)
    return next((str(name) for name in candidates if name in LANGUAGES), "en")


class ResponseGenerator(NaturalLanguageGenerator):
    """Renders responses in the conversation's language; configured as `nlg: type:` in endpoints.yml."""

    def __init__(self, endpoint_config: EndpointConfig | None = None, domain: Domain | None = None) -> None:
        self._responses = Responses.load()

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> dict[str, Any]:
        """Render response `utter_action` (with or without the prefix `utter_`).

        Returns:
            `text`, `buttons` and `custom` (`card`, `progress`, `language`) as Rasa's channels take them.
        """
        language = language_of(tracker)
        rendered = self.render(utter_action.removeprefix("utter_"), language, kwargs)
        return {
            "text": rendered.text,
            "buttons": rendered.buttons,
            "custom": {"card": rendered.card, "progress": kwargs.get("progress"), "language": language},
        }

    def render(self, name: str, language: str, values: dict[str, Any]) -> Rendered:
        """Render one response; `values` may hold what Rasa adds on its own."""
        taken = {"template", "buttons", "attachment", "image", "elements", "custom", "quick_replies", "text"}
        return self._responses.render(name, language, **{k: v for k, v in values.items() if k not in taken})
