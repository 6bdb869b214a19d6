"""News of a claim comes signed, is believed for five minutes, and is told once, in the language of the conversation."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from standardwebhooks import Webhook

from bot.log.work import change_mode
from bot.sentences import NEWS, Sentences
from content.responses import Responses
from tests.integration.bot.running_bot import Bot, Customer, StartBot, soon
from tests.integration.bot.stand_in_engine import StandInEngine

SECRET = "dGhpcnR5LXR3by1ieXRlcy1vZi1zZWNyZXQtZm9yLXRlc3Rz"
OTHER = "YW5vdGhlci10aGlydHktdHdvLWJ5dGVzLW9mLXNlY3JldC0tLQ=="
REFERENCE = "CC-2026-7K4M2P"


@pytest.fixture
async def bot(start_bot: StartBot) -> AsyncIterator[Bot]:
    async with start_bot(events_secret=SECRET, sentences=Sentences.load(Responses.load())) as running:
        yield running


@dataclass
class Sender:
    """The claims backend, as the bot sees it."""

    client: httpx.AsyncClient
    secret: str = SECRET
    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    async def tell(
        self, conversation: str, event: str = "paid", id: str = "event-1", *, said: bytes | None = None, **changes: Any
    ) -> httpx.Response:
        """Tell of an event; `said` is sent instead of what was signed, `changes` replace parts of the body."""
        claim = {"reference": REFERENCE, "conversation": conversation, "language": "en", "status": event, "version": 2}
        values = {"reference": REFERENCE, "reason": "Which shop was it?"}
        body = {"id": id, "type": f"claim.{event}", "at": "2026-06-15T12:00:00Z", "claim": claim, "text_values": values}
        content = json.dumps(body | changes)
        return await self.post(id, content, said)

    async def post(self, id: str, content: str, said: bytes | None = None) -> httpx.Response:
        """Post what is signed."""
        headers = {
            "webhook-id": id,
            "webhook-timestamp": str(int(self.at.timestamp())),
            "webhook-signature": Webhook(self.secret).sign(id, self.at, content),
        }
        return await self.client.post("/claim-events", content=said or content.encode(), headers=headers)


@pytest.fixture
async def sender(client: httpx.AsyncClient) -> Sender:
    return Sender(client)


def code_of(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


async def news(customer: Customer) -> list[str]:
    return [message["text"] for message in await customer.log() if REFERENCE in message["text"]]


@pytest.mark.parametrize("name", NEWS)
async def test_each_event_has_its_sentence(sender: Sender, customer: Customer, name: str) -> None:
    answer = await sender.tell(customer.id, name.removeprefix("claim_news_"))
    assert answer.status_code == 201, answer.text
    said = await news(customer)
    expected = {key: {"reference": REFERENCE, "reason": "Which shop was it?"}[key] for key in NEWS[name]}
    assert said == [Responses.load().render(name, "en", **expected).text]


async def test_it_is_told_in_the_language_of_the_conversation_whoever_leads_it(
    bot: Bot, client: httpx.AsyncClient, sender: Sender
) -> None:
    customer = await Customer.arrive(client, "nl")
    await customer.until("welcome")
    await bot.query(change_mode, customer.id, "human", 0)
    assert (await sender.tell(customer.id)).status_code == 201
    assert "De betaling voor je dossier" in (await news(customer))[0]
    metrics = (await client.get("/metrics")).text
    assert 'bot_messages_total{channel="web",direction="out"} 2.0' in metrics


async def test_an_open_stream_shows_it(sender: Sender, customer: Customer) -> None:
    await customer.until("welcome")
    async with customer.events() as events:
        await sender.tell(customer.id)
        async for event in events:
            if event.kind == "message" and REFERENCE in event.data["text"]:
                assert event.data["author"] == "bot"
                return
    pytest.fail("the stream ended without the news")


async def test_a_repeat_tells_nothing_twice(sender: Sender, customer: Customer) -> None:
    first, second = await sender.tell(customer.id), await sender.tell(customer.id, "closed")
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert len(await news(customer)) == 1


async def test_a_signature_that_is_not_right_is_not_believed(sender: Sender, customer: Customer) -> None:
    sender.secret = OTHER
    assert code_of(await sender.tell(customer.id)) == (401, "signature_invalid")
    sender.secret = SECRET
    assert code_of(await sender.tell(customer.id, said=b"{}")) == (401, "signature_invalid")
    assert await news(customer) == []


@pytest.mark.parametrize("minutes", [-6, 6])
async def test_an_old_event_is_a_replay(sender: Sender, customer: Customer, minutes: int) -> None:
    sender.at += timedelta(minutes=minutes)
    assert code_of(await sender.tell(customer.id)) == (401, "signature_invalid")
    sender.at -= timedelta(minutes=minutes / 3 * 2)
    assert (await sender.tell(customer.id)).status_code == 201


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"webhook-signature": "v1,not base64"},
        {"webhook-signature": "nothing"},
        {"webhook-signature": "v1,a,b"},
        {"webhook-signature": b"v1,\xff\xfe"},
        {"webhook-timestamp": "nan"},
        {"webhook-timestamp": "tomorrow"},
        {"webhook-id": b"\xff"},
    ],
)
async def test_headers_that_make_no_sense_are_refused(client: httpx.AsyncClient, headers: dict[str, Any]) -> None:
    stamp = str(int(datetime.now(UTC).timestamp()))
    whole = {"webhook-id": "a", "webhook-timestamp": stamp, "webhook-signature": "v1,YQ=="} | headers
    answer = await client.post("/claim-events", content=b"{}", headers=whole if headers else {})
    assert code_of(answer) == (401, "signature_invalid")


async def test_bytes_that_are_no_text_are_refused(sender: Sender) -> None:
    assert code_of(await sender.post("event-1", "{}", b"\xff\xfe")) == (401, "signature_invalid")


async def test_an_unknown_conversation_is_named_so_that_nobody_tries_again(sender: Sender) -> None:
    assert code_of(await sender.tell("web:nobody")) == (404, "conversation_not_found")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"type": "claim.forgotten"}, "unknown_event"),
        ({"type": "paid"}, "unknown_event"),
        ({"text_values": {}}, "unknown_event"),
        ({"claim": {}}, "invalid_body"),
        ({"text_values": {"reference": 1}}, "invalid_body"),
    ],
)
async def test_events_that_cannot_be_told(
    sender: Sender, customer: Customer, changes: dict[str, Any], expected: str
) -> None:
    assert code_of(await sender.tell(customer.id, **changes)) == (422, expected)
    assert await news(customer) == []


async def test_an_id_that_is_too_long_is_refused(sender: Sender, customer: Customer) -> None:
    assert code_of(await sender.tell(customer.id, id="i" * 201)) == (422, "invalid_event")


async def test_the_id_in_the_body_is_the_one_in_the_header(sender: Sender, customer: Customer) -> None:
    claim = {"reference": REFERENCE, "conversation": customer.id}
    event = {"id": "event-2", "type": "claim.paid", "claim": claim, "text_values": {"reference": REFERENCE}}
    assert code_of(await sender.post("event-1", json.dumps(event))) == (422, "invalid_event")


async def test_signed_nonsense_is_no_event(sender: Sender) -> None:
    assert code_of(await sender.post("event-1", "nonsense")) == (400, "invalid_json")


async def test_what_staff_write_is_shown_as_it_was_typed(sender: Sender, customer: Customer) -> None:
    values = {"reference": REFERENCE, "reason": " Which\x00 shop\u202e {reference}? "}
    await sender.tell(customer.id, "information_requested", text_values=values)
    assert "“Which shop {reference}?”" in (await news(customer))[0]


async def test_without_a_secret_there_is_no_such_address(start_bot: StartBot) -> None:
    async with start_bot() as deaf, deaf.client() as client:
        assert code_of(await Sender(client).tell("web:a")) == (404, "not_found")


async def test_news_comes_after_the_answer_that_is_being_made(
    bot: Bot, sender: Sender, customer: Customer, engine: StandInEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    await customer.until("welcome")
    waits = asyncio.Event()
    monkeypatch.setattr(bot.parts.hub, "quiet", told_by(waits, bot.parts.hub.quiet))
    engine.gate.clear()
    engine.arrived.clear()
    await customer.say("Here is the photo you asked for")
    await soon(engine.arrived.wait())
    told = asyncio.create_task(sender.tell(customer.id, "in_review"))
    await soon(waits.wait())
    engine.gate.set()
    assert (await soon(told)).status_code == 201
    said = [message["text"] for message in await customer.log()]
    assert said[-2] == "echo Here is the photo you asked for"
    assert REFERENCE in said[-1]


def told_by(waits: asyncio.Event, quiet: Callable[[str, float], Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    async def tell(conversation: str, seconds: float) -> None:
        waits.set()
        await quiet(conversation, seconds)

    return tell
