"""The intent classifier: lexical features and the sentence vector, one linear model over all intents.

On messages of this domain it is more accurate than DIET, trains in seconds and answers in milliseconds. The model is a
linear support vector machine; its margins become probabilities through one temperature, learnt from messages it was
not trained on. docs/engine.md has the figures.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse
import skops.io
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.optimize import minimize_scalar
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from engine.nlu import stored

RANKING_LENGTH = 10
MAX_CHARACTERS = 2_000
_WORDS = r"(?u)\b\w+\b|[?!]"
_SEED = 7


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LexicalDenseClassifier(GraphComponent, IntentClassifier):
    """Word 1-2 grams and character 1-5 grams (tf-idf), the dense vector, a linear model."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`care` maps an intent that must not be missed to the probability from which it wins."""
        return {"C": 0.3, "dense_weight": 1.0, "folds": 3, "care": {}}

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config, self._storage, self._resource = config, model_storage, resource
        self._vectorizers = [
            TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=_WORDS, dtype=np.float32),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 5), sublinear_tf=True, min_df=2, dtype=np.float32),
        ]
        self._labels: list[str] = []
        self._weights = np.zeros((0, 0), dtype=np.float32)
        self._offsets = np.zeros(0, dtype=np.float32)
        self._temperature = 1.0

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LexicalDenseClassifier:
        """Make an untrained classifier."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LexicalDenseClassifier:
        """Load a trained classifier."""
        classifier = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            for name, value in stored.load(folder / "intents.skops").items():
                setattr(classifier, f"_{name}", value)
        return classifier

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on all messages that have an intent and a text."""
        messages = [message for message in training_data.intent_examples if message.get(TEXT)]
        for vectorizer in self._vectorizers:
            vectorizer.fit([_text(message) for message in messages])
        features = self._features(messages)
        intents = np.array([message.get(INTENT) for message in messages])
        self._temperature = self._fit_temperature(features, intents)
        model = self._linear().fit(features, intents)
        self._labels = [str(label) for label in model.classes_]
        self._weights, self._offsets = model.coef_.T.astype(np.float32), model.intercept_.astype(np.float32)
        names = ("vectorizers", "labels", "weights", "offsets", "temperature")
        with self._storage.write_to(self._resource) as folder:
            skops.io.dump({name: getattr(self, f"_{name}") for name in names}, folder / "intents.skops")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent and the ranking of each message."""
        for message in messages:
            if not message.get(TEXT):
                continue
            ranking = self._ranking(message)
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def _linear(self) -> LinearSVC:
        return LinearSVC(C=self._config["C"], class_weight="balanced", tol=1e-2, random_state=_SEED)

    def _fit_temperature(self, features: scipy.sparse.csr_matrix, intents: np.ndarray) -> float:
        """Find the factor that makes probabilities of margins true, on messages each fold has not seen."""
        labels, codes = np.unique(intents, return_inverse=True)
        folds = min(self._config["folds"], int(np.bincount(codes).min()))
        if folds < 2 or len(labels) < 3:
            return 1.0
        margins = np.zeros((len(intents), len(labels)))
        for seen, unseen in StratifiedKFold(folds, shuffle=True, random_state=_SEED).split(features, codes):
            margins[unseen] = self._linear().fit(features[seen], codes[seen]).decision_function(features[unseen])

        def surprise(factor: float) -> float:
            right = softmax(margins * factor)[np.arange(len(codes)), codes]
            return float(-np.log(right + 1e-12).mean())

        return float(minimize_scalar(surprise, bounds=(0.5, 30.0), method="bounded").x)

    def _ranking(self, message: Message) -> list[dict[str, Any]]:
        margins = np.asarray(self._features([message]) @ self._weights)[0] + self._offsets
        probabilities = softmax(margins[np.newaxis] * self._temperature)[0]
        if self._is_unreadable(_text(message)):
            probabilities = np.full_like(probabilities, 1 / len(probabilities))
        ranking: list[dict[str, Any]] = [
            {"name": self._labels[index], "confidence": float(probabilities[index])}
            for index in np.argsort(-probabilities)
        ]
        for name, threshold in self._config["care"].items():
            entry = next((entry for entry in ranking if entry["name"] == name), None)
            if entry and entry["confidence"] >= threshold:
                ranking.remove(entry)
                # A lower confidence than the runner-up's would be read as doubt further on.
                ranking.insert(0, entry | {"confidence": max(entry["confidence"], ranking[0]["confidence"])})
        return ranking[:RANKING_LENGTH]

    def _is_unreadable(self, text: str) -> bool:
        """Nothing the training data knows, an emoji or Chinese for example: no intent is likelier than another."""
        known = self._vectorizers[1].vocabulary_
        return not any(character.isdigit() or character in known for character in text.lower() if character.strip())

    def _features(self, messages: list[Message]) -> scipy.sparse.csr_matrix:
        texts = [_text(message) for message in messages]
        blocks = [vectorizer.transform(texts) for vectorizer in self._vectorizers]
        dense = [message.get_dense_features(TEXT)[1] for message in messages]
        if all(features is not None for features in dense):
            vectors = np.vstack([features.features for features in dense])
            blocks.append(scipy.sparse.csr_matrix(vectors * self._config["dense_weight"]))
        return scipy.sparse.hstack(blocks, format="csr")


def softmax(margins: np.ndarray) -> np.ndarray:
    """Turn rows of margins into rows of probabilities."""
    raised = np.exp(margins - margins.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def _text(message: Message) -> str:
    return str(message.get(TEXT))[:MAX_CHARACTERS]
