"""The components of the pipeline, on models that train in a moment."""

# This environment has no pytest.
# ruff: noqa: PT009, PT027

from __future__ import annotations

import sys
import tempfile
import unittest
from itertools import product
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.feature_extraction.text import TfidfVectorizer

from engine.nlu import detectors, encoder, stored
from engine.nlu.encoder import EncoderError, SentenceEncoder
from engine.nlu.intents import RANKING_LENGTH, UNSURE, LexicalDenseClassifier
from engine.nlu.language import ENTITY, HINT, LanguageIdentifier
from engine.nlu.lexical import Lexical
from engine.nlu.phrases import Phrases

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
DISTRESS, OUTSIDE = "express_distress", "out_of_scope"
# What is said with a label: one of the first words, then one of the others.
PARTS = {
    "file_claim": (("I want to", "please let me", "I would like to", "can I"), ("open a claim", "file a claim")),
    "ask_price": (("what does it cost", "how much is it", "what is the price", "how expensive is it"), ("", "a year")),
    "report_non_delivery": (("my parcel", "the package", "my order", "the box"), ("never arrived", "did not come")),
    DISTRESS: (("I can not go on", "I feel so alone", "I am at the end", "I cry"), ("", "any more")),
    OUTSIDE: (("tell me", "do you know", "I wonder"), ("a joke about ducks", "who won the match", "a recipe for soup")),
}
SAID = [(f"{one} {other}".strip(), label) for label, parts in PARTS.items() for one, other in product(*parts)]
WHERE = ("", "today", "by the way")
# What anybody may say teaches a model not to be too sure.
ANYBODY = [
    (text, label) for text in ("and what about it", "it is about the other one", "please help") for label in PARTS
]
MANY = [(f"{text} {word}".strip(), label) for text, label in SAID for word in WHERE] + ANYBODY * 2
UNREADABLE = ("🦆", "你好吗", "…", "…—…")
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
        self.data = self.folder / "nlu"
        self.data.mkdir()
        for language, texts in SPOKEN.items():
            examples = "".join(f"    - {text}\n" for text in texts)
            text = f'version: "3.1"\nnlu:\n- intent: x\n  examples: |\n{examples}'
            (self.data / f"x.{language}.yml").write_text(text, encoding="utf-8")
        LanguageIdentifier.create(self.config(), self.storage, RESOURCE, CONTEXT).train(TrainingData())

    def config(self, **changes: float) -> dict[str, Any]:
        usual = {"data": str(self.data), "sure": 0.6, "hint": 0.6}
        return {**LanguageIdentifier.get_default_config(), **usual, **changes}

    def heard(self, text: str, intent: str = "x", **config: float) -> tuple[str, str] | None:
        """The entity's name and its language."""
        identifier = LanguageIdentifier.load(self.config(**config), self.storage, RESOURCE, CONTEXT)
        message = Message({TEXT: text, INTENT: {"name": intent}})
        identifier.process([message])
        found = [(entity["entity"], entity["value"]) for entity in message.get(ENTITIES, [])]
        self.assertLessEqual(len(found), 1)
        return found[0] if found else None

    def language(self, text: str, intent: str = "x") -> str | None:
        name, language = self.heard(text, intent) or (None, None)
        return language if name == ENTITY else None

    def test_a_sentence_shows_its_language(self) -> None:
        for language, texts in SPOKEN.items():
            for text in texts[:-1]:
                self.assertEqual(self.language(text), language, text)

    def test_what_every_language_has_switches_nothing(self) -> None:
        for text in ("ok", "OK!", "", "240", "3/11", "😀", "CYB-1001-0001"):
            self.assertIsNone(self.language(text), text)

    def test_a_message_without_words_gives_no_hint_either(self) -> None:
        for text in ("", " ", "240", "3/11", "😀", "!?", "240 3/11 😀 !?"):
            self.assertIsNone(self.heard(text, sure=0.0, guess=0.0, hint=0.0), text)

    def test_three_words_it_is_not_sure_of_give_a_hint_all_the_same(self) -> None:
        for language, texts in SPOKEN.items():
            for text in texts[:-1]:
                self.assertEqual(self.heard(text, sure=1.1, hint=1.1), (HINT, language), text)

    def test_three_words_of_no_language_give_no_hint(self) -> None:
        self.assertIsNone(self.heard("ok ok ok"))
        self.assertIsNone(self.heard("mijn pakje is niet gekomen", sure=1.1, guess=1.1))

    def test_one_or_two_words_never_set_the_language(self) -> None:
        for text, language in {"mijn pakje": "nl", "combien": "fr", "my parcel": "en"}.items():
            self.assertEqual(self.heard(text, sure=0.0), (HINT, language), text)

    def test_one_or_two_words_hint_only_when_they_are_likely(self) -> None:
        for text in ("mijn pakje", "combien", "my parcel"):
            self.assertIsNone(self.heard(text, sure=0.0, hint=1.1), text)
        self.assertIsNone(self.heard("ok"))

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
        identifier = LanguageIdentifier.load(self.config(), self.storage, RESOURCE, CONTEXT)
        message = Message({TEXT: SPOKEN["nl"][0], ENTITIES: [{"entity": "question", "value": "amount"}]})
        identifier.process([message])
        self.assertEqual([entity["entity"] for entity in message.get(ENTITIES)], ["question", ENTITY])

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


