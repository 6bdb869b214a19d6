"""What every call has in common: the error shape, sizes, health, and the published document."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import structlog
from httpx import AsyncClient

from claims.api.app import create_app
from claims.api.openapi import openapi, published_path
from claims.domain.errors import ClaimsError
from common import logs
from tests.integration.claims.claims_api import LIES, Api, code_of, settings_for
from tests.integration.claims.conftest import serving


async def test_live_and_ready_need_no_token(api: Api) -> None:
    async with AsyncClient(base_url=api.client.base_url) as anyone:
        assert (await anyone.get("/health/live")).json() == {"status": "live"}
        assert (await anyone.get("/health/ready")).json() == {"status": "ready"}


async def test_not_ready_without_tables(tmp_path: Path) -> None:
    app = create_app(settings_for(f"sqlite:///{tmp_path}/empty.db"), name="claims-empty")
    async with serving(app) as address, AsyncClient(base_url=address) as anyone:
        assert code_of(await anyone.get("/health/ready")) == (503, "not_ready")
        assert (await anyone.get("/health/live")).status_code == 200


async def test_an_unexpected_failure_tells_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = settings_for(f"sqlite:///{tmp_path}/empty.db")
    logs.configure("claims")
    app = create_app(settings, name="claims-broken")
    body = {"policy_reference": LIES, "date_of_birth": "1985-03-14", "language": "nl"}
    async with serving(app) as address, AsyncClient(base_url=address) as client:
        headers = {"authorization": f"Bearer {settings.service_tokens[0]}"}
        response = await client.post("/v1/identity/challenges", json=body, headers=headers)
    structlog.reset_defaults()
    assert code_of(response) == (500, "internal_error")
    assert "identity_challenges" not in response.text
    logged = capsys.readouterr().out
    assert "request.failed" in logged
    assert LIES not in logged
    assert "1985-03-14" not in logged


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", f"/v1/nothing/{LIES}", (404, "not_found")),
        ("PUT", "/v1/drafts", (405, "method_not_allowed")),
    ],
)
async def test_an_unknown_address_is_not_repeated(api: Api, method: str, path: str, expected: tuple[int, str]) -> None:
    response = await api.client.request(method, path)
    assert code_of(response) == expected
    assert LIES not in response.text


@pytest.mark.parametrize("body", [b"", b"{", b'{"code": "\xff"}', b'{"code": "\\ud800"}'])
async def test_what_is_no_json_is_refused(api: Api, body: bytes) -> None:
    response = await api.client.post("/v1/identity/challenges/x/verification", content=body)
    assert code_of(response) == (400, "invalid_json")


async def test_a_body_nested_without_end_is_refused(api: Api) -> None:
    body = b'{"answers": {}, "version": 1, "x": ' + b"[" * 100_000
    customer = await api.customer()
    response = await api.client.patch("/v1/drafts/x", content=body, headers=customer.headers)
    assert response.status_code in {400, 422}
    assert code_of(response)[1] in {"invalid_json", "invalid_body"}


async def test_a_body_that_is_too_large_is_refused(api: Api) -> None:
    body = b'{"code": "' + b"1" * (1024 * 1024) + b'"}'
    response = await api.client.post("/v1/identity/challenges/x/verification", content=body)
    assert code_of(response) == (413, "too_large")


async def test_the_document_and_the_routes_are_the_same(api: Api) -> None:
    async with AsyncClient(base_url=api.client.base_url) as anyone:
        document = (await anyone.get("/v1/openapi.json")).json()
    assert document["openapi"] == "3.1.0"
    published = {(method.upper(), path) for path, item in document["paths"].items() for method in item}
    app = create_app(api.services.settings, name=f"claims-routes-{id(api)}")
    served = {(method, published_path(f"/{route.path}")) for route in app.router.routes for method in route.methods}
    assert published == served - {("GET", "/v1/openapi.json")}


def test_every_reference_of_the_document_leads_somewhere() -> None:
    document = openapi()
    schemas = document["components"]["schemas"]
    references = set(re.findall(r"#/components/schemas/(\w+)", str(document)))
    assert references <= set(schemas)
    assert {"Draft", "Claim", "Policy", "Eligibility", "Error"} <= references


def test_the_document_names_every_code_of_the_domain() -> None:
    answers = [call["responses"] for item in openapi()["paths"].values() for call in item.values()]
    told = [answer["description"] for each in answers for answer in each.values()]
    named = {code for text in told for code in re.findall(r"[a-z_]+", text.partition("Error codes: ")[2])}
    kinds = [kind for family in ClaimsError.__subclasses__() for kind in family.__subclasses__()]
    assert len(kinds) >= 16
    assert {kind.code for kind in kinds} <= named


def test_the_document_lists_every_call_of_the_contract() -> None:
    contract = (Path(__file__).parents[3] / "docs" / "contracts.md").read_text("utf-8")
    section = contract.split("## claims: /v1")[1]
    paths = openapi()["paths"]
    in_contract = re.findall(r"`(GET|POST|PATCH|DELETE) (/v1/[^`? ]+)", section)
    assert len(in_contract) >= 12
    shape = {(method, re.sub(r"\{\w+\}", "{}", path)) for path, item in paths.items() for method in item}
    for method, path in in_contract:
        if path != "/v1/openapi.json":
            assert (method.lower(), re.sub(r"\{\w+\}", "{}", path)) in shape
