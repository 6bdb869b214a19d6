"""The intent classifier: a linear model over all features, and the nearest training messages beside it.

On messages of this domain it is more accurate than DIET, trains in seconds and answers in milliseconds. The linear
model knows what tells labels apart; the neighbours know what only one or two people ever said. The temperature
that turns margins into probabilities is learnt on messages held out. Two labels have a detector of their own beside it,
and what is only guessed is marked `unsure`. docs/engine.md has the figures.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse
import yaml
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.optimize import minimize_scalar
from sklearn.model_selection import StratifiedShuffleSplit
from sklearn.svm import LinearSVC

from engine.nlu import detectors, stored
from engine.nlu.detectors import Detector
from engine.nlu.lexical import Lexical
from engine.nlu.phrases import Phrases

RANKING_LENGTH = 10
# In the parse: the first intent is a guess, and no answer.
UNSURE = "unsure"
_SEED = 7
# What the classifier learnt, besides words, weights, vectors and detectors.
_KEPT = ("labels", "offsets", "temperature", "share", "codes", "mean", "directions")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LexicalDenseClassifier(GraphComponent, IntentClassifier):
    """A linear support vector machine, mixed with the nearest neighbours by sentence vector."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """What can be set.

        `neighbours`: how many are asked; `share`: how much they count beside the linear model; `closeness`: how much
        more a closer one counts; `dimensions`: of the vectors they are compared by (the sentence vectors' main
        directions, because comparing all 512 takes 3 ms).
        `detectors`: label -> `false_alarms` (the share of other messages that may raise an alarm, on messages held
        out), `certain` (what it hears is never asked back) and `phrases` (a file of words it hears besides).
        `unsure_below`: a first intent less likely than that
        is a guess.
        """
        return {
            "C": 0.3,
            "dense_weight": 1.0,
            "held_out": 0.33,
            "neighbours": 15,
            "share": 0.3,
            "closeness": 10.0,
            "dimensions": 64,
            "detectors": {},
            "unsure_below": 0.5,
        }

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config, self._storage, self._resource = config, model_storage, resource
        self._lexical = Lexical()
        self._labels: list[str] = []
        self._weights = np.zeros((0, 0), dtype=np.float32)
        self._offsets = np.zeros(0, dtype=np.float32)
        self._temperature, self._share = 1.0, 0.0
        self._mean = np.zeros(0, dtype=np.float32)
        self._directions = np.zeros((0, 0), dtype=np.float32)
        self._vectors = np.zeros((0, 0), dtype=np.float32)
        self._codes = np.zeros(0, dtype=np.int16)
        self._detectors: list[Detector] = []
        self._phrases: dict[str, Phrases] = {}

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
            kept = stored.load(folder)
        for name in _KEPT:
            setattr(classifier, f"_{name}", kept[name])
        classifier._lexical = Lexical.of(kept)
        classifier._weights, classifier._vectors = (kept[name].astype(np.float32) for name in ("weights", "vectors"))
        classifier._detectors = [Detector(**values) for values in kept["detectors"]]
        classifier._phrases = {label: Phrases(values) for label, values in kept["phrases"].items()}
        return classifier

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on all messages that have an intent and a text."""
        messages = [message for message in training_data.intent_examples if message.get(TEXT)]
        features, vectors = self._lexical.fit([str(message.get(TEXT)) for message in messages]), vectors_of(messages)
        labels, codes = np.unique([message.get(INTENT) for message in messages], return_inverse=True)
        self._labels = [str(label) for label in labels]
        if vectors is not None:
            dense = scipy.sparse.csr_matrix(vectors * self._config["dense_weight"])
            features = scipy.sparse.hstack([features, dense], format="csr")
            self._mean = vectors.mean(axis=0)
            directions = np.linalg.eigh(np.cov(vectors.T))[1][:, ::-1]
            self._directions = directions[:, : self._config["dimensions"]].astype(np.float32)
            self._vectors = self._project(vectors)
        self._codes = codes.astype(np.int16)
        # One after the other: the solver has one stock of random numbers for all threads, and two fits side by side
        # would take from it in another order each time.
        model = _linear(self._config["C"]).fit(features, codes)
        self._fit_on_held_out(features, codes)
        self._weights, self._offsets = model.coef_.T.astype(np.float32), model.intercept_.astype(np.float32)
        kept = {name: getattr(self, f"_{name}") for name in _KEPT} | self._lexical.to_values()
        # Half the digits say the same and take half the time to pack.
        kept |= {name: getattr(self, f"_{name}").astype(np.float16) for name in ("weights", "vectors")}
        files = {label: wanted.get("phrases") for label, wanted in self._config["detectors"].items()}
        kept["phrases"] = {label: _read_yaml(path) for label, path in files.items() if path}
        kept["detectors"] = [detector.to_values() for detector in self._detectors]
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
            message.set(UNSURE, ranking[0]["confidence"] < self._config["unsure_below"], add_to_output=True)
        return messages

    def _fit_on_held_out(self, features: scipy.sparse.csr_matrix, codes: np.ndarray) -> None:
        """Learn from messages held out how far to trust margins and neighbours, and fit the detectors."""
        if len(self._labels) < 3 or int(np.bincount(codes).min()) < 2:
            return
        split = StratifiedShuffleSplit(1, test_size=self._config["held_out"], random_state=_SEED)
        seen, unseen = next(split.split(features, codes))
        margins = _linear(self._config["C"]).fit(features[seen], codes[seen]).decision_function(features[unseen])
        near = np.zeros_like(margins)
        if self._vectors.size:
            near = self._neighbours(self._vectors[unseen], self._vectors[seen], codes[seen])
        self._temperature = _temperature(margins, codes[unseen])
        self._share = self._config["share"] if near.any() else 0.0
        for label, wanted in self._config["detectors"].items():
            column = self._labels.index(label)
            self._detectors.append(detectors.fit(column, margins, near, codes[unseen], wanted["false_alarms"]))

    def _project(self, vectors: np.ndarray) -> np.ndarray:
        """Sentence vectors in their main directions, as rows of unit length."""
        main = (vectors - self._mean) @ self._directions
        return np.asarray(main / np.maximum(np.linalg.norm(main, axis=1, keepdims=True), 1e-9), dtype=np.float32)

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
        row = self._lexical.features(str(message.get(TEXT)))
        margins = row @ self._weights[: row.shape[1]] + self._offsets
        near = np.zeros_like(margins)
        vectors = vectors_of([message])
        if vectors is not None:
            margins += vectors @ self._weights[row.shape[1] :] * self._config["dense_weight"]
            near = self._neighbours(self._project(vectors), self._vectors, self._codes)
        probabilities = ((1 - self._share) * softmax(margins * self._temperature) + self._share * near)[0]
        # The space around words is known; who knows no more reads nothing, Chinese for example: no intent is likelier.
        readable = row.nnz > 1
        if not readable:
            probabilities = np.full_like(probabilities, 1 / len(probabilities))
        order = list(np.argsort(-probabilities, kind="stable"))
        heard = self._heard(str(message.get(TEXT)), margins, near) if readable else []
        for column in reversed(heard):
            order.remove(column)
            order.insert(0, column)
        ranking = [{"name": self._labels[i], "confidence": float(probabilities[i])} for i in order[:RANKING_LENGTH]]
        if heard and self._config["detectors"][ranking[0]["name"]].get("certain"):
            likeliest = max(entry["confidence"] for entry in ranking)
            ranking[0]["confidence"] = max(likeliest, self._config["unsure_below"])
        return ranking

    def _heard(self, text: str, margins: np.ndarray, near: np.ndarray) -> list[int]:
        """The labels that are heard by their detectors or said in so many words, as columns in the order configured."""
        found = {detector.column for detector in self._detectors if detector.hears(margins, near)[0]}
        found |= {self._labels.index(label) for label, phrases in self._phrases.items() if phrases.hears(text)}
        wanted = [self._labels.index(label) for label in self._config["detectors"] if label in self._labels]
        return [column for column in wanted if column in found]


def _temperature(margins: np.ndarray, codes: np.ndarray) -> float:
    """Find the temperature that makes probabilities true."""
    rows = np.arange(len(codes))

    def surprise(factor: float) -> float:
        return float(-np.log(softmax(margins * factor)[rows, codes] + 1e-9).mean())

    return float(minimize_scalar(surprise, bounds=(0.5, 30.0), method="bounded").x)


def _read_yaml(path: str) -> Any:
    return yaml.safe_load(Path(path).read_text(encoding="utf-8"))


def _linear(penalty: float) -> LinearSVC:
    return LinearSVC(C=penalty, class_weight="balanced", tol=1e-2, random_state=_SEED)


def vectors_of(messages: list[Message]) -> np.ndarray | None:
    """The sentence vectors of messages, of shape (messages, 512); None without an encoder."""
    dense = [message.get_dense_features(TEXT)[1] for message in messages]
    if not dense or any(features is None for features in dense):
        return None
    return np.vstack([features.features for features in dense]).astype(np.float32)


def softmax(margins: np.ndarray) -> np.ndarray:
    """Turn rows of margins into rows of probabilities."""
    raised = np.exp(margins - margins.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))
