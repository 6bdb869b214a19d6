"""Words and pieces of words as sparse features: what the sentence vector smooths over ("niet", a typo, a name)."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.feature_extraction.text import TfidfVectorizer

from engine.nlu import stored

MAX_CHARACTERS = 2_000
_WORDS = r"(?u)\b\w+\b|[?!]"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class LexicalFeaturizer(GraphComponent):
    """Adds tf-idf of words (1-2 grams) and of characters within words (1-5 grams) to each message."""

    def __init__(self, model_storage: ModelStorage, resource: Resource) -> None:
        self._storage, self._resource = model_storage, resource
        self._vectorizers = [
            TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=_WORDS, dtype=np.float32),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 5), sublinear_tf=True, min_df=2, dtype=np.float32),
        ]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LexicalFeaturizer:
        """Make an untrained featurizer."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LexicalFeaturizer:
        """Load a trained featurizer."""
        featurizer = cls(model_storage, resource)
        with model_storage.read_from(resource) as folder:
            kept = stored.load(folder)
        for index, vectorizer in enumerate(featurizer._vectorizers):
            stored.teach(vectorizer, kept[f"words{index}"], kept[f"idf{index}"])
        return featurizer

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the vocabulary and how rare each piece is."""
        texts = [_text(message) for message in training_data.training_examples if message.get(TEXT)]
        for vectorizer in self._vectorizers:
            vectorizer.fit(texts)
        with self._storage.write_to(self._resource) as folder:
            parts = enumerate(map(stored.learnt, self._vectorizers))
            stored.save(folder, **{f"{name}{index}": value for index, part in parts for name, value in part.items()})
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add features to all training messages."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add features to messages."""
        spoken = [message for message in messages if message.get(TEXT)]
        if spoken:
            texts = [_text(message) for message in spoken]
            blocks = [vectorizer.transform(texts) for vectorizer in self._vectorizers]
            rows = scipy.sparse.hstack(blocks, format="csr")
            for index, message in enumerate(spoken):
                message.add_features(Features(rows[index], FEATURE_TYPE_SENTENCE, TEXT, type(self).__name__))
        return messages


def _text(message: Message) -> str:
    return str(message.get(TEXT))[:MAX_CHARACTERS]


def features_of(messages: list[Message], dense_weight: float) -> scipy.sparse.csr_matrix:
    """All features of messages: a row each; the sentence vector last, if there is one."""
    sparse = [message.get_sparse_features(TEXT)[1].features for message in messages]
    blocks = [scipy.sparse.vstack(sparse, format="csr")]
    vectors = vectors_of(messages)
    if vectors is not None:
        blocks.append(scipy.sparse.csr_matrix(vectors * dense_weight))
    return scipy.sparse.hstack(blocks, format="csr")


def vectors_of(messages: list[Message]) -> np.ndarray | None:
    """The sentence vectors of messages, of shape (messages, 512); None without an encoder."""
    dense = [message.get_dense_features(TEXT)[1] for message in messages]
    if not dense or any(features is None for features in dense):
        return None
    return np.vstack([features.features for features in dense]).astype(np.float32)
