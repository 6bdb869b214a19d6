"""Knows when the assistant does not know: marks messages whose best guess is too weak to act on.

The intent stays what the classifier thinks likeliest. `unsure` in the parse tells the dialogue to offer the likeliest
meanings as choices instead of answering the first.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

UNSURE = "unsure"
OUT_OF_SCOPE = "out_of_scope"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class DoubtMarker(GraphComponent, IntentClassifier):
    """Sets `unsure`, and lets `out_of_scope` win early: it is an open class, no training data holds all of it."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`unsure_below`: a best guess under it is no answer. `out_of_scope_from`: from here on that intent wins."""
        return {"unsure_below": 0.4, "out_of_scope_from": 0.15}

    def __init__(self, config: dict[str, Any]) -> None:
        self._config = config

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> DoubtMarker:
        """Make the component; there is nothing to learn."""
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Mark each message."""
        for message in messages:
            ranking = message.get(INTENT_RANKING_KEY)
            if not message.get(TEXT) or not ranking:
                continue
            ranking = self._with_out_of_scope_first(ranking)
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
            message.set(UNSURE, ranking[0]["confidence"] < self._config["unsure_below"], add_to_output=True)
        return messages

    def _with_out_of_scope_first(self, ranking: list[dict[str, Any]]) -> list[dict[str, Any]]:
        found = [entry for entry in ranking if entry["name"] == OUT_OF_SCOPE]
        if not found or found[0]["confidence"] < self._config["out_of_scope_from"] or ranking[0].get("certain"):
            return ranking
        return [*found, *(entry for entry in ranking if entry["name"] != OUT_OF_SCOPE)]
