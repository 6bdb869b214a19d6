"""Each race of the desk is held by the tests its documentation names."""

from __future__ import annotations

import re

from tests.unit.docs.test_docs import ROOT, read, section

# The races of taking over and handing back that any desk beside an assistant has.
LEAST = 12


def races() -> dict[str, list[str]]:
    """The names in the last column of each row, by what stands in the first."""
    lines = [line for line in section(read("desk.md"), "Races").splitlines() if line.startswith("| ")]
    cells = [line.strip("| ").split(" | ") for line in lines[1:]]
    return {row[0]: re.findall(r"`(\w+)`", row[-1]) for row in cells}


def test_every_race_names_tests_that_exist() -> None:
    found = races()
    assert len(found) >= LEAST
    assert [race for race, names in found.items() if not names] == []
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    there = set(re.findall(r"^\s*(?:async )?def (test_\w+)\(", code, re.M))
    assert {name for names in found.values() for name in names} - there == set()
