"""The action server over a real socket: who may call, what a broken call gets, and what a failing action says."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from content.facts import PROJECT_ROOT, Facts
from tests.conftest import free_ports

SECRET = "actions-secret-for-tests"
MAIL, CARD = "an.peeters@example.be", "4111 1111 1111 1111"


def call(action: str, intent: str = "ask_price", **slots: Any) -> dict[str, Any]:
    latest = {"text": f"{MAIL} {CARD}", "intent": {"name": intent, "confidence": 0.9}, "entities": []}
    tracker = {
        "sender_id": "conversation-1",
        "slots": slots,
        "latest_message": latest,
        "events": [],
        "paused": False,
        "followup_action": None,
        "active_loop": {},
        "latest_action_name": None,
    }
    return {"next_action": action, "sender_id": "conversation-1", "tracker": tracker, "domain": {}}


@dataclass(frozen=True)
class Server:
    """The running action server."""

    address: str
    log: Path

    def said(self) -> str:
        """Everything it wrote to its log."""
        return self.log.read_text("utf-8")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("actions")
    (port,) = free_ports(1)
    environment = {
        "PATH": os.environ["PATH"],
        "ACTIONS_SECRET": SECRET,
        "ACTIONS_CLAIMS_TOKEN": "claims-token-for-tests",
        "ACTIONS_BOT_TOKEN": "bot-token-for-the-tests",
        # Nobody listens on these.
        "ACTIONS_CLAIMS_URL": "http://127.0.0.1:9",
        "ACTIONS_BOT_URL": "http://127.0.0.1:9",
        "ACTIONS_DATABASE_URL": f"sqlite:///{folder}/actions.db",
        "ACTIONS_PORT": str(port),
    }
    running = Server(f"http://127.0.0.1:{port}", folder / "actions.log")
    with running.log.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "actions"], cwd=PROJECT_ROOT, env=environment, stdout=log, stderr=log
        )
    try:
        with httpx.Client(transport=httpx.HTTPTransport(retries=6), timeout=20) as probe:
            assert probe.get(f"{running.address}/health").status_code == 200, running.said()
        yield running
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture
def client(server: Server) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {SECRET}"}
    with httpx.Client(base_url=server.address, headers=headers, timeout=10) as made:
        yield made


def test_an_action_answers_with_what_to_say_and_what_changes(client: httpx.Client) -> None:
    answer = client.post("/webhook", json=call("action_answer"))
    assert answer.status_code == 200
    (said,) = answer.json()["responses"]
    assert said["response"] == Facts.load().answers["ask_price"].response
    assert {"event": "slot", "timestamp": None, "name": "topic", "value": "ask_price"} in answer.json()["events"]


@pytest.mark.parametrize("header", [None, "", "Bearer wrong", f"Basic {SECRET}", f"Bearer {SECRET}x"])
def test_without_the_secret_nothing_runs(header: str | None, client: httpx.Client) -> None:
    del client.headers["Authorization"]
    headers = {} if header is None else {"Authorization": header}
    answer = client.post("/webhook", json=call("action_answer"), headers=headers)
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "unauthorised"


def test_health_is_open(client: httpx.Client) -> None:
    del client.headers["Authorization"]
    assert client.get("/health").status_code == 200


def test_an_unknown_action_is_not_found(client: httpx.Client) -> None:
    answer = client.post("/webhook", json=call("action_fly"))
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "unknown_action"


@pytest.mark.parametrize(
    "body", ["", "{broken", "[]", "null", '"text"', "{}", '{"next_action": null}', '{"next_action": 7}', "\xff"]
)
def test_a_broken_call_is_a_400_that_repeats_nothing(body: str, client: httpx.Client) -> None:
    answer = client.post("/webhook", content=body.encode("latin-1"))
    assert answer.status_code == 400
    assert set(answer.json()) == {"error"}
    assert "broken" not in answer.text


def failing(kind: str) -> dict[str, Any]:
    calls = {
        "no tracker": {"next_action": "action_answer", "sender_id": "c"},
        "an intent nobody answers": call("action_answer", intent="unheard_of"),
        "a slot of another version": call("action_explain", intake={"colour": MAIL}),
        "an incident that is gone": call("action_report", intent="report_earthquake"),
    }
    return calls[kind]


@pytest.mark.parametrize(
    "kind", ["no tracker", "an intent nobody answers", "a slot of another version", "an incident that is gone"]
)
def test_an_action_that_fails_still_ends_in_a_sentence_and_leaks_nothing(
    kind: str, client: httpx.Client, server: Server
) -> None:
    before = server.said()
    answer = client.post("/webhook", json=failing(kind))
    assert answer.status_code == 200
    request = {"kind": "handover", "reason": "failed_action", "priority": "high"}
    assert answer.json() == {
        "events": [],
        "responses": [{"response": "action_failed"}, {"custom": {"request": request}}],
    }
    logged = server.said().removeprefix(before)
    assert "action.failed" in logged
    assert MAIL not in logged
    assert CARD not in logged


def test_the_next_call_works_after_one_that_failed(client: httpx.Client) -> None:
    client.post("/webhook", json=failing("no tracker"))
    assert client.post("/webhook", json=call("action_answer")).json()["events"]


def test_a_claims_backend_that_is_not_there_is_told_to_the_customer(client: httpx.Client) -> None:
    answers = {"policy_reference": "CYB-1001-0001"}
    body = call(
        "validate_intake_form",
        intent="out_of_scope",
        intake={"key": "k", "incident": "non_delivery", "asked": "date_of_birth", "answers": answers},
    )
    body["tracker"]["latest_message"]["text"] = "14/03/1985"
    body["tracker"]["events"] = [{"event": "user"}]
    body["domain"] = {"forms": {"intake_form": {"required_slots": ["intake_answer"]}}}
    answer = client.post("/webhook", json=body)
    assert [said["response"] for said in answer.json()["responses"]] == ["claims_unavailable"]
    slots = {event["name"]: event["value"] for event in answer.json()["events"]}
    assert slots["intake_answer"] == "paused"
    assert slots["intake"]["answers"] == answers


def test_a_missing_setting_ends_it_with_one_line() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "actions"], cwd=PROJECT_ROOT, env={}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr.startswith("ACTIONS_SECRET is not set: ")
    assert done.stderr.count("\n") == 1
