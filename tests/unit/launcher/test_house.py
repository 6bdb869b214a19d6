"""What goes wrong at the start is said in one clear line."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest
from supervisor.options import ServerOptions

from launcher import __main__ as commands
from launcher import bootstrap
from launcher.errors import LaunchError
from launcher.house import House, supervisor_configuration
from launcher.layout import Layout, Program

COMMAND = ("/bin/echo", "it works")


def program(command: tuple[str, ...] = COMMAND, name: str = "claims", port: int = 0, **environment: str) -> Program:
    ports = {"CLAIMS_PORT": port} if port else {}
    return Program(name, command, environment, "http://127.0.0.1:1/health", {}, ports)


def layout(var: Path) -> Layout:
    return Layout.of(var, {})


def as_supervisord_reads(var: Path, *programs: Program) -> list[tuple[dict[str, str], str]]:
    """Environment and command of each program, read by supervisord itself."""
    for folder in ("log", "run"):
        (var / folder).mkdir(parents=True)
    file = var / "run" / "supervisord.conf"
    file.write_text(supervisor_configuration(var, list(programs)), "utf-8")
    options = ServerOptions()
    options.realize(["-c", str(file)])
    processes = [group.process_configs[0] for group in options.process_group_configs]
    return [(process.environment, process.command) for process in processes]


@pytest.mark.parametrize(
    "value",
    [
        "plain",
        "100%",
        "%(ENV_HOME)s",
        "a,b=c",
        "x;y",
        "it's",
        "back\\slash",
        "p@ss w0rd==",
        "",
        "sqlite:////tmp/a b.db",
        "é€",
    ],
)
def test_supervisord_reads_a_value_as_it_was(value: str, tmp_path: Path) -> None:
    ((environment, _),) = as_supervisord_reads(tmp_path / "var", program(A=value, Z="last"))
    assert environment == {"A": value, "Z": "last"}


@pytest.mark.parametrize("value", ['say "hi"', "two\nlines", "a ; comment", "a # comment", "'quoted'"])
def test_a_value_it_cannot_carry_is_refused_by_name_and_not_shown(value: str, tmp_path: Path) -> None:
    with pytest.raises(LaunchError, match="CLAIMS_PASSWORD must not hold") as problem:
        supervisor_configuration(tmp_path, [program(CLAIMS_PASSWORD=value)])
    assert value not in str(problem.value)


def test_folders_with_spaces_are_no_trouble(tmp_path: Path) -> None:
    words = ("/home/an peeters/100%/python", "-m", "claims")
    ((_, command),) = as_supervisord_reads(tmp_path / "my var", program(words))
    assert command == "'/home/an peeters/100%/python' -m claims"


def test_rooms_are_started_in_order_and_no_room_gets_anothers_variables(tmp_path: Path) -> None:
    rooms = as_supervisord_reads(tmp_path / "var", program(A="1"), program(name="bot", B="2"))
    assert [environment for environment, _ in rooms] == [{"A": "1"}, {"B": "2"}]


def test_a_port_in_use_is_one_clear_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(LaunchError) as problem:
            House(layout(tmp_path), [program(port=port)]).check_ports()
    said = str(problem.value)
    assert said.startswith(f"port {port} for claims is in use")
    assert "CLAIMS_PORT=" in said
    assert "\n" not in said


def test_free_ports_are_no_problem_and_stay_free(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    house = House(layout(tmp_path), [program(port=port)])
    house.check_ports()
    house.check_ports()


def test_a_step_that_fails_is_one_line_with_its_reason(tmp_path: Path) -> None:
    rooms = [program(CLAIMS_DATABASE_URL="sqlite:////nowhere/at/all.db", CLAIMS_SERVICE_TOKENS="short")]
    with pytest.raises(LaunchError) as problem:
        House(layout(tmp_path), rooms).prepare()
    said = str(problem.value)
    assert said.startswith("claims.migrate failed: ")
    assert "\n" not in said


@pytest.mark.parametrize(
    ("arguments", "environ", "said"),
    [
        (["fly"], {}, "unknown command fly"),
        (["train"], {"BOT_PORT": "abc"}, "BOT_PORT=abc is not a port"),
    ],
)
def test_a_command_that_cannot_run_ends_with_one_line(
    arguments: list[str],
    environ: dict[str, str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in ({"CYBERCARE_VAR": str(tmp_path)} | environ).items():
        monkeypatch.setenv(name, value)
    assert commands.main(arguments) == 1
    error = capsys.readouterr().err
    assert error.startswith(f"cyber-care: {said}")
    assert error.count("\n") == 1


def test_another_python_is_told_which_one_is_needed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 12, 1))
    assert bootstrap.main() == 1
    said = capsys.readouterr().err
    assert said == "install: Python 3.11 is needed, this is 3.12: run `make PYTHON=/path/to/python3.11`.\n"


def test_a_python_without_venv_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    assert bootstrap.main() == 1
    assert "python3.11-venv" in capsys.readouterr().err


def test_an_installation_that_fails_is_one_line_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap, "TOOLS", tmp_path / "tools")
    monkeypatch.setattr(bootstrap, "UV", tmp_path / "tools/uv")
    monkeypatch.setattr(bootstrap.sys, "executable", "/no/such/python")
    assert bootstrap.main() == 1
    said = capsys.readouterr().err
    assert said.startswith("install: making a virtual environment failed: ")
    assert said.count("\n") == 1


def test_make_without_python_says_what_to_do(tmp_path: Path) -> None:
    import subprocess

    from launcher.layout import ROOT

    done = subprocess.run(
        ["make", "install", "PYTHON=/no/such/python"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "/no/such/python is not there: install Python 3.11" in done.stderr
