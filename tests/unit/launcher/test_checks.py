"""`make test` runs every test there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from launcher import checks
from launcher.checks import HOUSE_TESTS, ROOM_TESTS
from launcher.errors import LaunchError
from launcher.layout import ROOT


def test_no_folder_of_tests_is_forgotten() -> None:
    folders = {f"tests/{path.relative_to(ROOT / 'tests').parts[0]}" for path in (ROOT / "tests").rglob("test_*.py")}
    assert folders == {*HOUSE_TESTS, *ROOM_TESTS}


def test_a_failure_of_the_rooms_does_not_hide_what_the_house_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for setting, name in (("ROOM_TESTS", "rooms"), ("HOUSE_TESTS", "house")):
        file = tmp_path / f"test_{name}.py"
        file.write_text(f"def test_it():\n    assert False, 'no {name}'\n")
        monkeypatch.setattr(checks, setting, [str(file), "--noconftest"])
    with pytest.raises(LaunchError, match=r"tests of the rooms failed; .* house failed"):
        checks._beside_each_other(tmp_path)
    said = capfd.readouterr().out
    assert "no rooms" in said
    assert "no house" in said
