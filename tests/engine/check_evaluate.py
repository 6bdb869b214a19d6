"""The figures, tables and pictures of the evaluation are what a reader takes them for."""

# This environment has no pytest.
# ruff: noqa: PT009

from __future__ import annotations

import asyncio
import re
import tempfile
import unittest
from pathlib import Path
from typing import Any
from unittest import mock

from engine.evaluation import report
from engine.evaluation.outcomes import (
    DISTRESS,
    OUT_OF_SCOPE,
    Outcome,
    Said,
    Share,
    milliseconds,
    milliseconds_of_long,
    read,
    shares,
    understand,
)
from engine.evaluation.report import GOALS, OURS, WORST, Measured, Set, figures, overview, table, write

SECRET = "what nobody but the customer may read"


def outcome(
    label: str,
    *ranking: str,
    text: str = "a message of several words",
    language: str = "en",
    recognised: str | None = "en",
    confidence: float = 0.8,
    unsure: bool = False,
) -> Outcome:
    return Outcome(Said(label, language, text), ranking, confidence, unsure, recognised, 0.004)


class Shares(unittest.TestCase):
    def test_hits_are_counted(self) -> None:
        self.assertEqual(Share.of([True, False, True, True]), Share(3, 4))
        self.assertEqual(Share(3, 4).value, 0.75)

    def test_nothing_counted_says_nothing(self) -> None:
        self.assertEqual((Share.of([]).value, Share.of([]).interval), (0.0, (0.0, 1.0)))

    def test_few_messages_say_little(self) -> None:
        low, high = Share(9, 10).interval
        narrow_low, narrow_high = Share(900, 1000).interval
        self.assertTrue(0 < low < narrow_low < 0.9 < narrow_high < high < 1)

    def test_the_interval_is_that_of_wilson(self) -> None:
        low, high = Share(9, 10).interval
        self.assertAlmostEqual(low, 0.5958, places=3)
        self.assertAlmostEqual(high, 0.9821, places=3)

    def test_all_or_none_is_not_certain(self) -> None:
        self.assertTrue(0.6 < Share(10, 10).interval[0] < 1)
        self.assertTrue(0 < Share(0, 10).interval[1] < 0.4)

    def test_it_is_written_with_its_interval_and_number(self) -> None:
        self.assertEqual(str(Share(9, 10)), "90.0 % (59.6 to 98.2, n 10)")


