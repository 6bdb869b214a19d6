"""What `make check` and `make test` run, in order, each step named; the first that fails ends it."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

from launcher import model, programs
from launcher.errors import LaunchError
from launcher.layout import PYTHON, RASA, ROOT, Layout

BIN = PYTHON.parent
ENGINE_PYTHON = RASA.parent / "python"

# Two halves that run beside each other and take about as long; each starts a house of its own when it needs one.
ROOM_TESTS = ["tests/unit", "tests/integration", "tests/faults", "tests/messengers"]
HOUSE_TESTS = ["tests/browser", "tests/conversations"]
_MYPY_ENGINE = [str(BIN / "mypy"), "--config-file", "engine/mypy.ini", "--python-executable", str(ENGINE_PYTHON)]


def check(layout: Layout) -> None:
    """Lint, format, types of both environments, the sentences and facts, and Rasa's validation of the data.

    Raises:
        LaunchError: A step failed.
    """
    (layout.var / "log").mkdir(parents=True, exist_ok=True)
    _step("lint", [str(BIN / "ruff"), "check", "."])
    _step("format", [str(BIN / "ruff"), "format", "--check", "--quiet", "."])
    _step("types", [str(BIN / "mypy")])
    _step("types of the engine", [*_MYPY_ENGINE, "-p", "engine"])
    _step("content", [str(PYTHON), "-m", "pytest", "-q", "--no-header", "tests/unit/content"])
    validate = [str(RASA), "data", "validate", "--fail-on-warnings"]
    _step("rasa data validate", validate, layout.rasa_environment(), quiet=layout.var / "log" / "validate.log")


def test(layout: Layout, arguments: list[str]) -> None:
    """All checks, then all tests.

    Raises:
        LaunchError: A check or a test failed, or a program they need is missing and cannot be installed.
    """
    check(layout)
    for needed in (programs.CHROMIUM, programs.POSTGRES):
        programs.find(needed)
    if arguments:
        model.ensure(layout)
        _step("tests", [str(PYTHON), "-m", "pytest", *arguments])
    else:
        _beside_each_other(layout.var / "log")


def _beside_each_other(logs: Path) -> None:
    """Both halves at the same time: tests of the running house mostly wait for it.

    The first test that needs the model waits for it (tests/conftest.py); it is trained meanwhile if there is none.

    Raises:
        LaunchError: A test failed.
    """
    began = time.monotonic()
    print(f"── tests of the running house, beside the others (output in {logs / 'house-tests.log'})", flush=True)
    pytest = [str(PYTHON), "-m", "pytest"]
    with (logs / "house-tests.log").open("wb") as log:
        house = subprocess.Popen([*pytest, *HOUSE_TESTS], cwd=ROOT, stdout=log, stderr=log)  # noqa: S603
        try:
            failed = _fails("tests of the rooms", [*pytest, *ROOM_TESTS])
        finally:
            code = house.wait()
    print((logs / "house-tests.log").read_text(errors="replace"), flush=True)
    if code:
        failed.append("tests of the running house failed")
    if failed:
        raise LaunchError("; ".join(failed))
    print(f"   {time.monotonic() - began:.0f} s in all", flush=True)


def _fails(name: str, command: list[str]) -> list[str]:
    """Run a step that does not keep others from being told; says what failed."""
    try:
        _step(name, command)
    except LaunchError as error:
        return [str(error)]
    return []


def _step(name: str, command: list[str], extra: dict[str, str] | None = None, quiet: Path | None = None) -> None:
    began = time.monotonic()
    print(f"── {name}", flush=True)
    environment = {**os.environ, **(extra or {})}
    if quiet:
        with quiet.open("wb") as log:
            code = subprocess.call(command, cwd=ROOT, env=environment, stdout=log, stderr=log)  # noqa: S603
    else:
        code = subprocess.call(command, cwd=ROOT, env=environment)  # noqa: S603
    if code:
        raise LaunchError(f"{name} failed" + (f", see {quiet}" if quiet else ""))
    print(f"   {time.monotonic() - began:.0f} s", flush=True)
