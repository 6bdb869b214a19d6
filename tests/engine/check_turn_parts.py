"""Reading a turn, sorting its answers, finding its language, refusing another store."""

# This environment has no pytest.
# ruff: noqa: PT009, PT027

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path
from typing import Any

from rasa.core.tracker_store import FailSafeTrackerStore, InMemoryTrackerStore
from rasa.shared.core.constants import DEFAULT_INTENTS
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.slots import TextSlot
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException

from content.responses import Responses
from engine.nlg import ResponseGenerator, language_of
from engine.stores import unwrap
from engine.turns import InvalidTurn, TurnChannel, as_words, parse_turn, to_answer
from tests.engine.rooms import make_store

INTENTS = {"greet", "correct_answer"}


def body(**changes: Any) -> dict[str, Any]:
    whole = {"conversation": "c", "message_id": "m", "text": "hello", "language": "nl"} | changes
    return {key: value for key, value in whole.items() if value is not None}


class Words(unittest.TestCase):
    def test_nothing_typed_is_a_command(self) -> None:
        for typed in ("/restart", " /restart", "//restart", "\n/\t/ restart", "/\u00a0/restart"):
            self.assertEqual(as_words(typed), "restart")
        self.assertEqual(as_words('/correct_answer{"question": "amount"}')[0], "c")

    def test_a_slash_inside_stays(self) -> None:
        for typed in ("3/11", "and/or", "https://example.be/x"):
            self.assertEqual(as_words(typed), typed)

    def test_nothing_is_still_a_message(self) -> None:
        for typed in ("", " ", "///", "\n"):
            self.assertEqual(as_words(typed), "?")

    def test_a_long_message_is_cut(self) -> None:
        self.assertLess(len(as_words("a" * 100_000)), 10_000)


class Parsing(unittest.TestCase):
    def refused(self, value: Any) -> str:
        with self.assertRaises(InvalidTurn) as problem:
            parse_turn(value, INTENTS)
        return problem.exception.code

    def test_a_text(self) -> None:
        self.assertEqual(parse_turn(body(), INTENTS), ("c", "m", "hello", "nl"))
        self.assertEqual(parse_turn(body(text="/restart"), INTENTS)[2], "restart")

    def test_a_payload(self) -> None:
        payload = '/correct_answer{"question": "amount"}'
        self.assertEqual(parse_turn(body(text=None, payload=payload), INTENTS), ("c", "m", payload, "nl"))

    def test_payloads_that_name_no_intent_of_ours(self) -> None:
        for payload in (
            "/unknown",
            "greet",
            "/greet extra",
            "/",
            "",
            "/greet{",
            "/GREET",
            *map("/{}".format, DEFAULT_INTENTS),
        ):
            self.assertEqual(self.refused(body(text=None, payload=payload)), "invalid_payload", payload)

    def test_a_payload_is_one_line_and_not_endless(self) -> None:
        for payload in ("/greet\n/restart", "/greet{" + "a" * 5_000 + "}"):
            self.assertEqual(self.refused(body(text=None, payload=payload)), "invalid_payload", repr(payload[:20]))

    def test_what_is_missing_or_of_the_wrong_kind(self) -> None:
        for value in (None, [], "text", 7):
            self.assertEqual(self.refused(value), "invalid_body")
        for changes in ({"conversation": None}, {"conversation": ""}, {"message_id": None}, {"message_id": 7}):
            self.assertEqual(self.refused(body(**changes)), "conversation_and_message_id_needed")
        for changes in ({"text": None}, {"text": 7}, {"payload": "/greet"}):
            self.assertEqual(self.refused(body(**changes)), "text_or_payload_needed")

    def test_an_unknown_language_is_left_to_be_recognised(self) -> None:
        for language in ("de", "", 7, ["nl"]):
            with self.subTest(language=language):
                self.assertIsNone(parse_turn(body(language=language), INTENTS)[3])


class Answers(unittest.TestCase):
    def test_requests_are_sorted_out_of_the_messages(self) -> None:
        request = {"kind": "handover", "reason": "wanted", "priority": "normal"}
        sent = [
            {
                "text": "One",
                "buttons": [{"title": "Yes", "payload": "/affirm"}],
                "custom": {"card": None, "language": "fr"},
            },
            {"text": None, "custom": {"request": request}},
            {"text": "Two", "custom": {"card": {"title": "T"}, "progress": {"step": 1, "of": 2}}},
        ]
        answer = to_answer(sent, "en")
        self.assertEqual([message["text"] for message in answer["messages"]], ["One", "Two"])
        self.assertEqual(answer["messages"][0]["buttons"], [{"title": "Yes", "payload": "/affirm"}])
        self.assertEqual(answer["messages"][1]["progress"], {"step": 1, "of": 2})
        self.assertEqual((answer["requests"], answer["language"]), ([{**request, "after": 1}], "fr"))

    def test_nothing_said_keeps_the_language_offered(self) -> None:
        self.assertEqual(to_answer([], "nl"), {"messages": [], "requests": [], "language": "nl"})


class Language(unittest.IsolatedAsyncioTestCase):
    @staticmethod
    def tracker(spoken: str | None, offered: str | None) -> DialogueStateTracker:
        tracker = DialogueStateTracker("c", [TextSlot("language", mappings=[], influence_conversation=False)])
        tracker.update(UserUttered("hi", metadata={"language": offered} if offered else None))
        tracker.update(SlotSet("language", spoken))
        return tracker

    def test_the_language_spoken_then_that_of_the_page_then_english(self) -> None:
        self.assertEqual(language_of(self.tracker("fr", "nl")), "fr")
        self.assertEqual(language_of(self.tracker(None, "nl")), "nl")
        self.assertEqual(language_of(self.tracker("de", "de")), "en")
        self.assertEqual(language_of(self.tracker(None, None)), "en")

    async def test_a_sentence_comes_in_that_language_with_its_buttons_and_card(self) -> None:
        generator = ResponseGenerator()
        said = await generator.generate(
            "utter_welcome", self.tracker("nl", None), "turn", progress={"step": 1, "of": 2}
        )
        expected = Responses.load().render("welcome", "nl")
        self.assertEqual((said["text"], said["buttons"]), (expected.text, expected.buttons))
        self.assertEqual(said["custom"]["language"], "nl")
        self.assertEqual(said["custom"]["progress"], {"step": 1, "of": 2})


class Stores(unittest.TestCase):
    def test_ours_is_unwrapped(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            store = make_store(Path(folder))
            self.assertIs(unwrap(FailSafeTrackerStore(store)), store)
            self.assertIs(unwrap(store), store)

    def test_a_store_rasa_fell_back_to_is_refused(self) -> None:
        for store in (InMemoryTrackerStore(Domain.empty()), FailSafeTrackerStore(InMemoryTrackerStore(Domain.empty()))):
            with self.assertRaisesRegex(RasaException, "InMemoryTrackerStore: check `tracker_store`"):
                unwrap(store)

    def test_its_one_query_has_an_index(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            make_store(Path(folder))
            store = make_store(Path(folder))
            from sqlalchemy import inspect

            names = {index["name"] for index in inspect(store.engine).get_indexes("events")}
            self.assertIn("events_of_session", names)


class Secrets(unittest.TestCase):
    def test_no_secret_no_channel(self) -> None:
        for credentials in (None, {}, {"secret": None}, {"secret": "short"}, {"secret": "${ENGINE_TURN_SECRET}"}):
            with self.assertRaisesRegex(RasaException, "ENGINE_TURN_SECRET must be a secret"):
                TurnChannel.from_credentials(credentials)
