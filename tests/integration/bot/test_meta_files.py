"""A photo on a messenger: fetched from Meta alone, brought to the claims backend, never passed on as a link."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
import pytest
from sanic import HTTPResponse, Request, Sanic
from sanic import json as answer_json

from tests.integration.bot.meta_bot import MetaBot, meta_bot
from tests.integration.bot.meta_platform import WA_ID, WHATSAPP, Platform, account, event, page, post, wrote
from tests.integration.bot.running_bot import StartBot, serving
from tests.integration.bot.stand_in_engine import StandInEngine

# The smallest PNG there is.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


class Claims:
    """Keeps the files it is brought."""

    def __init__(self) -> None:
        self.files: list[tuple[str, str, bytes]] = []

    async def take(self, request: Request, conversation: str) -> HTTPResponse:
        """POST /v1/conversations/{conversation}/evidence."""
        self.files.append((unquote(conversation), unquote(request.headers["x-file-name"]), request.body))
        return answer_json({"id": "ev_1", "state": "quarantined"}, status=201)

    def app(self) -> Sanic[Any, Any]:
        """The app that serves it."""
        app: Sanic[Any, Any] = Sanic("claims-for-files", configure_logging=False)
        app.add_route(self.take, "/v1/conversations/<conversation:str>/evidence", methods=["POST"])
        return app


@pytest.fixture
async def platform() -> Platform:
    return Platform()


@pytest.fixture
async def graph_url(platform: Platform) -> AsyncIterator[str]:
    async with serving(platform.app()) as address:
        yield address


@pytest.fixture
async def claims() -> Claims:
    return Claims()


@pytest.fixture
async def running(start_bot: StartBot, graph_url: str, claims: Claims, tmp_path: Path) -> AsyncIterator[MetaBot]:
    async with serving(claims.app()) as claims_url:
        changes = {"claims_url": claims_url, "files_dir": str(tmp_path / "files"), "file_max_bytes": 1_000}
        async with meta_bot(lambda **more: start_bot(**changes, **more), graph_url) as made:
            yield made


@pytest.fixture
async def client(running: MetaBot) -> AsyncIterator[httpx.AsyncClient]:
    async with running.bot.client() as made:
        yield made


async def settled(running: MetaBot, conversation: str) -> dict[str, Any]:
    """The file of the customer's last message, when its way has ended."""
    from bot.log.reads import messages_after

    async with asyncio.timeout(10):
        while True:
            found = await running.bot.query(messages_after, conversation, 0)
            files = [file for message in found for file in message.attachments]
            if files and files[-1]["state"] not in ("fetching", "waiting"):
                return dict(files[-1])
            await asyncio.sleep(0.01)


async def test_a_photo_on_whatsapp(
    client: httpx.AsyncClient, platform: Platform, engine: StandInEngine, running: MetaBot, claims: Claims
) -> None:
    platform.files["777"] = (PNG, "image/png")
    image = {"id": "777", "mime_type": "image/png", "sha256": "ignored in favour of the look-up's"}
    for _ in range(2):
        await post(client, account(wrote(1, "", type="image", image=image)))
    file = await settled(running, WHATSAPP)
    assert (file["state"], file["name"], file["type"], file["size"]) == ("kept", "photo.png", "image/png", len(PNG))
    assert claims.files == [(WHATSAPP, "photo.png", PNG)]
    await platform.until('echo /give_evidence{"files": 1}', to=WA_ID)
    assert [question["payload"] for question in engine.asked] == ["/greet", '/give_evidence{"files": 1}']


async def test_several_photos_with_words_on_messenger(
    client: httpx.AsyncClient,
    platform: Platform,
    engine: StandInEngine,
    running: MetaBot,
    graph_url: str,
    claims: Claims,
) -> None:
    platform.files |= {"a": (PNG, "image/png"), "b": (PNG + b"\0", "image/png")}
    attachments = [{"type": "image", "payload": {"url": f"{graph_url}/file/{name}"}} for name in ("a", "b")]
    await post(client, page(event(1, message={"mid": "m_1", "text": "here they are", "attachments": attachments})))
    await platform.until("echo here they are")
    conversation = "messenger:100200300:7001"
    await settled(running, conversation)
    async with asyncio.timeout(10):
        while len(claims.files) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert {body for _, _, body in claims.files} == {PNG, PNG + b"\0"}
    assert engine.texts() == ["here they are"]


async def test_a_document_keeps_its_name(
    client: httpx.AsyncClient, platform: Platform, running: MetaBot, claims: Claims
) -> None:
    platform.files["778"] = (b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n", "application/pdf")
    document = {"id": "778", "mime_type": "application/pdf", "filename": "../bewijs van betaling.pdf"}
    await post(client, account(wrote(1, "", type="document", document=document)))
    file = await settled(running, WHATSAPP)
    assert (file["state"], file["name"]) == ("kept", "bewijs van betaling.pdf")


@pytest.mark.parametrize(
    ("body", "error", "sentence"),
    [
        (b"MZ\x00\x01\x02\x03", "file_type_refused", "file_type_refused"),
        (b"", "file_empty", "file_empty"),
        (PNG + b"\0" * 1_000, "too_large", "file_too_large"),
    ],
)
async def test_a_file_that_is_not_taken(
    client: httpx.AsyncClient,
    platform: Platform,
    running: MetaBot,
    claims: Claims,
    body: bytes,
    error: str,
    sentence: str,
) -> None:
    platform.files["779"] = (body, "image/png")
    await post(client, account(wrote(1, "", type="image", image={"id": "779"})))
    file = await settled(running, WHATSAPP)
    assert (file["state"], file["error"]) == ("refused", error)
    await platform.until(f"{sentence} en", to=WA_ID)
    assert claims.files == []


async def test_a_file_that_is_gone(client: httpx.AsyncClient, platform: Platform, running: MetaBot) -> None:
    platform.locale = "en_GB"
    attachment = {"type": "image", "payload": {"url": "https://169.254.169.254/latest/meta-data"}}
    await post(client, page(event(1, message={"mid": "m_1", "attachments": [attachment]})))
    assert (await settled(running, "messenger:100200300:7001"))["state"] == "lost"
    await platform.until("file_lost en")
