"""Hears distress: a detector of its own, because a call for help must not lose against fifty other labels.

It asks one question only, "is somebody in danger or without hope?", and is set to hear nearly everything: its
threshold is the one at which, on messages it has not seen, no more than the given share of others raises an alarm.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from engine.nlu import stored
from engine.nlu.lexical import features_of

DISTRESS = "express_distress"
_SEED = 7


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class DistressDetector(GraphComponent, IntentClassifier):
    """Puts the intent `express_distress` first when it hears distress. It stands after the intent classifier."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`false_alarms`: the share of other training messages that may raise an alarm, measured on unseen folds."""
        return {"C": 0.3, "dense_weight": 2.0, "folds": 3, "false_alarms": 0.005}

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config, self._storage, self._resource = config, model_storage, resource
        self._weights = np.zeros(0, dtype=np.float32)
        self._offset, self._threshold = 0.0, float("inf")

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> DistressDetector:
        """Make an untrained detector."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> DistressDetector:
        """Load a trained detector."""
        detector = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            for name, value in stored.load(folder).items():
                setattr(detector, f"_{name}", value)
        return detector

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on all messages; set the threshold on messages each fold has not seen."""
        messages = [message for message in training_data.intent_examples if message.get(TEXT)]
        truth = np.array([message.get(INTENT) == DISTRESS for message in messages])
        folds = min(self._config["folds"], int(truth.sum()), int((~truth).sum()))
        if folds >= 2:
            features = features_of(messages, self._config["dense_weight"])
            margins = np.zeros(len(truth))
            for seen, unseen in StratifiedKFold(folds, shuffle=True, random_state=_SEED).split(features, truth):
                margins[unseen] = self._linear().fit(features[seen], truth[seen]).decision_function(features[unseen])
            self._threshold = float(np.quantile(margins[~truth], 1 - self._config["false_alarms"]))
            model = self._linear().fit(features, truth)
            self._weights, self._offset = model.coef_[0].astype(np.float32), float(model.intercept_[0])
        with self._storage.write_to(self._resource) as folder:
            stored.save(folder, weights=self._weights, offset=self._offset, threshold=self._threshold)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Put distress first where it is heard."""
        for message in messages:
            if message.get(TEXT) and self._weights.size and self._hears(message):
                ranking = [entry for entry in message.get(INTENT_RANKING_KEY, []) if entry["name"] != DISTRESS]
                # Less than the runner-up's confidence would be read as doubt further on.
                sure = max([0.5, *(entry["confidence"] for entry in ranking)])
                first = {"name": DISTRESS, "confidence": sure, "certain": True}
                message.set(INTENT, first, add_to_output=True)
                message.set(INTENT_RANKING_KEY, [first, *ranking], add_to_output=True)
        return messages

    def _hears(self, message: Message) -> bool:
        margin = features_of([message], self._config["dense_weight"]) @ self._weights
        return bool(float(np.asarray(margin).ravel()[0]) + self._offset >= self._threshold)

    def _linear(self) -> LinearSVC:
        return LinearSVC(C=self._config["C"], class_weight={True: 10.0, False: 1.0}, tol=1e-2, random_state=_SEED)