class Stored(Component):
    def test_what_is_saved_is_what_is_loaded(self) -> None:
        numbers = np.array([[1.5, 2.0], [0.0, -3.25]], dtype=np.float16)
        stored.save(self.folder, numbers=numbers, labels=["é", "b"], temperature=0.5)
        kept = stored.load(self.folder)
        self.assertEqual(kept["numbers"].dtype, np.float16)
        np.testing.assert_array_equal(kept["numbers"], numbers)
        self.assertEqual((kept["labels"], kept["temperature"]), (["é", "b"], 0.5))

    def test_arrays_of_python_objects_are_refused(self) -> None:
        stored.save(self.folder, numbers=np.zeros(2))
        np.savez(self.folder / "arrays.npz", numbers=np.array([{"could": "run"}], dtype=object))
        with self.assertRaises(ValueError):
            stored.load(self.folder)

    def test_a_vectorizer_gives_the_same_after_saving_and_loading(self) -> None:
        texts = [text for text, _ in SAID]
        settings: dict[str, Any] = {"analyzer": "char_wb", "ngram_range": (1, 3), "sublinear_tf": True}
        vectorizer = TfidfVectorizer(**settings)
        expected = vectorizer.fit_transform(texts)
        stored.save(self.folder, **stored.learnt(vectorizer))
        kept = stored.load(self.folder)
        taught = stored.teach(TfidfVectorizer(**settings), kept["words"], kept["idf"])
        np.testing.assert_allclose(taught.transform(texts).toarray(), expected.toarray(), rtol=1e-9)
        self.assertGreater(expected.nnz, 0)

    def test_words_and_their_pieces_give_the_same_after_saving_and_loading(self) -> None:
        texts = [text for text, _ in SAID]
        lexical = Lexical()
        expected = lexical.fit(texts).toarray()
        stored.save(self.folder, **lexical.to_values())
        loaded = Lexical.of(stored.load(self.folder))
        for text, row in zip(texts, expected, strict=True):
            np.testing.assert_allclose(loaded.features(text).toarray()[0], row, rtol=1e-6)


