"""Schemathesis reads the published document and looks for answers it does not promise."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from tests.integration.claims.claims_api import Api

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "ignored_auth",
    "unsupported_method",
)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_no_answer_breaks_the_document(api: Api) -> None:
    customer = await api.customer()
    headers = {"authorization": str(api.client.headers["authorization"]), **customer.headers}
    given = [part for name, value in headers.items() for part in ("--header", f"{name}: {value}")]
    command = (str(Path(sys.executable).parent / "schemathesis"), "run", f"{api.client.base_url}/v1/openapi.json")
    options = ("--checks", ",".join(CHECKS), "--max-examples", "15", "--seed", "1", "--no-color", "--workers", "1")
    running = await asyncio.create_subprocess_exec(
        *command, *options, *given, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await running.communicate()
    assert running.returncode == 0, said.decode(errors="replace")[-6000:]
