"""Schemathesis reads the published document and looks for answers it does not promise, with ids that exist."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.integration.claims.claim_steps import move, submit
from tests.integration.claims.claims_api import LIES, Api, Customer
from tests.integration.claims.evidence_files import TEXT, give

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "ignored_auth",
    "unsupported_method",
)
# Identity tokens are off here.
NOT_REACHED = {"POST /v1/identity/tokens"}
# These work once; every call after that finds nothing.
USED_UP = {
    "DELETE /v1/drafts/{draft}",
    "DELETE /v1/drafts/{draft}/evidence/{evidence}",
    "DELETE /v1/staff/sessions/current",
}
# What the trail must tell of, or the calls were turned away before they did anything.
DONE = {
    "audit_read",
    "claim_answered",
    "claim_assigned",
    "claim_remarked",
    "claims_exported",
    "claims_listed",
    "evidence_listed",
    "evidence_original_read",
    "evidence_read",
    "evidence_removed",
    "sessions_revoked",
    "signed_out",
    "staff_changed",
    "staff_reset",
}
_SESSION = "X-Staff-Session"


@dataclass
class Overrides:
    """The configuration file: who calls, and which ids are put into which calls."""

    headers: dict[str, str]
    parameters: dict[str, Any]
    operations: list[dict[str, Any]] = field(default_factory=list)

    def of(self, method: str, path: str, session: str = "", **ids: str) -> None:
        """Give calls ids, or a staff session, of their own."""
        headers = {"headers": self.headers | {_SESSION: session}} if session else {}
        parameters = {f"path.{name}": value for name, value in ids.items()}
        self.operations.append({"include-name": f"{method} {path}", "parameters": parameters, **headers})

    def written(self) -> str:
        """As TOML; the text, numbers and lists used here are written as in JSON."""
        tables = [("[headers]", self.headers), ("[parameters]", self.parameters)]
        tables += [("[dictionaries]", {"policy": {"values": [LIES]}, "version": {"values": [1, 2]}})]
        tables += [("[[operations]]", each) for each in self.operations]
        return "\n".join(line for head, values in tables for line in (head, *_lines(values)))


def _lines(values: dict[str, Any]) -> list[str]:
    return [f"{json.dumps(name)} = {_inline(value)}" for name, value in values.items()]


def _inline(value: Any) -> str:
    return f"{{{', '.join(_lines(value))}}}" if isinstance(value, dict) else json.dumps(value)


async def evidence_of(customer: Customer, place: str) -> str:
    """Give a file; its id."""
    answer = await give(customer, place, TEXT, "a.txt")
    assert answer.status_code == 201
    return str(answer.json()["id"])


async def prepared(api: Api) -> Overrides:
    """Somebody of every kind who calls, and things of their own for every call that uses something up."""
    customer, keys = await api.customer(), count(1)
    supervisor, admin = await api.staff("supervisor"), await api.staff("admin")
    leaving, worker, hired = await api.staff("agent"), await api.staff("agent"), await api.staff("handler")

    async def draft() -> str:
        return str((await customer.open_draft(f"contract-{next(keys)}")).json()["id"])

    claim = await submit(customer)
    overrides = Overrides(
        {
            "Authorization": str(api.client.headers["authorization"]),
            "X-Customer-Token": customer.headers["x-customer-token"],
            _SESSION: supervisor.headers["x-staff-session"],
        },
        {
            "path.draft": await draft(),
            "path.reference": claim,
            "path.evidence": await evidence_of(customer, f"/v1/claims/{claim}"),
            "path.username": hired.username,
            "path.challenge": (await api.ask_code()).json()["challenge"],
            "query.policy_reference": LIES,
            "body.policy_reference": {"dictionary": "policy", "probability": 0.8},
            "body.version": {"dictionary": "version", "probability": 0.8},
        },
    )
    overrides.of("GET", "/v1/policies/{reference}", reference=LIES)
    overrides.of("DELETE", "/v1/drafts/{draft}", draft=await draft())
    overrides.of("POST", "/v1/drafts/{draft}/submission", draft=await draft())
    place = await draft()
    evidence = await evidence_of(customer, f"/v1/drafts/{place}")
    overrides.of("DELETE", "/v1/drafts/{draft}/evidence/{evidence}", draft=place, evidence=evidence)
    asked = await submit(customer)
    await move(supervisor, asked, "information_requested", reason="Which shop?")
    overrides.of("POST", "/v1/claims/{reference}/answers", reference=asked)
    for what in ("withdrawal", "remarks"):
        overrides.of("POST", f"/v1/claims/{{reference}}/{what}", reference=await submit(customer))
    for method, what in (("POST", "transitions"), ("PATCH", "assessment"), ("PUT", "handler")):
        overrides.of(method, f"/v1/staff/claims/{{reference}}/{what}", reference=await submit(customer))
    overrides.of("DELETE", "/v1/staff/sessions/current", leaving.headers["x-staff-session"])
    overrides.of("PUT", "/v1/staff/me/password", worker.headers["x-staff-session"])
    account = "/v1/staff/accounts/{username}"
    for method, path in (
        ("GET", "/v1/staff/accounts"),
        ("POST", "/v1/staff/accounts"),
        ("PATCH", account),
        ("POST", f"{account}/credentials"),
        ("DELETE", f"{account}/sessions"),
        ("GET", "/v1/staff/audit"),
    ):
        overrides.of(method, path, admin.headers["x-staff-session"])
    return overrides


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_no_answer_breaks_the_document(api: Api, tmp_path: Path) -> None:
    config = tmp_path / "schemathesis.toml"
    config.write_text((await prepared(api)).written(), "utf-8")
    command = (str(Path(sys.executable).parent / "schemathesis"), "--config-file", str(config), "run")
    options = ("--checks", ",".join(CHECKS), "--max-examples", "10", "--seed", "1", "--no-color", "--workers", "1")
    running = await asyncio.create_subprocess_exec(
        *command,
        f"{api.client.base_url}/v1/openapi.json",
        *options,
        cwd=tmp_path,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await running.communicate()
    said = output.decode(errors="replace")
    assert running.returncode == 0, said[-6000:]
    assert _warned(said, "Authentication failed") | _warned(said, "Missing test data") <= NOT_REACHED | USED_UP
    with api.services.unit() as unit:
        assert {entry["action"] for entry in unit.audit.entries()} >= DONE


def _warned(said: str, about: str) -> set[str]:
    """The calls a warning names."""
    headed = re.split(r"^([A-Z][a-z ]+): \d+ operations? ", said, flags=re.MULTILINE)[1:]
    parts = dict(zip(headed[::2], headed[1::2], strict=True))
    return set(re.findall(r"^  - ([A-Z]+ \S+)$", parts.get(about, ""), re.MULTILINE))
