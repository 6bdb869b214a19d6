"""The stand-in for Meta on a free port, and a webhook that notes what it is told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sanic import HTTPResponse, Request, Sanic, text

from bot.meta.signature import is_signed
from common.certificates import trusted
from demo.meta.app import create_app
from demo.meta.settings import Settings
from tests.integration.bot.running_bot import PATIENCE, serving

SECRET, VERIFY = "app-secret-for-tests", "verify-token-for-tests"
PAGE_TOKEN, NUMBER_TOKEN = "page-token-for-tests", "number-token-for-tests"
PAGE, NUMBER = "1906385232743451", "106540352242922"


class Webhook:
    """A webhook: answers `status`, keeps the bodies that were signed, counts the others."""

    def __init__(self) -> None:
        self.status = 200
        self.bodies: list[dict[str, Any]] = []
        self.unsigned = 0
        self.news = asyncio.Event()
        self.gate = asyncio.Event()
        self.gate.set()

    async def hook(self, request: Request) -> HTTPResponse:
        """GET is the handshake, POST is news."""
        if request.method == "GET":
            known = request.args.get("hub.verify_token") == VERIFY
            return text(request.args["hub.challenge"][0]) if known else text("", status=403)
        await self.gate.wait()
        if is_signed(request.body, request.headers.get("x-hub-signature-256"), SECRET):
            self.bodies.append(json.loads(request.body))
        else:
            self.unsigned += 1
        self.news.set()
        return text("", status=self.status)

    def app(self) -> Sanic[Any, Any]:
        """The app that serves it."""
        app: Sanic[Any, Any] = Sanic("webhook", configure_logging=False)
        app.add_route(self.hook, "/webhooks/meta", methods=["GET", "POST"])
        return app

    def events(self, key: str) -> list[Any]:
        """All events of one kind, in the order in which they came."""
        entries = [entry for body in self.bodies for entry in body["entry"]]
        said = [event for entry in entries for event in entry.get("messaging", []) + entry.get("standby", [])]
        values = [change["value"] for entry in entries for change in entry.get("changes", [])]
        return [event[key] for event in said if key in event] + [one for value in values for one in value.get(key, [])]

    async def until(self, count: int, key: str) -> list[Any]:
        """Wait for so many events of a kind."""
        async with asyncio.timeout(PATIENCE):
            while len(self.events(key)) < count:
                self.news.clear()
                await self.news.wait()
        return self.events(key)


class Meta:
    """A client of the stand-in: as the bot, as a person, and as the test that commands it."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def control(self, what: str, **body: Any) -> Any:
        """Command something."""
        answer = await self.client.post(f"/control/{what}", json=body)
        assert answer.status_code in (200, 204), answer.text
        return answer.json() if answer.content else None

    async def person(self, platform: str, locale: str = "nl_NL") -> str:
        """Somebody new."""
        answer = await self.client.post("/play/users", json={"platform": platform, "name": "An Test", "locale": locale})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def does(self, person: str, what: str, **body: Any) -> httpx.Response:
        """A person does something."""
        return await self.client.post(f"/play/users/{person}/{what}", json=body)

    async def lines(self, person: str) -> list[dict[str, Any]]:
        """What a person sees."""
        answer = await self.client.get(f"/play/users/{person}")
        return list(answer.json()["lines"])

    async def page(self, person: str, message: dict[str, Any] | None = None, **more: Any) -> httpx.Response:
        """The bot calls the Send API."""
        body = {"recipient": {"id": person}} | ({"messaging_type": "RESPONSE", "message": message} if message else {})
        parameters = {"access_token": PAGE_TOKEN}
        return await self.client.post(f"/v25.0/{PAGE}/messages", params=parameters, json=body | more)

    async def number(self, person: str, kind: str = "text", **content: Any) -> httpx.Response:
        """The bot calls the Cloud API."""
        body = {"messaging_product": "whatsapp", "to": person, "type": kind, kind: content or {"body": "Hello"}}
        headers = {"Authorization": f"Bearer {NUMBER_TOKEN}"}
        return await self.client.post(f"/v25.0/{NUMBER}/messages", headers=headers, json=body)


@pytest.fixture(autouse=True)
def _several_apps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Sanic, "test_mode", True)


@pytest.fixture
async def webhook() -> AsyncIterator[Webhook]:
    made = Webhook()
    yield made
    made.gate.set()


@pytest.fixture
async def meta(webhook: Webhook, tmp_path: Path) -> AsyncIterator[Meta]:
    async with serving(webhook.app()) as hook:
        settings = Settings(SECRET, VERIFY, PAGE_TOKEN, NUMBER_TOKEN, f"{hook}/webhooks/meta", str(tmp_path / "meta"))
        async with serving(create_app(settings, "http://127.0.0.1")) as address, client_of(address) as client:
            yield Meta(client)


def client_of(address: str) -> httpx.AsyncClient:
    """A client of an app that is served."""
    return httpx.AsyncClient(base_url=address, trust_env=False, timeout=PATIENCE, verify=trusted())