class Figures(unittest.TestCase):
    def test_right_first_and_right_among_three_are_apart(self) -> None:
        found = shares(
            [
                outcome("greet", "greet", "thank"),
                outcome("thank", "greet", "goodbye", "thank", "stop"),
                outcome("stop", "greet", "goodbye", "thank", "stop"),
                outcome("stop"),
            ]
        )
        self.assertEqual(found["right intent first"], Share(1, 4))
        self.assertEqual(found["right intent among the first three"], Share(2, 4))

    def test_each_language_has_its_figure(self) -> None:
        found = shares([outcome("greet", "greet"), outcome("greet", "stop", language="nl"), outcome("greet", "greet")])
        figures_of = {name: found[f"right intent first, {name}"] for name in ("en", "nl", "fr")}
        self.assertEqual(figures_of, {"en": Share(2, 2), "nl": Share(0, 1), "fr": Share(0, 0)})

    def test_asking_back_is_not_a_wrong_answer(self) -> None:
        found = shares([outcome("greet", "stop", unsure=True), outcome("greet", "stop"), outcome("greet", "greet")])
        self.assertEqual(found["asked back (unsure)"], Share(1, 3))
        self.assertEqual(found["answered, and wrong"], Share(1, 3))

    def test_missed_distress_and_false_alarms_are_apart(self) -> None:
        said = [outcome(DISTRESS, "stop"), outcome("stop", DISTRESS), outcome("stop", "stop"), outcome("stop", "stop")]
        found = shares(said)
        self.assertEqual(found["distress found"], Share(0, 1))
        self.assertEqual(found["distress, false alarms"], Share(1, 3))

    def test_turned_away_rightly_and_wrongly_are_apart(self) -> None:
        said = [
            outcome(OUT_OF_SCOPE, OUT_OF_SCOPE),
            outcome(OUT_OF_SCOPE, "stop", OUT_OF_SCOPE),
            outcome("stop", OUT_OF_SCOPE, "stop"),
            outcome("stop", "stop"),
            outcome("stop", "stop"),
        ]
        found = shares(said)
        self.assertEqual(found["out of scope turned away"], Share(1, 2))
        self.assertEqual(found["in scope turned away"], Share(1, 3))

    def test_the_language_counts_where_a_message_shows_it(self) -> None:
        said = [
            outcome("greet", "greet", text="three words here"),
            outcome("greet", "greet", text="three words here", recognised=None),
            outcome("greet", "greet", text="two words", recognised=None),
            outcome("change_language", "greet", text="can we speak French", recognised="fr"),
        ]
        self.assertEqual(shares(said)["language, three words or more"], Share(1, 2))

    def test_the_median_time_of_a_parse(self) -> None:
        times = (0.001, 0.002, 9.0)
        said = [Outcome(Said("a", "en", "b"), ("a",), 1.0, False, None, seconds) for seconds in times]
        self.assertAlmostEqual(milliseconds(said), 2.0)

    def test_lines_that_are_no_message_are_passed_over(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "messages.tsv"
            path.write_text("greet\ten\thello there\n\nhalf a line\ngreet\tfr\tça va\n", encoding="utf-8")
            self.assertEqual(read(path), [Said("greet", "en", "hello there"), Said("greet", "fr", "ça va")])


class StandInAgent:
    """Answers with what it is given; remembers what it was asked."""

    def __init__(self, **parsed: Any) -> None:
        self.parsed = {"entities": [], "intent": {"name": "greet"}, "intent_ranking": []} | parsed
        self.asked: list[str] = []

    async def parse_message(self, text: str) -> dict[str, Any]:
        self.asked.append(text)
        return self.parsed


class Understanding(unittest.TestCase):
    said = Said("greet", "nl", "hallo daar")

    def outcome_of(self, **parsed: Any) -> Outcome:
        [found] = asyncio.run(understand(StandInAgent(**parsed), [self.said]))
        return found

    def test_ranking_confidence_and_language_are_taken_over(self) -> None:
        found = self.outcome_of(
            intent_ranking=[{"name": "greet", "confidence": 0.7}, {"name": "stop", "confidence": 0.2}],
            entities=[{"entity": "amount", "value": "240.00"}, {"entity": "language_hint", "value": "nl"}],
            unsure=False,
        )
        self.assertEqual((found.said, found.ranking, found.confidence), (self.said, ("greet", "stop"), 0.7))
        self.assertEqual((found.unsure, found.recognised, found.right), (False, "nl", True))

    def test_our_model_says_itself_that_it_is_unsure(self) -> None:
        self.assertTrue(self.outcome_of(unsure=True).unsure)
        self.assertFalse(self.outcome_of(unsure=False).unsure)

    def test_a_stock_model_is_unsure_when_it_falls_back(self) -> None:
        found = self.outcome_of(
            intent={"name": "nlu_fallback"},
            intent_ranking=[{"name": "nlu_fallback", "confidence": 0.6}, {"name": "greet", "confidence": 0.3}],
        )
        self.assertEqual((found.unsure, found.ranking, found.confidence), (True, ("greet",), 0.3))
        self.assertFalse(self.outcome_of().unsure)

    def test_no_ranking_and_no_language_is_no_trouble(self) -> None:
        found = self.outcome_of()
        self.assertEqual((found.ranking, found.confidence, found.recognised, found.right), ((), 0.0, None, False))

    def test_long_stories_are_as_long_as_they_should_be(self) -> None:
        agent = StandInAgent()
        messages = [Said("greet", language, "twelve signs") for language in ("en", "nl") for _ in range(20)]
        self.assertGreater(asyncio.run(milliseconds_of_long(agent, messages, 100)), 0)
        self.assertEqual({len(text) for text in agent.asked}, {100})

    def test_too_little_for_a_long_story_takes_no_time(self) -> None:
        self.assertEqual(asyncio.run(milliseconds_of_long(StandInAgent(), [self.said], 100)), 0.0)


def measured(*outcomes: Outcome, seconds: float | None = None) -> Measured:
    return Measured(list(outcomes), 12.0, seconds)


def some(text: str = "a message of several words") -> Measured:
    """Right, wrong, asked back, turned away, in several languages."""
    return measured(
        outcome("greet", "greet", "stop", text=text),
        outcome("greet", "stop", "greet", text=f"{text} | twice", confidence=0.6),
        outcome("stop", "greet", text=f"{text} thrice", language="nl", recognised="nl", unsure=True, confidence=0.3),
        outcome("stop", "greet", text=f"{text} again", language="nl", recognised="nl", confidence=0.5),
        outcome(DISTRESS, DISTRESS, text=text, language="fr", recognised="fr", confidence=0.9),
        outcome(OUT_OF_SCOPE, OUT_OF_SCOPE, text=text, confidence=0.4),
        outcome(OUT_OF_SCOPE, "greet", text=f"{text} besides", confidence=0.2, unsure=True),
        seconds=42.0,
    )


class Tables(unittest.TestCase):
    def test_every_goal_belongs_to_a_figure(self) -> None:
        self.assertLessEqual(set(GOALS), set(figures(some())))

    def test_training_nobody_timed_is_left_out(self) -> None:
        self.assertEqual(figures(some())["training"], "42 s")
        self.assertNotIn("training", figures(measured(outcome("greet", "greet"))))

    def test_each_row_has_its_figure_its_goal_and_each_model(self) -> None:
        rows = [
            [cell.strip() for cell in line.strip("|").split("|")]
            for line in table({OURS: some(), "stock": measured(outcome("greet", "stop"))})
        ]
        self.assertEqual(rows[0], ["", "goal", OURS, "stock"])
        self.assertEqual({len(row) for row in rows}, {4})
        found = {name: (goal, ours, other) for name, goal, ours, other in rows[2:]}
        self.assertEqual(found["right intent first"][0], "90 %")
        self.assertIn("42.9 %", found["right intent first"][1])
        self.assertIn("0.0 %", found["right intent first"][2])
        self.assertEqual(found["parse, median"], ("under 8 ms", "4.0 ms", "4.0 ms"))
        self.assertEqual(found["training"], ("under 60 s", "42 s", ""))
        self.assertEqual(found["asked back (unsure)"][0], "")

    def test_the_overview_names_every_set_and_model(self) -> None:
        text = overview([Set("one", "", True, {OURS: some(), "stock": some()}), Set("two", "", False, {OURS: some()})])
        for line in ("one, ours: 7 messages", "one, stock: 7 messages", "two, ours: 7 messages"):
            self.assertIn(line, text)


class Report(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def written(self, *sets: Set, name: str = "report") -> str:
        write(list(sets), self.folder / name, "A note.")
        return (self.folder / name / "README.md").read_text("utf-8")

    def told(self, *sets: Set) -> str:
        """The words of the report; its pictures take longer."""
        with mock.patch.object(report, "draw"):
            return self.written(*sets)

    def test_it_has_its_note_its_figures_and_all_its_pictures(self) -> None:
        text = self.written(Set("validation", "About it.", True, {OURS: some()}))
        for part in ("A note.", "About it.", "## Figures: validation", "| right intent first | 90 % | 42.9 %"):
            self.assertIn(part, text)
        shown = set(re.findall(r"\]\((\S+\.svg)\)", text))
        files = {path.name for path in (self.folder / "report").iterdir()} - {"README.md"}
        self.assertEqual(shown, files)
        self.assertGreaterEqual(len(files), 5)

    def test_its_pictures_are_whole_and_without_spaces_at_ends_of_lines(self) -> None:
        self.written(Set("validation", "", True, {OURS: some(), "stock": some()}))
        for path in (self.folder / "report").glob("*.svg"):
            drawn = path.read_text("utf-8")
            self.assertTrue(drawn.startswith("<?xml") and drawn.endswith("</svg>\n"), path.name)
            self.assertNotRegex(drawn, r"[ \t]\n")

    def test_the_same_figures_give_the_same_report_and_pictures(self) -> None:
        for name in ("one", "two"):
            self.written(Set("validation", "", True, {OURS: some(), "stock": some()}), name=name)
        files = sorted(path.name for path in (self.folder / "one").iterdir())
        for name in files:
            with self.subTest(name):
                one, two = ((self.folder / folder / name).read_bytes() for folder in ("one", "two"))
                self.assertEqual(one, two)
        self.assertIn("first.svg", files)

    def test_other_figures_give_another_picture(self) -> None:
        self.written(Set("validation", "", True, {OURS: some()}), name="one")
        self.written(Set("validation", "", True, {OURS: measured(outcome("greet", "greet"))}), name="two")
        one, two = ((self.folder / folder / "first.svg").read_bytes() for folder in ("one", "two"))
        self.assertNotEqual(one, two)

    def test_messages_that_must_not_be_quoted_stand_nowhere(self) -> None:
        text = self.written(
            Set("validation", "", True, {OURS: some("an open message")}), Set("other", "", False, {OURS: some(SECRET)})
        )
        self.assertIn("## Figures: other", text)
        self.assertIn("## What is taken for what: other", text)
        self.assertNotIn("## The worst messages: other", text)
        self.assertIn("an open message / twice", text)
        for path in (self.folder / "report").iterdir():
            self.assertNotIn(SECRET, path.read_text("utf-8"), path.name)

    def test_a_first_set_that_must_not_be_quoted_is_not_either(self) -> None:
        self.written(Set("other", "", False, {OURS: some(SECRET)}))
        for path in (self.folder / "report").iterdir():
            self.assertNotIn(SECRET, path.read_text("utf-8"), path.name)

    def test_the_worst_messages_are_wrong_and_the_surest_come_first(self) -> None:
        numbers = range(1, WORST + 11)
        many = [outcome("greet", "stop", text=f"wrong {number}", confidence=number / 100) for number in numbers]
        many.append(outcome("greet", "greet", text="right"))
        text = self.told(Set("validation", "", True, {OURS: measured(*many)}))
        told = re.findall(r"\| (\d+) % \| greet \| stop \| wrong \d+ \|", text)
        self.assertEqual([int(sure) for sure in told], list(range(WORST + 10, 10, -1)))
        self.assertNotIn("| right |", text)

    def test_what_was_asked_back_is_said(self) -> None:
        text = self.told(Set("validation", "", True, {OURS: some("told")}))
        self.assertIn("| 30 % (asked back) | stop | greet | told thrice |", text)
        self.assertIn("| 50 % | stop | greet | told again |", text)

    def test_pairs_that_are_mixed_up_are_counted_by_language(self) -> None:
        text = self.told(Set("validation", "", True, {OURS: some()}))
        self.assertIn("| stop | greet | 2 | nl 2 |", text)
        self.assertIn("| greet | stop | 1 | en 1 |", text)
        self.assertLess(text.index("| stop | greet | 2 |"), text.index("| greet | stop | 1 |"))

    def test_the_other_model_is_only_spoken_of_where_there_is_one(self) -> None:
        alone = self.told(Set("validation", "", True, {OURS: some()}))
        beside = self.told(Set("validation", "", True, {OURS: some(), "stock Rasa": some()}))
        self.assertNotIn("stock Rasa", alone)
        self.assertIn("stock Rasa", beside)

    def test_a_model_without_a_mistake_has_a_report_too(self) -> None:
        text = self.written(Set("validation", "", True, {OURS: measured(outcome("greet", "greet"))}))
        self.assertIn("| right intent first | 90 % | 100.0 %", text)


if __name__ == "__main__":
    unittest.main()
