"""Finds the programs the tests use; installs them where that is ours to do."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from glob import glob
from pathlib import Path

from launcher.errors import LaunchError

_REFRESH = ("apt-get", "update", "-qq")
_INSTALL = ("apt-get", "install", "-y", "-qq", "--no-install-recommends")
_SECONDS = 600

Which = Callable[[str], str | None]


@dataclass(frozen=True)
class Needed:
    """A program from the system's packages.

    Attributes:
        title: Its name in sentences.
        purpose: What needs it.
        names: What the program may be called.
        package: Debian's package.
        variable: The environment variable that names another one.
    """

    title: str
    purpose: str
    names: tuple[str, ...]
    package: str
    variable: str


CHROMIUM = Needed(
    "Chromium", "the browser tests", ("chromium", "chromium-browser", "google-chrome"), "chromium", "CHROMIUM"
)
POSTGRES = Needed("PostgreSQL", "the database tests", ("postgres",), "postgresql", "POSTGRES")


def which(name: str) -> str | None:
    """Find a program on the path, or where Debian keeps those of PostgreSQL, the newest version first."""
    versions = sorted(glob("/usr/lib/postgresql/*/bin"), key=lambda folder: (len(folder), folder), reverse=True)
    return shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", os.defpath), *versions]))


def find(
    needed: Needed,
    environ: Mapping[str, str] = os.environ,
    *,
    which: Which = which,
    user: Callable[[], int] = os.geteuid,
    run: Callable[[tuple[str, ...]], str | None] | None = None,
) -> Path:
    """Where a program is; on Debian, root installs it when it is missing.

    Args:
        needed: The program.
        environ: May name it in the program's variable.
        which: Finds a program by its name.
        user: Says who we are.
        run: Runs a command and returns None, or what went wrong.

    Raises:
        LaunchError: There is none; the message says what to install.
    """
    named = environ.get(needed.variable)
    if named:
        program = which(named)
        if program is None:
            raise LaunchError(
                f"{needed.variable}={named} is not a program: name the {needed.title} to use, or unset it."
            )
        return Path(program)
    there = _known(needed, which)
    if there is None and user() == 0 and which("apt-get"):
        _install(needed, run or _run)
        there = _known(needed, which)
    if there is None:
        raise LaunchError(
            f"{needed.purpose} need {needed.title}: install the package {needed.package} "
            f"(Debian: sudo apt-get install {needed.package}), or name the program in {needed.variable}."
        )
    return there


def chromium_arguments(user: Callable[[], int] = os.geteuid) -> list[str]:
    """Options Chromium needs on this machine: as root it refuses to start with its sandbox."""
    return ["--no-sandbox"] if user() == 0 else []


def _known(needed: Needed, which: Which) -> Path | None:
    return next((Path(there) for name in needed.names if (there := which(name))), None)


def _install(needed: Needed, run: Callable[[tuple[str, ...]], str | None]) -> None:
    print(f"Installing {needed.title} for {needed.purpose} …", flush=True)
    for command in (_REFRESH, (*_INSTALL, needed.package)):
        problem = run(command)
        if problem:
            raise LaunchError(f"{needed.title} is missing and `{' '.join(command)}` failed: {problem}")


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
