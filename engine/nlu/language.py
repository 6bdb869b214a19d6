"""Recognises the language of a message and hands it on as the entity `language`.

It learns from the training messages themselves (their files are named *.en.yml, *.nl.yml, *.fr.yml), so it knows
the words of this domain. "ok" or a shop's name must not switch a conversation: one or two words,
and longer messages it is less sure of, give no more than a hint (the entity `language_hint`), which counts until
something clearer was said.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_NAME_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from engine.nlu import stored
from engine.nlu.intents import softmax

ENTITY, HINT = "language", "language_hint"
FEW_WORDS = 3
LANGUAGES = ("en", "nl", "fr")
MAX_CHARACTERS = 200

# How people name the language they want, in all three languages.
_NAMES = {
    "en": re.compile(r"\b(english|engels|anglais|inglish)\b", re.I),
    "nl": re.compile(r"\b(dutch|nederlands|n[ée]erlandais|vlaams|flamand|flemish)\b", re.I),
    "fr": re.compile(r"\b(french|frans|fran[cç]ais|francais)\b", re.I),
}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class LanguageIdentifier(GraphComponent, EntityExtractorMixin):
    """Adds the entity `language` when a message shows its language, or names the one that is wanted."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """What can be set.

        `sure`: from this probability on three words set the language; `guess`: from here on they hint at it. `hint`:
        from here on one or two words hint at it.
        """
        return {"data": "data/nlu", "sure": 0.9, "guess": 0.55, "hint": 0.8}

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config, self._storage, self._resource = config, model_storage, resource
        self._vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 5), sublinear_tf=True)
        self._weights, self._offsets = np.zeros((0, 0)), np.zeros(0)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LanguageIdentifier:
        """Make an untrained identifier."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LanguageIdentifier:
        """Load a trained identifier."""
        identifier = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            kept = stored.load(folder)
        stored.teach(identifier._vectorizer, kept["words"], kept["idf"])
        identifier._weights, identifier._offsets = kept["weights"], kept["offsets"]
        return identifier

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on the messages of the three languages' files."""
        texts, labels = [], []
        for language in LANGUAGES:
            for path in sorted(Path(self._config["data"]).glob(f"*.{language}.yml")):
                said = [letters(text) for text in _messages(path)]
                texts += said
                labels += [language] * len(said)
        model = LogisticRegression(C=20.0, max_iter=200, random_state=7)
        model.fit(self._vectorizer.fit_transform(texts), [LANGUAGES.index(language) for language in labels])
        self._weights, self._offsets = model.coef_.T, model.intercept_
        with self._storage.write_to(self._resource) as folder:
            stored.save(folder, **stored.learnt(self._vectorizer), weights=self._weights, offsets=self._offsets)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entity to each message whose language is clear."""
        for message in messages:
            wanted = self._wanted(message)
            name, language = (ENTITY, wanted) if wanted else self._spoken(str(message.get(TEXT) or ""))
            if language:
                entity = {"entity": name, "value": language, "start": 0, "end": 0, "extractor": type(self).__name__}
                message.set(ENTITIES, [*message.get(ENTITIES, []), entity], add_to_output=True)
        return messages

    def _wanted(self, message: Message) -> str | None:
        if (message.get(INTENT) or {}).get(INTENT_NAME_KEY) != "change_language":
            return None
        named = [language for language, pattern in _NAMES.items() if pattern.search(str(message.get(TEXT)))]
        # "Not French please, English": the last one named is the one wanted.
        return max(named, key=lambda name: _last(_NAMES[name], message)) if named else None

    def _spoken(self, text: str) -> tuple[str, str | None]:
        words = letters(text).split()
        if not words:
            return HINT, None
        margins = self._vectorizer.transform([" ".join(words)]) @ self._weights + self._offsets
        probabilities = softmax(margins)[0]
        best = int(probabilities.argmax())
        language = LANGUAGES[best]
        if len(words) >= FEW_WORDS:
            sure = probabilities[best] >= self._config["sure"]
            return ENTITY if sure else HINT, language if probabilities[best] >= self._config["guess"] else None
        return HINT, language if probabilities[best] >= self._config["hint"] else None


def letters(text: str) -> str:
    """The words of a text: figures and signs have no language, and would count as one."""
    return re.sub(r"[\W\d_]+", " ", text[:MAX_CHARACTERS]).strip()


def _messages(path: Path) -> list[str]:
    """The messages of a file of training data; Rasa's own reader takes a hundred times as long."""
    groups = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["nlu"]
    return [line.strip().removeprefix("- ") for group in groups for line in group["examples"].splitlines()]


def _last(pattern: re.Pattern[str], message: Message) -> int:
    return [match.start() for match in pattern.finditer(str(message.get(TEXT)))][-1]
