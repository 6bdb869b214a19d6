"""The trained model understands what is said plainly, hears distress, and is not fooled by what only sounds like it."""

# This environment has no pytest.
# ruff: noqa: PT009

from __future__ import annotations

import asyncio
import os
import unittest
from pathlib import Path
from typing import Any, ClassVar

from rasa.core.agent import Agent

from content import LANGUAGES
from content.responses import Responses
from engine.evaluation.outcomes import DISTRESS, Outcome, Said, read, shares, understand

SETS = Path(__file__).parents[1] / "nlu"


class TrainedModel(unittest.TestCase):
    agent: ClassVar[Any]

    @classmethod
    def setUpClass(cls) -> None:
        cls.agent = Agent.load(os.environ["CYBERCARE_MODEL"])

    def outcomes(self, messages: list[Said]) -> list[Outcome]:
        return asyncio.run(understand(self.agent, messages))

    def test_what_is_said_plainly_is_understood_and_not_asked_back(self) -> None:
        outcomes = self.outcomes(read(SETS / "plain.tsv"))
        self.assertGreater(len(outcomes), 100)
        wrong = [(o.said.text, o.ranking[0]) for o in outcomes if not o.right]
        self.assertLessEqual(len(wrong), len(outcomes) // 50, wrong)
        self.assertLessEqual(sum(o.unsure for o in outcomes), len(outcomes) // 20)

    def test_distress_is_heard_and_look_alikes_are_not(self) -> None:
        outcomes = self.outcomes(read(SETS / "distress.tsv"))
        found = shares(outcomes)
        missed = [o.said.text for o in outcomes if o.said.label == DISTRESS and o.ranking[0] != DISTRESS]
        alarms = [o.said.text for o in outcomes if o.said.label != DISTRESS and o.ranking[0] == DISTRESS]
        self.assertGreaterEqual(found["distress found"].value, 0.9, missed)
        self.assertLessEqual(found["distress, false alarms"].value, 0.04, alarms)

    def test_distress_is_hardly_ever_asked_back(self) -> None:
        outcomes = self.outcomes([said for said in read(SETS / "distress.tsv") if said.label == DISTRESS])
        asked = [o.said.text for o in outcomes if o.unsure]
        self.assertLessEqual(len(asked), len(outcomes) // 20, asked)

    def test_what_the_buttons_offer_is_understood_when_it_is_typed(self) -> None:
        responses = Responses.load()
        for language in LANGUAGES:
            titles = responses.meanings(language)
            outcomes = self.outcomes([Said(intent, language, title) for intent, title in titles.items()])
            wrong = [(o.said.text, o.ranking[0]) for o in outcomes if not o.right]
            self.assertLessEqual(len(wrong), len(titles) // 10, wrong)

    def test_a_message_in_another_script_is_a_guess(self) -> None:
        self.assertTrue(all(o.unsure for o in self.outcomes([Said("", "en", text) for text in ("请帮帮我", "🦆")])))


if __name__ == "__main__":
    unittest.main()
