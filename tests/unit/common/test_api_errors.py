"""One error shape for every failure, and nobody in without a token."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from sanic import HTTPResponse, Request, Sanic, json

from common import errors
from common.errors import ApiError, install_errors, require_bearer
from tests.integration.bot.running_bot import serving

SECRETS = ("first-secret-of-the-tests", "second-secret-of-the-tests")
KINDS = {
    errors.BadRequest: 400,
    errors.Unauthorised: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.Unprocessable: 422,
    errors.TooMany: 429,
    errors.Unavailable: 503,
}


def make_app() -> Sanic[Any, Any]:
    app: Sanic[Any, Any] = Sanic("errors", configure_logging=False)
    install_errors(app)
    require_bearer(app, SECRETS, open_paths=("/open",))

    @app.post("/echo")
    async def echo(request: Request) -> HTTPResponse:
        return json({"got": request.json})

    @app.get("/open/fine")
    async def fine(_: Request) -> HTTPResponse:
        return json({})

    @app.get("/open/raise/<name:str>")
    async def fail(_: Request, name: str) -> HTTPResponse:
        kinds: dict[str, type[ApiError]] = {kind.__name__: kind for kind in KINDS}
        if name in kinds:
            raise kinds[name]("some_code", "One sentence.", tries_left=2)
        raise RuntimeError("an@example.be and /etc/passwd")

    return app


@pytest.fixture
async def client(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    monkeypatch.setattr(Sanic, "test_mode", True)
    async with serving(make_app()) as address, httpx.AsyncClient(base_url=address) as made:
        yield made


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
async def test_an_error_has_its_status_code_message_and_details(
    kind: type[ApiError], client: httpx.AsyncClient
) -> None:
    answer = await client.get(f"/open/raise/{kind.__name__}")
    assert answer.status_code == KINDS[kind]
    assert answer.json() == {"error": {"code": "some_code", "message": "One sentence.", "details": {"tries_left": 2}}}


async def test_a_crash_tells_the_caller_nothing(client: httpx.AsyncClient) -> None:
    answer = await client.get("/open/raise/crash")
    assert answer.status_code == 500
    assert answer.json()["error"]["code"] == "internal_error"
    assert "example" not in answer.text
    assert "passwd" not in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", "/open/CYB-1001-0001", "", 404, "not_found"),
        ("DELETE", "/open/fine", "", 405, "method_not_allowed"),
        ("POST", "/echo", "{broken an@example.be", 400, "bad_request"),
    ],
)
async def test_what_the_server_itself_refuses_has_the_same_shape_and_repeats_nothing(
    method: str, path: str, body: str, status: int, code: str, client: httpx.AsyncClient
) -> None:
    headers = {"authorization": f"Bearer {SECRETS[0]}"}
    answer = await client.request(method, path, content=body, headers=headers)
    assert answer.status_code == status
    error = answer.json()["error"]
    assert error["code"] == code
    assert set(error) == {"code", "message", "details"}
    assert "CYB" not in answer.text
    assert "example" not in answer.text


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
async def test_each_of_the_secrets_opens(secret: str, scheme: str, client: httpx.AsyncClient) -> None:
    answer = await client.post("/echo", json=1, headers={"authorization": f"{scheme} {secret}"})
    assert answer.json() == {"got": 1}


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"Bearer",
        b"Bearer wrong",
        b"Basic first-secret-of-the-tests",
        b"first-secret-of-the-tests",
        b"Bearer first-secret-of-the-test",
        b"Bearer first-secret-of-the-tests,second-secret-of-the-tests",
        b"Bearer \xff\xfe",
    ],
)
async def test_nothing_else_opens(header: bytes, client: httpx.AsyncClient) -> None:
    answer = await client.post("/echo", json=1, headers={b"authorization": header})
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "unauthorised"


async def test_without_a_header_only_what_is_open_answers(client: httpx.AsyncClient) -> None:
    assert (await client.post("/echo", json=1)).status_code == 401
    assert (await client.get("/nowhere")).status_code == 401
    assert (await client.get("/open/fine")).status_code == 200
