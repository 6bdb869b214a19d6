"""The intent classifier: a linear model over all features, and the nearest training messages beside it.

On messages of this domain it is more accurate than DIET, trains in seconds and answers in milliseconds. The linear
model knows what tells labels apart; the neighbours know what only one or two people ever said. Their shares and the
temperature that turns margins into probabilities are learnt on messages held out. docs/engine.md has
the figures.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import scipy.sparse
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.optimize import minimize
from sklearn.model_selection import StratifiedShuffleSplit
from sklearn.svm import LinearSVC

from engine.nlu import stored
from engine.nlu.lexical import features_of, vectors_of

RANKING_LENGTH = 10
_SEED = 7


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LexicalDenseClassifier(GraphComponent, IntentClassifier):
    """A linear support vector machine, mixed with the nearest neighbours by sentence vector."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`neighbours`: how many are asked; `closeness`: how much more a closer one counts."""
        return {"C": 0.3, "dense_weight": 1.0, "held_out": 0.33, "neighbours": 15, "closeness": 10.0}

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config, self._storage, self._resource = config, model_storage, resource
        self._labels: list[str] = []
        self._weights = np.zeros((0, 0), dtype=np.float32)
        self._offsets = np.zeros(0, dtype=np.float32)
        self._temperature, self._share = 1.0, 0.0
        self._vectors = np.zeros((0, 0), dtype=np.float32)
        self._codes = np.zeros(0, dtype=np.int16)

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
            for name, value in stored.load(folder).items():
                setattr(classifier, f"_{name}", value)
        classifier._vectors = classifier._vectors.astype(np.float32)
        return classifier

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on all messages that have an intent and a text."""
        messages = [message for message in training_data.intent_examples if message.get(TEXT)]
        features, vectors = features_of(messages, self._config["dense_weight"]), vectors_of(messages)
        labels, codes = np.unique([message.get(INTENT) for message in messages], return_inverse=True)
        self._labels = [str(label) for label in labels]
        self._vectors = np.zeros((0, 0), dtype=np.float32) if vectors is None else vectors
        self._codes = codes.astype(np.int16)
        # The solver leaves the interpreter to others while it works: both fits run side by side.
        with ThreadPoolExecutor(1) as pool:
            whole = pool.submit(_linear(self._config["C"]).fit, features, codes)
            self._temperature, self._share = self._fit_mixture(features, codes)
            model = whole.result()
        self._weights, self._offsets = model.coef_.T.astype(np.float32), model.intercept_.astype(np.float32)
        names = ("labels", "weights", "offsets", "temperature", "share", "codes")
        kept = {name: getattr(self, f"_{name}") for name in names} | {"vectors": self._vectors.astype(np.float16)}
        with self._storage.write_to(self._resource) as folder:
            stored.save(folder, **kept)
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

    def _fit_mixture(self, features: scipy.sparse.csr_matrix, codes: np.ndarray) -> tuple[float, float]:
        """Find the temperature and the neighbours' share that make probabilities true, on messages held out.

        Returns:
            temperature, share of the neighbours (0 without sentence vectors).
        """
        if len(self._labels) < 3 or int(np.bincount(codes).min()) < 2:
            return 1.0, 0.0
        split = StratifiedShuffleSplit(1, test_size=self._config["held_out"], random_state=_SEED)
        seen, unseen = next(split.split(features, codes))
        margins = _linear(self._config["C"]).fit(features[seen], codes[seen]).decision_function(features[unseen])
        near = np.zeros_like(margins)
        if self._vectors.size:
            near = self._neighbours(self._vectors[unseen], self._vectors[seen], codes[seen])
        codes, rows = codes[unseen], np.arange(len(unseen))

        def surprise(parameters: np.ndarray) -> float:
            share = 1 / (1 + np.exp(-parameters[1])) if self._vectors.size else 0.0
            right = (1 - share) * softmax(margins * np.exp(parameters[0]))[rows, codes] + share * near[rows, codes]
            return float(-np.log(right + 1e-9).mean())

        logarithm, odds = minimize(surprise, [1.5, 0.0], method="Nelder-Mead", options={"maxiter": 60}).x
        return float(np.exp(logarithm)), float(1 / (1 + np.exp(-odds))) if self._vectors.size else 0.0

    def _neighbours(self, asked: np.ndarray, known: np.ndarray, codes: np.ndarray) -> np.ndarray:
        """The labels of the nearest messages, the closer the heavier; rows sum to one."""
        shares = np.zeros((len(asked), len(self._labels)))
        count = min(self._config["neighbours"], len(known))
        for start in range(0, len(asked), 500):
            closeness = asked[start : start + 500] @ known.T
            nearest = np.argpartition(-closeness, count - 1, axis=1)[:, :count]
            weights = np.exp(self._config["closeness"] * np.take_along_axis(closeness, nearest, axis=1))
            for row, (where, weight) in enumerate(zip(nearest, weights, strict=True), start):
                shares[row] = np.bincount(codes[where], weight, len(self._labels)) / weight.sum()
        return shares

    def _ranking(self, message: Message) -> list[dict[str, Any]]:
        margins = np.asarray(features_of([message], self._config["dense_weight"]) @ self._weights)[0] + self._offsets
        probabilities = softmax(margins[np.newaxis] * self._temperature)[0]
        vectors = vectors_of([message]) if self._vectors.size else None
        if vectors is not None:
            near = self._neighbours(vectors, self._vectors, self._codes)[0]
            probabilities = (1 - self._share) * probabilities + self._share * near
        if _is_unreadable(message):
            probabilities = np.full_like(probabilities, 1 / len(probabilities))
        order = np.argsort(-probabilities, kind="stable")[:RANKING_LENGTH]
        return [{"name": self._labels[index], "confidence": float(probabilities[index])} for index in order]


def _linear(penalty: float) -> LinearSVC:
    return LinearSVC(C=penalty, class_weight="balanced", tol=1e-2, random_state=_SEED)


def _is_unreadable(message: Message) -> bool:
    """Nothing the training data knows, Chinese for example: no intent is likelier than another."""
    # The space around words is known; it says nothing.
    return bool(message.get_sparse_features(TEXT)[1].features.nnz <= 1)


def softmax(margins: np.ndarray) -> np.ndarray:
    """Turn rows of margins into rows of probabilities."""
    raised = np.exp(margins - margins.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))
