"""Keeps what a component learnt as numbers and words: files that cannot run code, and load in a moment."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer


def save(folder: Path, **values: Any) -> None:
    """Write arrays to `arrays.npz` and everything else to `values.json`."""
    arrays = {name: value for name, value in values.items() if isinstance(value, np.ndarray)}
    others = {name: value for name, value in values.items() if name not in arrays}
    np.savez(folder / "arrays.npz", **arrays)
    (folder / "values.json").write_text(json.dumps(others, ensure_ascii=False), encoding="utf-8")


def load(folder: Path) -> dict[str, Any]:
    """Read what `save` wrote.

    Raises:
        ValueError: An array holds Python objects, which could run code.
    """
    with np.load(folder / "arrays.npz", allow_pickle=False) as arrays:
        found = {name: arrays[name] for name in arrays.files}
    return found | json.loads((folder / "values.json").read_text(encoding="utf-8"))


def learnt(vectorizer: TfidfVectorizer) -> dict[str, Any]:
    """The vocabulary of a fitted vectorizer in the order of its columns, and the weight of each."""
    words = sorted(vectorizer.vocabulary_, key=vectorizer.vocabulary_.get)
    return {"words": words, "idf": vectorizer.idf_}


def teach(vectorizer: TfidfVectorizer, words: list[str], idf: np.ndarray) -> TfidfVectorizer:
    """Give a new vectorizer the vocabulary and weights of a fitted one."""
    vectorizer.set_params(vocabulary={word: column for column, word in enumerate(words)})
    vectorizer.idf_ = idf
    return vectorizer
