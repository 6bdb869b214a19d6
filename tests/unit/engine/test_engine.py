"""The tests of the engine run in its own environment, which has Rasa but no pytest: one module, one test here."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from launcher import model
from launcher.layout import RASA, ROOT, Layout

SECONDS = 120
MODULES = sorted((ROOT / "tests" / "engine").glob("check_*.py"))


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_in_the_engines_environment(module: Path, tmp_path: Path) -> None:
    layout = Layout.of(tmp_path, {})
    environment = layout.rasa_environment() | {"PATH": str(RASA.parent), "CYBERCARE_MODEL": str(model.ensure(layout))}
    command = [str(RASA.parent / "python"), "-m", "unittest", "-v", f"tests.engine.{module.stem}"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=SECONDS
    )
    sys.stdout.write(done.stdout + done.stderr)
    assert done.returncode == 0, f"see above what {module.name} says"
    # unittest is content with a module that has no tests.
    assert " ... ok" in done.stderr


def test_there_are_modules() -> None:
    assert len(MODULES) >= 3
