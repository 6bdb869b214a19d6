"""What the stand-in tells the webhook: in order, in batches, repeated, mixed, and again when it was not taken."""

from __future__ import annotations

import pytest

from tests.integration.demo.conftest import Meta, Webhook


async def says(meta: Meta, person: str, count: int) -> list[str]:
    texts = [f"line {number}" for number in range(count)]
    for text in texts:
        await meta.does(person, "messages", text=text)
    return texts


async def test_a_batch_with_repeats_and_shuffles_is_the_same_for_the_same_seed(meta: Meta, webhook: Webhook) -> None:
    person = await meta.person("messenger")
    await meta.control("behaviour", hold=True, batch=10, repeat=2, shuffle=7)
    texts = await says(meta, person, 50)
    assert webhook.bodies == []
    calls = (await meta.control("flush"))["calls"]
    assert [(call["events"], call["status"]) for call in calls] == [(10, 200)] * 15
    arrived = [message["text"] for message in webhook.events("message")]
    assert sorted(arrived) == sorted(texts * 3)
    assert arrived[:50] != texts
    order = sorted({event["timestamp"]: event["message"]["text"] for event in _events(webhook)}.items())
    assert [text for _, text in order] == texts

    webhook.bodies.clear()
    await says(meta, person, 50)
    await meta.control("flush")
    assert [message["text"] for message in webhook.events("message")] == arrived


def _events(webhook: Webhook) -> list[dict[str, dict[str, str]]]:
    return [event for body in webhook.bodies for entry in body["entry"] for event in entry["messaging"]]


async def test_events_go_out_in_order_while_nothing_is_commanded(meta: Meta, webhook: Webhook) -> None:
    person = await meta.person("whatsapp")
    texts = await says(meta, person, 20)
    assert [message["text"]["body"] for message in await webhook.until(20, "messages")] == texts


async def test_a_call_that_was_not_taken_comes_again_with_the_same_bytes(meta: Meta, webhook: Webhook) -> None:
    await meta.control("behaviour", retry_seconds=0.01)
    webhook.status = 503
    person = await meta.person("messenger")
    await meta.does(person, "messages", text="Hello")
    await webhook.until(3, "message")
    webhook.status = 200
    count = len(webhook.bodies)
    await webhook.until(count + 1, "message")
    assert all(body == webhook.bodies[0] for body in webhook.bodies)
    await meta.does(person, "messages", text="Still there?")
    assert (await webhook.until(count + 2, "message"))[-1]["text"] == "Still there?"
    tries = [call["try"] for call in (await meta.client.get("/control/seen")).json()["webhooks"]]
    assert tries[:3] == [1, 2, 3]


async def test_a_webhook_that_takes_too_long_is_asked_again(meta: Meta, webhook: Webhook) -> None:
    await meta.control("behaviour", answer_seconds=0.05, retry_seconds=0.01)
    webhook.gate.clear()
    person = await meta.person("messenger")
    await meta.control("behaviour", hold=True)
    await meta.does(person, "messages", text="Hello")
    assert (await meta.control("flush"))["calls"][0]["status"] == 0
    webhook.gate.set()
    assert (await webhook.until(1, "message"))[0]["text"] == "Hello"


@pytest.mark.parametrize("signature", ["wrong", "missing", "old"])
async def test_signatures_can_be_wrong_on_command(meta: Meta, webhook: Webhook, signature: str) -> None:
    await meta.control("behaviour", hold=True, signature=signature, retries=0)
    await meta.does(await meta.person("messenger"), "messages", text="Hello")
    await meta.control("flush")
    assert (webhook.unsigned, webhook.bodies) == (1, [])


async def test_raw_bytes_are_signed_and_sent_once(meta: Meta, webhook: Webhook) -> None:
    answer = await meta.client.post("/control/webhook", content=b'{"object":"page","entry":[]}')
    assert (answer.json(), webhook.bodies) == ({"status": 200}, [{"object": "page", "entry": []}])


async def test_the_handshake_fails_with_another_token(
    meta: Meta, webhook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await meta.control("handshake")) == {"connected": True}
    monkeypatch.setattr("tests.integration.demo.conftest.VERIFY", "another")
    assert (await meta.control("handshake")) == {"connected": False}


async def test_echoes_and_receipts_can_be_switched_off(meta: Meta, webhook: Webhook) -> None:
    await meta.control("behaviour", echoes=False, receipts=False)
    person = await meta.person("messenger")
    await meta.does(person, "messages", text="Hello")
    await meta.page(person, {"text": "Hi"})
    await meta.does(person, "seen")
    await meta.does(person, "messages", text="Bye")
    assert [message["text"] for message in await webhook.until(2, "message")] == ["Hello", "Bye"]
    assert webhook.events("delivery") + webhook.events("read") == []


async def test_only_subscribed_fields_are_told(meta: Meta, webhook: Webhook) -> None:
    parameters = {"access_token": "page-token-for-tests", "subscribed_fields": "messages,messaging_postbacks"}
    assert (await meta.client.post("/v25.0/me/subscribed_apps", params=parameters)).json() == {"success": True}
    person = await meta.person("messenger")
    await meta.does(person, "messages", text="Hello")
    await meta.page(person, {"text": "Hi"})
    await meta.does(person, "messages", text="Bye")
    assert [message["text"] for message in await webhook.until(2, "message")] == ["Hello", "Bye"]


async def test_the_page_inbox_answers(meta: Meta, webhook: Webhook) -> None:
    person = await meta.person("messenger")
    await meta.does(person, "messages", text="Hello")
    assert (await meta.does(person, "inbox", text="Sofie here")).status_code == 201
    echo = (await webhook.until(2, "message"))[1]
    assert (echo["text"], echo["app_id"], "metadata" in echo) == ("Sofie here", 263902037430900, False)
    assert (await meta.does(await meta.person("whatsapp"), "inbox", text="x")).status_code == 422
