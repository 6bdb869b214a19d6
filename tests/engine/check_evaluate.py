"""The figures of the evaluation are what a reader takes them for."""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

from engine.evaluate import Outcome, read, report, wilson


def outcome(label: str, *ranking: str, language: str = "en", recognised: str | None = "en") -> Outcome:
    return Outcome(label, language, 4, ranking, False, recognised, 0.004)


class Figures(unittest.TestCase):
    def test_right_first_and_right_among_three_are_apart(self) -> None:
        text = report([outcome("greet", "greet", "thank"), outcome("thank", "greet", "goodbye", "thank")])
        lines = {line[:34].strip(): line[34:].split()[0] for line in text.splitlines()[1:]}
        assert lines["right intent first, all"] == "50.0"
        assert lines["right intent among three"] == "100.0"

    def test_missed_distress_and_false_alarms_are_apart(self) -> None:
        said = [outcome("express_distress", "stop"), outcome("stop", "express_distress"), outcome("stop", "stop")]
        lines = {line[:34].strip(): line[34:].split()[0] for line in report(said).splitlines()[1:]}
        assert (lines["distress found"], lines["distress, false alarms"]) == ("0.0", "50.0")

    def test_few_messages_say_little(self) -> None:
        low, high = wilson(9, 10)
        narrow_low, narrow_high = wilson(900, 1000)
        assert low < narrow_low < 0.9 < narrow_high < high
        assert wilson(0, 0) == (0.0, 1.0)

    def test_lines_that_are_no_message_are_passed_over(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "messages.tsv"
            path.write_text("greet\ten\thello there\n\nhalf a line\n", encoding="utf-8")
            assert read(path) == [("greet", "en", "hello there")]


if __name__ == "__main__":
    unittest.main()
