"""Files the bot sends to the stand-in: kept, shown to the person, and told to the webhook."""

from __future__ import annotations

import json
from typing import Any

import httpx

from tests.integration.demo.conftest import NUMBER, NUMBER_TOKEN, PAGE, PAGE_TOKEN, Meta, Webhook

PDF = b"%PDF-1.4 a file"


async def talking(meta: Meta, platform: str) -> str:
    person = await meta.person(platform)
    await meta.does(person, "messages", text="Hello")
    return person


async def give(meta: Meta, person: str, kind: str, message: str = "") -> httpx.Response:
    """The bot sends a file on Messenger."""
    attachment = json.dumps({"attachment": {"type": kind, "payload": {}}, "metadata": "outbox-1"})
    fields = {"recipient": json.dumps({"id": person}), "messaging_type": "RESPONSE", "message": message or attachment}
    files = {"filedata": ("Overzicht n° 1.pdf", PDF, "application/pdf")}
    headers = {"Authorization": f"Bearer {PAGE_TOKEN}"}
    return await meta.client.post(f"/v25.0/{PAGE}/messages", data=fields, files=files, headers=headers)


async def upload(meta: Meta, node: str = NUMBER, token: str = NUMBER_TOKEN, kind: str = "application/pdf") -> Any:
    """The bot uploads a file for WhatsApp."""
    headers = {"Authorization": f"Bearer {token}"}
    files = {"file": ("a.pdf", PDF, kind)}
    fields = {"messaging_product": "whatsapp", "type": kind}
    return await meta.client.post(f"/v25.0/{node}/media", data=fields, files=files, headers=headers)


def code(answer: httpx.Response) -> tuple[int, int]:
    return answer.status_code, answer.json()["error"]["code"]


async def shown(meta: Meta, person: str) -> list[tuple[str, bytes]]:
    """The files of the last line, as the person gets them."""
    files = (await meta.lines(person))[-1]["media"]
    return [(file["name"], (await meta.client.get(f"/play/media/{file['id']}")).content) for file in files]


async def test_a_file_of_messenger_is_shown_and_echoed(meta: Meta, webhook: Webhook) -> None:
    person = await talking(meta, "messenger")
    assert (await give(meta, person, "file")).json()["recipient_id"] == person
    assert await shown(meta, person) == [("Overzicht n° 1.pdf", PDF)]
    echo = next(message for message in await webhook.until(2, "message") if message.get("is_echo"))
    assert (echo["metadata"], [each["type"] for each in echo["attachments"]]) == ("outbox-1", ["file"])
    assert code(await give(meta, person, "image")) == (400, 100)
    assert code(await give(meta, person, "file", "{not json")) == (400, 100)


async def test_a_file_of_whatsapp_is_uploaded_first(meta: Meta, webhook: Webhook) -> None:
    person = await talking(meta, "whatsapp")
    media = (await upload(meta)).json()["id"]
    sent = await meta.number(person, "document", id=media, filename="a.pdf", caption="Lies")
    assert sent.status_code == 200
    assert await shown(meta, person) == [("a.pdf", PDF)]
    assert (await meta.lines(person))[-1]["text"] == "Lies"
    assert (await webhook.until(2, "statuses"))[1]["status"] == "delivered"
    assert code(await meta.number(person, "image", id=media)) == (400, 131009)
    assert code(await meta.number(person, "document", id="4711")) == (400, 131009)


async def test_an_upload_needs_the_number_and_its_token(meta: Meta) -> None:
    assert code(await upload(meta, token=PAGE_TOKEN)) == (400, 100)
    assert code(await upload(meta, node=PAGE)) == (400, 100)
    assert code(await upload(meta, kind="image/gif")) == (400, 100)
    await meta.control("faults", where="upload", how="error", error="service")
    assert code(await upload(meta)) == (503, 2)
