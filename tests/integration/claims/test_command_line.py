"""The command line as an operator types it: each command its own process on a database of its own."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyotp
import pytest
from sqlalchemy import delete, update

from claims.adapters.policy_cells import PERSON_COLUMNS, POLICY_COLUMNS
from claims.adapters.tables import audit_entries
from claims.api.app import join
from claims.commands.line import read_line
from claims.domain.actors import Actor
from claims.domain.staff import Permission, Role
from claims.service.accounts import add_account
from claims.service.services import Services
from claims.service.staff import allowed, change_own_password, sign_in
from tests.integration.claims.claims_api import Api, settings_for
from tests.integration.claims.conftest import QUICK

ROOT = Path(__file__).parents[3]
Environment = dict[str, str]


@pytest.fixture
def environment(database_url: str) -> Environment:
    return os.environ | {
        "CLAIMS_SERVICE_TOKENS": "test-service-token-1",
        "CLAIMS_TOKEN_SECRET": "test-token-secret-1",
        "CLAIMS_AUDIT_SECRET": "test-audit-secret-1",
        "CLAIMS_DATABASE_URL": database_url,
    }


def claims(environment: Environment, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "claims", *words]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)


def refusal(environment: Environment, *words: str) -> tuple[int, str]:
    done = claims(environment, *words)
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    return done.returncode, done.stderr


@contextmanager
def joined(database_url: str) -> Iterator[Services]:
    services = join(settings_for(database_url), passwords=QUICK)
    try:
        yield services
    finally:
        services.engine.dispose()


def exist(database_url: str, *usernames: str) -> None:
    """Make accounts without a process for each; what comes after the dot is the role."""
    with joined(database_url) as services:
        for username in usernames:
            add_account(services, Actor.system("tests"), username, "Jean Lambert", Role(username.split(".")[1]))


def added(environment: Environment, username: str, role: str) -> tuple[str, pyotp.TOTP]:
    done = claims(environment, "staff", "add", username, "--name", "Jean Lambert", "--role", role)
    assert done.returncode == 0, done.stderr
    password = re.search(r"first sign-in: (\S+)$", done.stdout, re.MULTILINE)
    enrolment = re.search(r"otpauth://\S+", done.stdout)
    assert password is not None
    assert enrolment is not None
    totp = pyotp.parse_uri(enrolment[0])
    assert isinstance(totp, pyotp.TOTP)
    return password[1], totp


def test_the_first_admin_is_added_and_can_sign_in(environment: Environment, database_url: str) -> None:
    password, totp = added(environment, "Jean.Admin", "admin")
    with joined(database_url) as services:
        opened = sign_in(services, "jean.admin", password, totp.now())
        change_own_password(services, opened.account.member, opened.token, password, "a password of my own")
        assert allowed(services, opened.token, Permission.MANAGE_STAFF).role is Role.ADMIN
        with services.unit() as unit:
            entry = next(unit.audit.entries())
    assert (entry["actor"], entry["action"]) == ("system:command line", "staff_added")
    assert claims(environment, "staff", "list").stdout == "jean.admin\tadmin\tactive\tJean Lambert\n"


def test_an_account_is_reset_and_closed(environment: Environment, database_url: str) -> None:
    exist(database_url, "jean.admin", "lies.agent")
    again = claims(environment, "staff", "reset", "lies.agent")
    assert "otpauth://" in again.stdout
    closed = claims(environment, "staff", "deactivate", "lies.agent")
    assert (closed.returncode, closed.stdout) == (0, "lies.agent is closed and signed out everywhere\n")
    with joined(database_url) as services, services.unit() as unit:
        for _ in range(5):
            unit.staff.save(unit.staff.get("jean.admin").failed(services.now()))
        unit.commit()
    states = [line.split("\t")[:3] for line in claims(environment, "staff", "list").stdout.splitlines()]
    assert states == [["jean.admin", "admin", "locked"], ["lies.agent", "agent", "closed"]]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("staff", "add", "jean.admin", "--name", "J", "--role", "admin"), "There is a staff account of this name."),
        (("staff", "deactivate", "jean.admin"), "Somebody must stay who can manage accounts; add another admin first."),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(
    environment: Environment, database_url: str, words: tuple[str, ...], sentence: str
) -> None:
    exist(database_url, "jean.admin")
    assert refusal(environment, *words) == (1, f"error: {sentence}\n")


@pytest.mark.parametrize(
    "words",
    [
        ("stuff",),
        ("staff",),
        ("staff", "add", "jean.admin"),
        ("staff", "add", "jean.admin", "--name", "two\nlines", "--role", "admin"),
        ("staff", "add", "jean.admin", "--name", "Jean", "--role", "director"),
        ("audit", "verify", "--head", "17"),
        ("export", "--since", "yesterday", "claims.csv"),
    ],
)
def test_a_command_that_is_not_understood(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match=r"^2$"):
        read_line(list(words))
    assert "usage: python -m claims" in capsys.readouterr().err


def test_a_misspelt_command_does_not_start_the_service(environment: Environment) -> None:
    code, error = refusal(environment, "stuff")
    assert (code, "invalid choice" in error) == (2, True)


def test_help_explains_the_commands(environment: Environment) -> None:
    shown = claims(environment, "--help")
    assert shown.returncode == 0
    assert "Without a command: serve" in shown.stdout
    assert re.findall(r"^    (\w+) ", shown.stdout, re.MULTILINE) == ["staff", "policies", "audit", "export"]
    assert "--role {agent,handler,supervisor,admin}" in claims(environment, "staff", "add", "--help").stdout


def test_a_missing_setting_and_a_database_without_tables_are_named(environment: Environment, tmp_path: Path) -> None:
    without = {name: value for name, value in environment.items() if name != "CLAIMS_AUDIT_SECRET"}
    code, error = refusal(without, "staff", "list")
    assert (code, "CLAIMS_AUDIT_SECRET is not set" in error) == (1, True)
    empty = environment | {"CLAIMS_DATABASE_URL": f"sqlite:///{tmp_path}/deeper/empty.db"}
    code, error = refusal(empty, "staff", "list")
    assert (code, "is it up to date?" in error) == (1, True)


def test_the_trail_is_verified_against_a_noted_head(environment: Environment, database_url: str) -> None:
    exist(database_url, "jean.admin", "lies.agent")
    good = claims(environment, "audit", "verify")
    assert good.returncode == 0
    noted = re.fullmatch(r"2 entries, all as they were written\nhead (2:[0-9a-f]{64})\n", good.stdout)
    assert noted is not None
    _execute(database_url, delete(audit_entries).where(audit_entries.c.number == 2))
    code, error = refusal(environment, "audit", "verify", "--head", noted[1])
    assert code == 1
    assert error.startswith("entry 2 is missing, and all after it")
    _execute(database_url, update(audit_entries).values(subject="staff:somebody.else"))
    code, error = refusal(environment, "audit", "verify")
    assert code == 1
    assert error.startswith("entry 1 was changed, or CLAIMS_AUDIT_SECRET")


async def test_claims_are_exported_for_their_owner_only(api: Api, environment: Environment, tmp_path: Path) -> None:
    customer = await api.customer()
    draft = (await customer.open_draft()).json()["id"]
    reference = (await customer.submit(draft, 1)).json()["reference"]
    file = tmp_path / "claims.csv"
    done = claims(environment, "export", str(file))
    assert (done.returncode, done.stdout) == (0, f"1 claims written to {file}\n")
    assert reference in file.read_text("utf-8")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    code, error = refusal(environment, "export", str(file))
    assert (code, error) == (1, f"error: {file}: File exists\n")
    assert reference in file.read_text("utf-8")
    since = claims(environment, "export", "--since", "2026-06-16", str(tmp_path / "since.csv"))
    assert since.stdout.startswith("0 claims written")


def test_an_export_that_fails_leaves_no_file(environment: Environment, tmp_path: Path) -> None:
    empty = environment | {"CLAIMS_DATABASE_URL": f"sqlite:///{tmp_path}/empty.db"}
    assert refusal(empty, "export", str(tmp_path / "claims.csv"))[0] == 1
    assert not (tmp_path / "claims.csv").exists()


def test_good_policies_are_kept_and_bad_lines_named(environment: Environment, tmp_path: Path) -> None:
    file = tmp_path / "policies.csv"
    code, error = refusal(environment, "policies", "import", str(file))
    assert code == 1
    assert error.startswith("error: ")
    file.write_text(_policies(), "utf-8")
    done = claims(environment, "policies", "import", str(file))
    assert done.returncode == 1
    assert done.stdout == "1 policies added, 0 changed, 0 as they were, 1 left out\n"
    assert re.fullmatch(r"line 3: [^\n]+\n", done.stderr)
    assert "Secret" not in done.stderr
    file.write_text("".join(_policies().splitlines(keepends=True)[:2]), "utf-8")
    done = claims(environment, "policies", "import", str(file))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "0 policies added, 0 changed, 1 as they were, 0 left out\n"


def _execute(database_url: str, statement: object) -> None:
    with joined(database_url) as services, services.engine.begin() as connection:
        connection.execute(statement)  # type: ignore[call-overload]


def _policies() -> str:
    """One good policy, and one with a date that is none."""
    policy = "CYB-7001-0001,jan@example.be,nl,BE,2025-01-01,,2025-01-01,,product_page,2025-01-02,2025-01-02,4.99"
    good = f"{policy},1,Jan,Maes,{{}},holder,yes"
    second = good.replace("7001", "7002").replace("Maes", "Secret")
    header = ",".join(POLICY_COLUMNS + PERSON_COLUMNS)
    return "\n".join((header, good.format("1980-05-06"), second.format("the sixth of May"), ""))
