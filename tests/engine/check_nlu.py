"""The components of the pipeline, on models that train in a moment."""

# This environment has no pytest.
# ruff: noqa: PT009, PT027

from __future__ import annotations

import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any
from unittest import mock

from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from engine.nlu import encoder
from engine.nlu.encoder import EncoderError, SentenceEncoder
from engine.nlu.intents import LexicalDenseClassifier
from engine.nlu.language import LanguageIdentifier

SPOKEN = {
    "en": [
        "my parcel never arrived",
        "what does it cost",
        "I want to open a claim",
        "somebody hacked my account",
        "ok",
    ],
    "nl": [
        "mijn pakje is niet gekomen",
        "hoeveel kost dat",
        "ik wil een schade melden",
        "mijn account is gehackt",
        "ok",
    ],
    "fr": [
        "mon colis n'est pas arrivé",
        "combien ça coûte",
        "je veux ouvrir un dossier",
        "mon compte est piraté",
        "ok",
    ],
}
LABELS = ["report_non_delivery", "ask_price", "file_claim", "report_hacked_account", "affirm"]
RESOURCE = Resource("component")
CONTEXT: Any = None


class Component(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        (self.folder / "storage").mkdir()
        self.storage = LocalModelStorage(self.folder / "storage")


class Language(Component):
    def setUp(self) -> None:
        super().setUp()
        data = self.folder / "nlu"
        data.mkdir()
        for language, texts in SPOKEN.items():
            examples = "".join(f"    - {text}\n" for text in texts)
            text = f'version: "3.1"\nnlu:\n- intent: x\n  examples: |\n{examples}'
            (data / f"x.{language}.yml").write_text(text, encoding="utf-8")
        config = {**LanguageIdentifier.get_default_config(), "data": str(data), "sure": 0.6, "sure_short": 0.9}
        LanguageIdentifier.create(config, self.storage, RESOURCE, CONTEXT).train(TrainingData())
        self.identifier = LanguageIdentifier.load(config, self.storage, RESOURCE, CONTEXT)

    def language(self, text: str, intent: str = "x") -> str | None:
        message = Message({TEXT: text, INTENT: {"name": intent}})
        self.identifier.process([message])
        found = [entity["value"] for entity in message.get(ENTITIES, []) if entity["entity"] == "language"]
        return found[0] if found else None

    def test_a_sentence_shows_its_language(self) -> None:
        for language, texts in SPOKEN.items():
            for text in texts[:-1]:
                self.assertEqual(self.language(text), language, text)

    def test_what_every_language_has_switches_nothing(self) -> None:
        for text in ("ok", "OK!", "", "240", "3/11", "😀", "CYB-1001-0001"):
            self.assertIsNone(self.language(text), text)

    def test_the_language_wanted_wins_over_the_one_spoken(self) -> None:
        for text, language in {
            "je veux en anglais": "en",
            "I want it in Dutch": "nl",
            "ik wil in het Frans": "fr",
            "Vlaams svp": "nl",
            "français": "fr",
        }.items():
            self.assertEqual(self.language(text, "change_language"), language, text)

    def test_the_last_one_named_is_the_one_wanted(self) -> None:
        self.assertEqual(self.language("not French please, English", "change_language"), "en")
        self.assertEqual(self.language("pas en anglais mais en néerlandais", "change_language"), "nl")

    def test_a_language_only_mentioned_is_not_wanted(self) -> None:
        self.assertEqual(self.language("I want to open a claim, the mail was in French"), "en")

    def test_wanting_another_one_without_naming_it_goes_by_what_is_spoken(self) -> None:
        self.assertEqual(self.language("mijn pakje is niet gekomen", "change_language"), "nl")

    def test_other_entities_are_kept(self) -> None:
        message = Message({TEXT: SPOKEN["nl"][0], ENTITIES: [{"entity": "question", "value": "amount"}]})
        self.identifier.process([message])
        self.assertEqual([entity["entity"] for entity in message.get(ENTITIES)], ["question", "language"])

    def test_a_very_long_message_is_no_trouble(self) -> None:
        self.assertEqual(self.language("mijn pakje is niet gekomen " * 5_000), "nl")


class Encoder(Component):
    def test_other_weights_than_the_reviewed_ones_are_not_loaded(self) -> None:
        package = self.folder / "stand_in_encoder" / "resources"
        package.mkdir(parents=True)
        (package.parent / "__init__.py").write_text("raise AssertionError('loaded')")
        for name in encoder.WEIGHTS:
            (package / name).write_bytes(b"something else")
        with (
            mock.patch.object(sys, "path", [str(self.folder), *sys.path]),
            mock.patch.object(encoder, "MODULE", "stand_in_encoder"),
            mock.patch.object(encoder, "_encoder", None),
            self.assertRaisesRegex(EncoderError, "weights.npz of the sentence encoder has the hash"),
        ):
            encoder.encode(["hello"])

    def test_an_encoder_that_is_not_there_is_said(self) -> None:
        with (
            mock.patch.object(encoder, "MODULE", "no_such_encoder"),
            mock.patch.object(encoder, "_encoder", None),
            self.assertRaisesRegex(EncoderError, "not installed"),
        ):
            encoder.encode(["hello"])

    def test_a_model_of_another_encoder_is_refused_with_both_names(self) -> None:
        SentenceEncoder(self.storage, RESOURCE, "usem3:another").train(TrainingData())
        with (
            mock.patch.object(encoder, "MODULE", "no_such_encoder"),
            self.assertRaisesRegex(EncoderError, "usem3:another, installed is none: train again"),
        ):
            SentenceEncoder.load({}, self.storage, RESOURCE, CONTEXT)


class Classifier(Component):
    def train(self, **config: Any) -> LexicalDenseClassifier:
        """Train and load, without an encoder."""
        texts = [(text, label) for texts in SPOKEN.values() for text, label in zip(texts, LABELS, strict=True)]
        data = TrainingData([Message({TEXT: text, INTENT: label}) for text, label in texts])
        config = {**LexicalDenseClassifier.get_default_config(), **config}
        with mock.patch.object(encoder, "MODULE", "no_such_encoder"):
            featurizer = SentenceEncoder.create({}, self.storage, Resource("featurizer"), CONTEXT)
            featurizer.train(data)
            SentenceEncoder.load({}, self.storage, Resource("featurizer"), CONTEXT)
            data = featurizer.process_training_data(data)
        LexicalDenseClassifier.create(config, self.storage, RESOURCE, CONTEXT).train(data)
        return LexicalDenseClassifier.load(config, self.storage, RESOURCE, CONTEXT)

    @staticmethod
    def ranking(classifier: LexicalDenseClassifier, text: str) -> list[dict[str, Any]]:
        message = Message({TEXT: text})
        classifier.process([message])
        assert message.get(INTENT) == message.get(INTENT_RANKING_KEY)[0]
        return list(message.get(INTENT_RANKING_KEY))

    def test_it_trains_and_runs_without_the_encoder(self) -> None:
        classifier = self.train()
        for texts in SPOKEN.values():
            for text, label in zip(texts, LABELS, strict=True):
                self.assertEqual(self.ranking(classifier, text)[0]["name"], label)

    def test_the_ranking_goes_down_and_adds_up(self) -> None:
        ranking = self.ranking(self.train(), "what does the parcel cost")
        confidences = [entry["confidence"] for entry in ranking]
        self.assertEqual(confidences, sorted(confidences, reverse=True))
        self.assertAlmostEqual(sum(confidences), 1.0, places=3)

    def test_symbols_it_has_never_seen_have_no_favourite(self) -> None:
        ranking = self.ranking(self.train(), "🦆")
        self.assertAlmostEqual(ranking[0]["confidence"], ranking[-1]["confidence"])

    def test_an_intent_to_take_care_of_wins_from_its_threshold_on(self) -> None:
        text = "what does it cost to open a claim"
        plain = self.ranking(self.train(), text)
        second = plain[1]
        below, above = second["confidence"] - 0.001, second["confidence"] + 0.001
        careful = self.ranking(self.train(care={second["name"]: below}), text)
        self.assertEqual(careful[0]["name"], second["name"])
        self.assertGreaterEqual(careful[0]["confidence"], careful[1]["confidence"])
        self.assertEqual(self.ranking(self.train(care={second["name"]: above}), text)[0]["name"], plain[0]["name"])

    def test_a_message_without_text_is_left_alone(self) -> None:
        message = Message({})
        self.train().process([message])
        self.assertIsNone(message.get(INTENT))
