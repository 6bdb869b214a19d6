"""What staff see of the dialogue: no proofs of who a customer is, no codes, no card numbers."""

# The engine's environment has no pytest.
# ruff: noqa: PT009

from __future__ import annotations

import unittest
from typing import Any

from rasa.shared.core.events import ActiveLoop, SlotSet, UserUttered
from rasa.shared.core.slots import AnySlot
from rasa.shared.core.trackers import DialogueStateTracker

from engine.views import knows, understood

SLOTS = ("intake", "identity", "incident", "distressed")


def tracker(**slots: Any) -> DialogueStateTracker:
    made = DialogueStateTracker("c", [AnySlot(name, mappings=[], influence_conversation=False) for name in SLOTS])
    for name, value in slots.items():
        made.update(SlotSet(name, value))
    return made


class Knows(unittest.TestCase):
    def test_an_intake_without_what_proves_who_the_customer_is(self) -> None:
        answers = {"policy_reference": "CYB-1001-0001", "one_time_code": "123456", "amount": "240.00"}
        intake = {"incident": "phishing", "task": "claim", "asked": "bank", "answers": answers, "left_open": ("shop",)}
        identity = {"token": "secret", "name": "Marie", "policy": {"reference": "CYB-1001-0001"}}
        made = tracker(intake=intake, identity=identity)
        made.update(ActiveLoop("intake_form"))
        found = knows(made)
        self.assertEqual(found["answers"], {"amount": "240.00"})
        self.assertEqual((found["asked"], found["in_intake"], found["left_open"]), ("bank", True, ["shop"]))
        self.assertIs(found["draft"], False)
        self.assertEqual((found["identified"], found["name"], found["policy"]), (True, "Marie", "CYB-1001-0001"))
        self.assertNotIn("secret", str(found))
        self.assertNotIn("123456", str(found))

    def test_that_there_is_a_draft_but_not_which_one(self) -> None:
        found = knows(tracker(intake={"incident": "phishing", "draft": {"id": "draft-1"}, "answers": {}}))
        self.assertIs(found["draft"], True)
        self.assertNotIn("draft-1", str(found))

    def test_an_intake_that_is_not_open_asks_nothing(self) -> None:
        found = knows(tracker(intake={"incident": "phishing", "asked": "bank", "answers": {}}))
        self.assertEqual((found["asked"], found["in_intake"], found["incident"]), (None, False, "phishing"))

    def test_a_new_conversation_knows_nothing(self) -> None:
        found = knows(tracker(incident="sextortion"))
        self.assertEqual((found["incident"], found["answers"], found["identified"]), ("sextortion", {}, False))


class Understood(unittest.TestCase):
    def test_the_likeliest_meanings_and_no_secret(self) -> None:
        ranking = [{"name": f"intent_{number}", "confidence": 0.1234567} for number in range(9)]
        entities = [{"entity": "card_number", "value": "4111111111111111"}, {"entity": "amount", "value": "240"}]
        made = tracker()
        parsed = {"intent_ranking": ranking, "unsure": True}
        made.update(UserUttered("hi", {"name": "greet", "confidence": 0.98765}, entities, parsed))
        found = understood(made)
        assert found is not None
        self.assertEqual((found["intent"], found["confidence"], found["unsure"]), ("greet", 0.988, True))
        self.assertEqual(len(found["ranking"]), 5)
        expected = [{"entity": "card_number", "value": None}, {"entity": "amount", "value": "240"}]
        self.assertEqual(found["entities"], expected)


if __name__ == "__main__":
    unittest.main()
