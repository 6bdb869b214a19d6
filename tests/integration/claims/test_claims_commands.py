"""The commands as the launcher runs them: the service, its demo data and the mail sink, each its own process."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Timer

import httpx
import pytest

from tests.integration.claims.claims_api import free_port

ROOT = Path(__file__).parents[3]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    smtp = str(free_port())
    return os.environ | {
        "CLAIMS_SERVICE_TOKENS": "test-service-token-1",
        "CLAIMS_TOKEN_SECRET": "test-token-secret-1",
        "CLAIMS_AUDIT_SECRET": "test-audit-secret-1",
        "CLAIMS_DATABASE_URL": f"sqlite:///{tmp_path}/claims.db",
        "CLAIMS_DEMO": "true",
        "CLAIMS_PORT": str(free_port()),
        "CLAIMS_SMTP_PORT": smtp,
        "MAILSINK_SMTP_PORT": smtp,
        "MAILSINK_PORT": str(free_port()),
        "MAILSINK_DIR": f"{tmp_path}/mails",
    }


def run(module: str, environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)


@contextmanager
def running(module: str, environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """Run a service; it is up when it says so, and must stop by itself when asked."""
    command = [sys.executable, "-u", "-m", module]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=-1, stderr=subprocess.STDOUT, text=True)
    # Without it a service that hangs at its start would hang the tests too.
    watchdog = Timer(60, process.kill)
    watchdog.start()
    with process:
        try:
            assert process.stdout is not None
            # Sanic says this once it listens; the end of the output means that it did not start.
            assert any("Worker ready" in line for line in process.stdout), module
            watchdog.cancel()
            yield process
        finally:
            watchdog.cancel()
            process.terminate()
            process.communicate(timeout=20)


def test_from_an_empty_folder_to_an_identified_customer(environment: dict[str, str]) -> None:
    loaded = run("claims.demo", environment)
    assert loaded.stdout == "8 demo policies loaded\n4 demo staff accounts loaded\n", loaded.stderr
    api = f"http://127.0.0.1:{environment['CLAIMS_PORT']}"
    sink = f"http://127.0.0.1:{environment['MAILSINK_PORT']}"
    with ExitStack() as stack:
        for module in ("demo.mailsink", "claims"):
            stack.enter_context(running(module, environment))
        client = stack.enter_context(
            httpx.Client(base_url=api, headers={"authorization": "Bearer test-service-token-1"})
        )
        assert client.get("/health/ready").status_code == 200
        asked = client.post(
            "/v1/identity/challenges",
            json={"policy_reference": "CYB-1002-0002", "date_of_birth": "1979-07-02", "language": "fr"},
        ).json()
        code = _code_from(sink)
        verified = client.post(f"/v1/identity/challenges/{asked['challenge']}/verification", json={"code": code})
        assert verified.json()["policy"]["holder"] == {"first_name": "Marc", "last_name": "Dubois"}
    with running("demo.mailsink", environment):
        page = httpx.get(sink)
        assert f"<strong>{code}</strong>" in page.text
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert code in httpx.get(f"{sink}/mails.json").text


def _code_from(sink: str) -> str:
    """Ask the mail sink until the mail is there; it is sent after the answer."""
    for _ in range(2000):
        mails = httpx.get(f"{sink}/mails.json").json()["mails"]
        if mails:
            assert mails[0]["to"] == "marc.dubois@example.be"
            found = re.search(r"\b\d{6}\b", mails[0]["text"])
            assert found is not None
            return found[0]
    raise AssertionError("no mail came")


def test_a_missing_setting_is_named(environment: dict[str, str]) -> None:
    del environment["CLAIMS_TOKEN_SECRET"]
    stopped = run("claims", environment)
    assert stopped.returncode == 1
    assert "CLAIMS_TOKEN_SECRET" in stopped.stderr
    assert "Traceback" not in stopped.stderr


def test_migrate_and_list(environment: dict[str, str]) -> None:
    migrated = run("claims.migrate", environment)
    assert migrated.returncode == 0, migrated.stderr
    listed = run("claims.demo", environment, "--list").stdout
    assert "CYB-6001-0008" in listed
    assert "karim.handler" in listed
