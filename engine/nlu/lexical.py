"""Words and pieces of words as sparse features: what the sentence vector smooths over ("niet", a typo, a name).

No component of its own: Rasa would copy and hash the features of every message at every step of training.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse
import sklearn
from sklearn.feature_extraction.text import TfidfVectorizer

from engine.nlu import stored

MAX_CHARACTERS = 2_000
_WORDS = r"(?u)\b\w+\b|[?!]"


class Lexical:
    """Tf-idf of words (1-2 grams) and of characters within words (1-5 grams)."""

    def __init__(self) -> None:
        self._vectorizers = [
            TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=_WORDS, min_df=2, dtype=np.float32),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 5), sublinear_tf=True, min_df=2, dtype=np.float32),
        ]

    def fit(self, texts: list[str]) -> scipy.sparse.csr_matrix:
        """Learn the vocabulary and how rare each piece is.

        Returns:
            The features of the texts, a row each.
        """
        texts = [text[:MAX_CHARACTERS] for text in texts]
        return scipy.sparse.hstack([vectorizer.fit_transform(texts) for vectorizer in self._vectorizers], format="csr")

    def features(self, text: str) -> scipy.sparse.csr_matrix:
        """The features of one text, as a row."""
        # What comes here is known to be text; checking that takes as long as the work.
        with sklearn.config_context(assume_finite=True, skip_parameter_validation=True):
            parts = [vectorizer.transform([text[:MAX_CHARACTERS]]) for vectorizer in self._vectorizers]
        return scipy.sparse.hstack(parts, format="csr")

    def to_values(self) -> dict[str, Any]:
        """What was learnt, to store."""
        learnt = enumerate(map(stored.learnt, self._vectorizers))
        return {f"{name}{index}": value for index, part in learnt for name, value in part.items()}

    @staticmethod
    def of(values: dict[str, Any]) -> Lexical:
        """Made of what was stored."""
        lexical = Lexical()
        for index, vectorizer in enumerate(lexical._vectorizers):
            stored.teach(vectorizer, values[f"words{index}"], values[f"idf{index}"])
        return lexical
