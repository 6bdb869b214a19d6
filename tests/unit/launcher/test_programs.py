"""Finding the programs of the tests, or saying clearly what is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from launcher import programs
from launcher.errors import LaunchError
from launcher.programs import CHROMIUM, POSTGRES, Needed


class Machine:
    """A machine with some programs; apt-get brings what is asked for unless it is told to fail."""

    def __init__(self, *programs: str, problem: str | None = None) -> None:
        self.programs, self.problem = set(programs), problem
        self.commands: list[tuple[str, ...]] = []

    def which(self, name: str) -> str | None:
        return f"/usr/bin/{name}" if name in self.programs else None

    def run(self, command: tuple[str, ...]) -> str | None:
        self.commands.append(command)
        if self.problem:
            return self.problem
        if "install" in command:
            self.programs.add({"chromium": "chromium", "postgresql": "postgres"}[command[-1]])
        return None

    def chromium(self, *, user: int = 1000, **environ: str) -> Path:
        return self.find(CHROMIUM, user=user, **environ)

    def find(self, needed: Needed, *, user: int, **environ: str) -> Path:
        return programs.find(needed, environ, which=self.which, user=lambda: user, run=self.run)


@pytest.mark.parametrize("name", CHROMIUM.names)
def test_it_is_found_under_each_of_its_names(name: str) -> None:
    machine = Machine(name, "apt-get")
    assert machine.chromium(user=0) == Path(f"/usr/bin/{name}")
    assert machine.commands == []


def test_the_variable_comes_first() -> None:
    assert Machine("chromium", "my-chromium").chromium(CHROMIUM="my-chromium") == Path("/usr/bin/my-chromium")


def test_a_variable_that_names_nothing_is_told() -> None:
    with pytest.raises(LaunchError, match="CHROMIUM=/no/where is not a program"):
        Machine("chromium").chromium(CHROMIUM="/no/where")


def test_without_chromium_and_without_root_one_line_says_what_to_install() -> None:
    machine = Machine("apt-get")
    with pytest.raises(LaunchError) as problem:
        machine.chromium(user=1000)
    message = str(problem.value)
    assert message == (
        "the browser tests need Chromium: install the package chromium "
        "(Debian: sudo apt-get install chromium), or name the program in CHROMIUM."
    )
    assert "\n" not in message
    assert machine.commands == []


def test_root_without_apt_gets_the_same_line() -> None:
    with pytest.raises(LaunchError, match="install the package chromium"):
        Machine().chromium(user=0)


def test_root_on_debian_gets_it_installed_from_fresh_lists() -> None:
    machine = Machine("apt-get")
    assert machine.chromium(user=0) == Path("/usr/bin/chromium")
    assert [command[1] for command in machine.commands] == ["update", "install"]


def test_postgresql_comes_from_its_package() -> None:
    machine = Machine("apt-get")
    assert machine.find(POSTGRES, user=0) == Path("/usr/bin/postgres")
    assert machine.commands[-1][-1] == "postgresql"


def test_without_postgresql_one_line_says_what_to_install() -> None:
    with pytest.raises(LaunchError, match="database tests need PostgreSQL: install the package postgresql"):
        Machine("apt-get").find(POSTGRES, user=1000)


def test_an_installation_that_fails_says_why() -> None:
    machine = Machine("apt-get", problem="E: no network")
    with pytest.raises(LaunchError, match="apt-get update -qq` failed: E: no network"):
        machine.chromium(user=0)


def test_only_root_goes_without_the_sandbox() -> None:
    assert programs.chromium_arguments(lambda: 0) == ["--no-sandbox"]
    assert programs.chromium_arguments(lambda: 1000) == []