class Detecting(unittest.TestCase):
    """Detectors on made-up margins: the label in question is heard about as strongly as it is meant."""

    OTHERS = 3_000

    def made_up(self, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Margins, neighbours and true labels."""
        random = np.random.default_rng(seed)
        codes = np.concatenate([np.zeros(300, dtype=int), random.integers(1, 4, self.OTHERS)])
        margins = random.normal(-1.0, 0.5, (len(codes), 4))
        margins[np.arange(len(codes)), codes] += 1.5
        near = random.dirichlet(np.ones(4), len(codes))
        return margins, near, codes

    def test_no_more_others_raise_an_alarm_than_may(self) -> None:
        margins, near, codes = self.made_up(1)
        for wanted in (0.0, 0.0075, 0.03, 0.2):
            with self.subTest(wanted):
                detector = detectors.fit(0, margins, near, codes, wanted)
                alarms = detector.hears(margins, near)[codes != 0].sum()
                self.assertLessEqual(alarms, wanted * self.OTHERS + 1)
                self.assertGreaterEqual(alarms, wanted * self.OTHERS - 1)

    def test_new_messages_raise_about_as_many_alarms(self) -> None:
        detector = detectors.fit(0, *self.made_up(1), 0.03)
        margins, near, codes = self.made_up(2)
        self.assertAlmostEqual(detector.hears(margins, near)[codes != 0].mean(), 0.03, delta=0.015)

    def test_what_is_meant_is_heard_more_often_the_more_alarms_may_be_raised(self) -> None:
        margins, near, codes = self.made_up(1)
        found = [
            detectors.fit(0, margins, near, codes, wanted).hears(margins, near)[codes == 0].mean()
            for wanted in (0.001, 0.01, 0.1)
        ]
        self.assertEqual(found, sorted(found))
        self.assertLess(found[0], found[-1])
        self.assertGreater(found[-1], 0.9)

    def test_a_model_without_neighbours_has_detectors_too(self) -> None:
        margins, near, codes = self.made_up(1)
        detector = detectors.fit(0, margins, np.zeros_like(near), codes, 0.03)
        self.assertGreater(detector.hears(margins, np.zeros_like(near))[codes == 0].mean(), 0.5)

    def test_it_stays_the_same_when_it_is_stored(self) -> None:
        margins, near, codes = self.made_up(1)
        detector = detectors.fit(2, margins, near, codes, 0.03)
        self.assertEqual(detectors.Detector(**detector.to_values()), detector)


class PlainWords(unittest.TestCase):
    """Phrases that are heard whatever the model makes of a message."""

    def test_small_things_of_writing_do_not_matter(self) -> None:
        phrases = Phrases({"fr": [r"lettre d.adieu", r"s'en aller"], "en": ["give up"]})
        for text in ("Lettre d'adieu", "une  lettre\nd’adieu", "S’EN  ALLER", "I GIVE up"):
            self.assertTrue(phrases.hears(text), text)
        self.assertFalse(phrases.hears("a letter of thanks"))

    def test_accents_do_not_matter(self) -> None:
        self.assertTrue(Phrases({"fr": ["prefere partir"]}).hears("Je préfère partir"))

    def test_a_look_alike_takes_it_back(self) -> None:
        phrases = Phrases({"en": ["give up"], "not": [r"\bsong\b"]})
        self.assertTrue(phrases.hears("I give up"))
        self.assertFalse(phrases.hears("never gonna give up, what a song"))

    def test_no_phrases_hear_nothing(self) -> None:
        self.assertFalse(Phrases({}).hears("I give up"))


class Classifier(Component):
    def train(self, said: list[tuple[str, str]] = MANY, **config: Any) -> LexicalDenseClassifier:
        """Train and load, without an encoder."""
        data = TrainingData([Message({TEXT: text, INTENT: label}) for text, label in said])
        with mock.patch.object(encoder, "MODULE", "no_such_encoder"), self.assertLogs(encoder.logger, "WARNING"):
            featurizer = SentenceEncoder.create({}, self.storage, Resource("featurizer"), CONTEXT)
            featurizer.train(data)
            SentenceEncoder.load({}, self.storage, Resource("featurizer"), CONTEXT)
            data = featurizer.process_training_data(data)
        return self.fitted(data, **config)

    def fitted(self, data: TrainingData, **config: Any) -> LexicalDenseClassifier:
        whole = {**LexicalDenseClassifier.get_default_config(), **config}
        LexicalDenseClassifier.create(whole, self.storage, RESOURCE, CONTEXT).train(data)
        return LexicalDenseClassifier.load(whole, self.storage, RESOURCE, CONTEXT)

    @staticmethod
    def parsed(classifier: LexicalDenseClassifier, text: str) -> dict[str, Any]:
        """What leaves the pipeline."""
        message = Message({TEXT: text})
        classifier.process([message])
        output: dict[str, Any] = message.as_dict(only_output_properties=True)
        assert output[INTENT] == output[INTENT_RANKING_KEY][0]
        return output

    def ranking(self, classifier: LexicalDenseClassifier, text: str) -> list[dict[str, Any]]:
        return list(self.parsed(classifier, text)[INTENT_RANKING_KEY])

    def test_it_trains_and_runs_without_the_encoder(self) -> None:
        said = [(text, label) for texts in SPOKEN.values() for text, label in zip(texts, LABELS, strict=True)]
        classifier = self.train(said)
        for text, label in said:
            self.assertEqual(self.ranking(classifier, text)[0]["name"], label)

    def test_it_understands_what_it_has_not_seen_word_for_word(self) -> None:
        classifier = self.train()
        for text, label in {
            "where can I file my claim": "file_claim",
            "what would the price be": "ask_price",
            "my packages did not arrive": "report_non_delivery",
            "I feel alone and cry": DISTRESS,
            "a joke about soup": OUTSIDE,
        }.items():
            self.assertEqual(self.ranking(classifier, text)[0]["name"], label, text)

    def test_the_ranking_goes_down_and_adds_up(self) -> None:
        ranking = self.ranking(self.train(), "what does the parcel cost")
        confidences = [entry["confidence"] for entry in ranking]
        self.assertEqual(confidences, sorted(confidences, reverse=True))
        self.assertAlmostEqual(sum(confidences), 1.0, places=3)

    def test_the_ranking_is_cut(self) -> None:
        said = [(f"{word} word{number}", f"label{number}") for number in range(14) for word in ("one", "two", "six")]
        self.assertEqual(len(self.ranking(self.train(said), "one word3")), RANKING_LENGTH)

    def test_a_weak_first_intent_is_marked_unsure_and_a_strong_one_is_not(self) -> None:
        classifier = self.train()
        weak = self.parsed(classifier, "what about the other")
        strong = self.parsed(classifier, "I want to file a claim")
        self.assertIs(weak[UNSURE], True)
        self.assertLess(weak[INTENT]["confidence"], 0.5)
        self.assertIs(strong[UNSURE], False)
        self.assertGreaterEqual(strong[INTENT]["confidence"], 0.5)

    def test_where_a_guess_begins_can_be_set(self) -> None:
        text = "what about the other"
        confidence = self.parsed(self.train(), text)[INTENT]["confidence"]
        self.assertTrue(self.parsed(self.train(unsure_below=confidence + 0.01), text)[UNSURE])
        self.assertFalse(self.parsed(self.train(unsure_below=confidence - 0.01), text)[UNSURE])

    def test_symbols_it_has_never_seen_have_no_favourite_and_are_unsure(self) -> None:
        classifier = self.train()
        for text in UNREADABLE:
            with self.subTest(text):
                parsed = self.parsed(classifier, text)
                confidences = [entry["confidence"] for entry in parsed[INTENT_RANKING_KEY]]
                self.assertAlmostEqual(min(confidences), max(confidences))
                self.assertTrue(parsed[UNSURE])

    def test_symbols_it_has_never_seen_raise_no_alarm(self) -> None:
        classifier = self.train(detectors={DISTRESS: {"false_alarms": 0.0, "certain": True}})
        for text in UNREADABLE:
            self.assertTrue(self.parsed(classifier, text)[UNSURE], text)

    def test_a_detector_wins_although_another_label_looks_likelier(self) -> None:
        # Heard in nearly everything, so that it has to win against what is likelier.
        text = "a claim about the parcel"
        self.assertEqual(self.ranking(self.train(), text)[0]["name"], "file_claim")
        classifier = self.train(detectors={DISTRESS: {"false_alarms": 0.999}})
        first, second, *_ = self.ranking(classifier, text)
        self.assertEqual((first["name"], second["name"]), (DISTRESS, "file_claim"))
        self.assertLess(first["confidence"], second["confidence"])
        self.assertTrue(self.parsed(classifier, text)[UNSURE])

    def test_what_is_certain_is_never_unsure_and_leads_the_ranking(self) -> None:
        classifier = self.train(detectors={DISTRESS: {"false_alarms": 0.999, "certain": True}}, unsure_below=0.9)
        for text in ("a claim about the parcel", "I feel so alone", "what about the other", "a recipe for a box"):
            with self.subTest(text):
                parsed = self.parsed(classifier, text)
                confidences = [entry["confidence"] for entry in parsed[INTENT_RANKING_KEY]]
                self.assertEqual(parsed[INTENT]["name"], DISTRESS)
                self.assertIs(parsed[UNSURE], False)
                self.assertEqual(confidences[0], max(confidences))
                self.assertGreaterEqual(confidences[0], 0.9)

    def test_a_label_that_is_not_heard_is_not_certain(self) -> None:
        wanted = {DISTRESS: {"false_alarms": 0.0, "certain": True}}
        parsed = self.parsed(self.train(detectors=wanted), "I want to file a claim")
        self.assertEqual(parsed[INTENT]["name"], "file_claim")

    def test_few_false_alarms_leave_others_alone_and_many_do_not(self) -> None:
        others = [text for text, label in MANY if label != DISTRESS]
        alarms = []
        for wanted in (0.01, 0.3, 0.8):
            classifier = self.train(detectors={DISTRESS: {"false_alarms": wanted}})
            alarms.append(sum(self.ranking(classifier, text)[0]["name"] == DISTRESS for text in others) / len(others))
        self.assertLessEqual(alarms[0], 0.02)
        self.assertEqual(alarms, sorted(alarms))
        self.assertGreater(alarms[2], alarms[0])

    def test_when_two_are_heard_the_first_one_named_wins(self) -> None:
        loud = {"false_alarms": 0.999}
        for names in ((DISTRESS, OUTSIDE), (OUTSIDE, DISTRESS)):
            classifier = self.train(detectors=dict.fromkeys(names, loud))
            ranking = self.ranking(classifier, "a claim about the parcel")
            self.assertEqual(tuple(entry["name"] for entry in ranking[:2]), names)

    def test_what_is_said_in_so_many_words_is_heard_whatever_looks_likelier(self) -> None:
        path = self.folder / "phrases.yml"
        path.write_text("en: ['never mind']\nnot: ['ducks']\n", encoding="utf-8")
        wanted = {DISTRESS: {"false_alarms": 0.0, "certain": True, "phrases": str(path)}}
        classifier = self.train(detectors=wanted)
        path.unlink()
        said, look_alike = "I want to file a claim, NEVER  mind", "I want to file a claim about ducks, never mind"
        parsed = self.parsed(classifier, said)
        self.assertEqual((parsed[INTENT]["name"], parsed[UNSURE]), (DISTRESS, False))
        self.assertNotEqual(self.parsed(classifier, look_alike)[INTENT]["name"], DISTRESS)

    def test_a_message_without_text_is_left_alone(self) -> None:
        message = Message({})
        self.train().process([message])
        self.assertIsNone(message.get(INTENT))
        self.assertIsNone(message.get(UNSURE))

    def test_a_very_long_message_is_no_trouble(self) -> None:
        ranking = self.ranking(self.train(), "I want to file a claim " * 5_000)
        self.assertEqual(ranking[0]["name"], "file_claim")


class Encoded(Component):
    """The classifier beside a stand-in for the encoder, which only knows which words mean the same."""

    MEANINGS = (("parcel", "package", "box", "order", "zending"), ("claim", "dossier"), ("cost", "price", "prijs"))

    def encode(self, texts: list[str]) -> np.ndarray:
        vectors = np.random.default_rng(7).normal(0, 0.01, (len(texts), 512)).astype(np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            words = set(text.split())
            vector[: len(self.MEANINGS)] += [len(words.intersection(alike)) for alike in self.MEANINGS]
        return vectors

    def understood(self, *texts: str, **changes: Any) -> list[str]:
        featurizer = SentenceEncoder(self.storage, Resource("featurizer"), "stand-in")
        config = {**LexicalDenseClassifier.get_default_config(), **changes}
        with mock.patch.object(encoder, "encode", self.encode):
            data = TrainingData([Message({TEXT: text, INTENT: label}) for text, label in MANY])
            featurizer.process_training_data(data)
            LexicalDenseClassifier.create(config, self.storage, RESOURCE, CONTEXT).train(data)
            classifier = LexicalDenseClassifier.load(config, self.storage, RESOURCE, CONTEXT)
            messages = [Message({TEXT: text}) for text in texts]
            classifier.process(featurizer.process(messages))
        return [message.get(INTENT)["name"] for message in messages]

    def test_words_it_has_not_seen_are_understood_by_their_meaning(self) -> None:
        found = self.understood("Zending", "dossier", "prijs")
        self.assertEqual(found, ["report_non_delivery", "file_claim", "ask_price"])

    def test_what_the_linear_model_does_not_know_the_nearest_messages_do(self) -> None:
        found = self.understood("Zending", "dossier", "prijs", dense_weight=0.0, neighbours=5)
        self.assertEqual(found, ["report_non_delivery", "file_claim", "ask_price"])


if __name__ == "__main__":
    unittest.main()
