"""`make test` runs every test there is."""

from __future__ import annotations

from launcher.checks import HOUSE_TESTS, ROOM_TESTS
from launcher.layout import ROOT


def test_no_folder_of_tests_is_forgotten() -> None:
    folders = {f"tests/{path.relative_to(ROOT / 'tests').parts[0]}" for path in (ROOT / "tests").rglob("test_*.py")}
    assert folders == {*HOUSE_TESTS, *ROOM_TESTS}
