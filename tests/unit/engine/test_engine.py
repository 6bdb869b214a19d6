"""The tests of the engine run in its own environment, which has Rasa but no pytest: one process for all of them."""

from __future__ import annotations

import re
import subprocess

import pytest

from launcher import model
from launcher.layout import RASA, ROOT, Layout

SECONDS = 300
MODULES = sorted(path.stem for path in (ROOT / "tests" / "engine").glob("check_*.py"))


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What unittest says of all modules. Importing Rasa takes seconds, so it is done once."""
    layout = Layout.of(tmp_path_factory.mktemp("engine"), {})
    environment = layout.rasa_environment() | {"PATH": str(RASA.parent), "CYBERCARE_MODEL": str(model.ensure(layout))}
    names = [f"tests.engine.{module}" for module in MODULES]
    command = [str(RASA.parent / "python"), "-m", "unittest", "-v", *names]
    return subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=SECONDS,
    ).stdout


@pytest.mark.parametrize("module", MODULES)
def test_in_the_engines_environment(module: str, said: str) -> None:
    wrong = re.findall(rf"^(?:FAIL|ERROR): .*\b{module}\b.*(?:\n(?!=+$).*)*", said, re.MULTILINE)
    assert not wrong, "\n\n".join(wrong)
    # unittest is content with a module that has no tests.
    assert f"(tests.engine.{module}." in said, said[-2_000:]


def test_it_ran_to_its_end_and_all_was_well(said: str) -> None:
    assert said.rstrip().endswith("OK"), said[-2_000:]
    assert len(MODULES) >= 3
