"""Finds the browser the tests use; installs it where that is ours to do."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

from launcher.errors import LaunchError

NAMES = ("chromium", "chromium-browser", "google-chrome")
VARIABLE = "CHROMIUM"
_REFRESH = ("apt-get", "update", "-qq")
_INSTALL = ("apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium")
_SECONDS = 600

Which = Callable[[str], str | None]


def find(
    environ: Mapping[str, str] = os.environ,
    *,
    which: Which = shutil.which,
    user: Callable[[], int] = os.geteuid,
    run: Callable[[tuple[str, ...]], str | None] | None = None,
) -> Path:
    """Where Chromium is; on Debian, root installs it when it is missing.

    Args:
        environ: May name the browser in CHROMIUM.
        which: Finds a program on the path.
        user: Says who we are.
        run: Runs a command and returns None, or what went wrong.

    Raises:
        LaunchError: There is none; the message says what to install.
    """
    named = environ.get(VARIABLE)
    if named:
        program = which(named)
        if program is None:
            raise LaunchError(f"{VARIABLE}={named} is not a program: name the Chromium to use, or unset it.")
        return Path(program)
    there = _on_path(which)
    if there is None and user() == 0 and which("apt-get"):
        _install(run or _run)
        there = _on_path(which)
    if there is None:
        raise LaunchError(
            "the browser tests need Chromium: install the package chromium "
            f"(Debian: sudo apt-get install chromium), or name the program in {VARIABLE}."
        )
    return there


def arguments(user: Callable[[], int] = os.geteuid) -> list[str]:
    """Options Chromium needs on this machine: as root it refuses to start with its sandbox."""
    return ["--no-sandbox"] if user() == 0 else []


def _on_path(which: Which) -> Path | None:
    return next((Path(there) for name in NAMES if (there := which(name))), None)


def _install(run: Callable[[tuple[str, ...]], str | None]) -> None:
    print("Installing Chromium for the browser tests …", flush=True)
    for command in (_REFRESH, _INSTALL):
        problem = run(command)
        if problem:
            raise LaunchError(f"Chromium is missing and `{' '.join(command)}` failed: {problem}")


def _run(command: tuple[str, ...]) -> str | None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(  # noqa: S603
            command, env=environment, capture_output=True, text=True, timeout=_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    said = [line.strip() for line in (done.stderr or done.stdout).splitlines() if line.strip()]
    return (said[-1] if said else f"exit status {done.returncode}") if done.returncode else None
