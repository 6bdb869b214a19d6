"""The figures as a table: every figure has a name in each language, and a Belgian spreadsheet reads the file."""

from __future__ import annotations

import ast
import csv
import inspect
import io

import pytest

from bot.desk import figures
from bot.desk.sheets import NAMES, figures_csv, name_of
from bot.desk.state import PRIORITIES
from content.facts import read_yaml

FOUND = {
    "containment": 0.773,
    "to_person": {"median_seconds": None},
    "by_day": [{"day": "2026-01-27", "conversations": 12}],
    "not_understood": {"examples": [{"text": "wat; nu?\nniets"}]},
}


def test_no_figure_is_a_formula() -> None:
    shown = figures_csv({"a": {"b": [{"text": "=HYPERLINK(1)"}, {"text": "-1"}]}, "n": -1, "none": None})
    assert shown.splitlines() == ["figure,value", "a.b.1.text,'=HYPERLINK(1)", "a.b.2.text,'-1", "n,-1", "none,"]
    assert "'=HYPERLINK(1)" in figures_csv({"text": "=HYPERLINK(1)"}, "nl")


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("nl", ["Tijd tot een medewerker: de helft wacht korter, in seconden", "Per dag: 1: Gesprekken"]),
        ("fr", ["Temps jusqu'à une personne: la moitié attend moins, en secondes", "Par jour: 1: Conversations"]),
    ],
)
def test_a_belgian_spreadsheet_reads_it_in_its_language(language: str, names: list[str]) -> None:
    file = figures_csv(FOUND, language)
    # Without it, accents are read in another encoding.
    assert file.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(file.removeprefix("\ufeff")), delimiter=";"))
    assert rows[0] == [name_of("figure", language), name_of("value", language)]
    values = dict(rows[1:])
    assert [values[name] for name in names] == ["", "12"]
    assert values[name_of("containment", language)] == "0,773"
    assert rows[-1][1] == "wat; nu?\nniets"
    assert values[name_of("by_day.1.day", language)] == "2026-01-27"


@pytest.mark.parametrize("language", ["en", "de", ""])
def test_programs_get_the_names_of_the_call(language: str) -> None:
    assert figures_csv({"a": {"b": 0.5}}, language) == "figure,value\r\na.b,0.5\r\n"


def test_every_figure_has_its_names() -> None:
    """Whatever key the figures are written with, in Dutch and in French."""
    tree = ast.parse(inspect.getsource(figures))
    written = [key for node in ast.walk(tree) if isinstance(node, ast.Dict) for key in node.keys]
    keys = {key.value for key in written if isinstance(key, ast.Constant)}
    names = read_yaml(NAMES)
    assert keys | {"from", "to", "figure", "value", *PRIORITIES} <= names.keys()
    assert all(len(each) == 2 and all(each) for each in names.values())
