"""News of a claim, from the change to the conversation of a real bot."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sanic import HTTPResponse, Request, Sanic
from sanic.response import json as answer_json
from sanic.response import redirect, text

from bot.sentences import Sentences
from claims.adapters.events import EventSender
from claims.domain.claims import Claim, ClaimStatus
from claims.service.announcements import TOLD_IN_CONVERSATION
from claims.service.outbox_delivery import deliver_due
from claims.service.services import Services
from content.responses import Responses
from tests.integration.bot.running_bot import Bot, Customer, Rests, running_bot
from tests.integration.bot.running_bot import serving as serving_bot
from tests.integration.bot.stand_in_engine import StandInEngine
from tests.integration.claims.claims_api import Api
from tests.integration.claims.outbox_helpers import change, rows, submitted

SECRET = "dGhpcnR5LXR3by1ieXRlcy1vZi1zZWNyZXQtZm9yLXRlc3Rz"
OTHER = "YW5vdGhlci10aGlydHktdHdvLWJ5dGVzLW9mLXNlY3JldC0tLQ=="


@pytest.fixture
async def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bot]:
    monkeypatch.setattr(Sanic, "test_mode", True)
    sentences = Sentences.load(Responses.load())
    async with serving_bot(StandInEngine().app()) as engine:
        options: dict[str, Any] = {"web": tmp_path / "web", "rests": Rests(), "sentences": sentences}
        async with running_bot(tmp_path, engine, events_secret=SECRET, **options) as started:
            yield started


@pytest.fixture
async def claim(api: Api) -> Claim:
    # The bot looks at the clock of the machine.
    api.clock.now = datetime.now(UTC)
    return await submitted(api)


def sending_to(api: Api, url: str, secret: str = SECRET, patience: float = 10) -> Services:
    return replace(api.services, events=EventSender(url, secret, patience=patience))


async def deliver(services: Services) -> int:
    return await asyncio.to_thread(deliver_due, services, "event", chance=lambda: 0.0)


async def test_every_change_is_told_in_order_and_once(api: Api, claim: Claim, bot: Bot) -> None:
    services = sending_to(api, f"{bot.address}/claim-events")
    async with bot.client() as client:
        customer = await Customer.arrive(client, "fr")
        claim = replace(claim, conversation=customer.id)
        for event in TOLD_IN_CONVERSATION:
            claim = change(services, claim, event, "Quel magasin ?", status=ClaimStatus(event), paid_amount=Decimal(1))
        assert await deliver(services) == len(TOLD_IN_CONVERSATION)
        log = [message["text"] for message in await customer.log() if claim.reference in message["text"]]
        assert await deliver(services) == 0
    values = {"reference": claim.reference, "reason": "Quel magasin ?"}
    expected = [Responses.load().render(f"claim_news_{event}", "fr", **values).text for event in TOLD_IN_CONVERSATION]
    assert log == expected
    events = [row for row in rows(services).values() if row["kind"] == "event"]
    assert [(row["body"], row["attempts"]) for row in events] == [({}, 1)] * len(TOLD_IN_CONVERSATION)


async def test_an_answer_that_got_lost_tells_nothing_twice(api: Api, claim: Claim, bot: Bot) -> None:
    services = sending_to(api, f"{bot.address}/claim-events")
    async with bot.client() as client:
        customer = await Customer.arrive(client)
        change(services, replace(claim, conversation=customer.id), "paid")
        row = rows(services)[f"event:{claim.reference}:2"]
        assert services.events is not None
        # As if the process had died before it could note that the bot took it.
        await asyncio.to_thread(services.events.send, row["id"], row["body"], services.now())
        assert await deliver(services) == 1
        told = [message for message in await customer.log() if claim.reference in message["text"]]
    assert len(told) == 1
    assert rows(services)[f"event:{claim.reference}:2"]["sent_at"] is not None


async def test_a_conversation_that_does_not_exist_is_nobody_to_tell(api: Api, claim: Claim, bot: Bot) -> None:
    services = sending_to(api, f"{bot.address}/claim-events")
    change(services, claim, "paid")
    assert await deliver(services) == 1
    row = rows(services)[f"event:{claim.reference}:2"]
    assert (row["sent_at"], row["error"]) == (services.now(), None)


@pytest.mark.parametrize(
    ("path", "secret", "error"), [("/claim-events", OTHER, "status_401"), ("/elsewhere", SECRET, "status_404")]
)
async def test_a_wrong_secret_or_address_is_tried_again(
    api: Api, claim: Claim, bot: Bot, path: str, secret: str, error: str
) -> None:
    change(sending_to(api, f"{bot.address}{path}"), claim, "paid")
    assert await deliver(sending_to(api, f"{bot.address}{path}", secret)) == 1
    row = rows(api.services)[f"event:{claim.reference}:2"]
    assert (row["sent_at"], row["failed_at"], row["error"]) == (None, None, error)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (answer_json({"error": {"code": "conversation_not_found"}}, 410), None),
        (answer_json({"error": {"code": "other"}}, 410), "status_410"),
        (answer_json(["what"], 404), "status_404"),
        (text("not found", 404), "status_404"),
        (answer_json({}, 500), "status_500"),
        (redirect("http://127.0.0.1:1/"), "status_302"),
    ],
)
async def test_what_an_answer_means(
    api: Api, claim: Claim, monkeypatch: pytest.MonkeyPatch, answer: HTTPResponse, error: str | None
) -> None:
    monkeypatch.setattr(Sanic, "test_mode", True)
    receiver: Sanic[Any, Any] = Sanic("receiver", configure_logging=False)

    async def receive(_: Request) -> HTTPResponse:
        return answer

    receiver.add_route(receive, "/claim-events", methods=["POST"])
    async with serving_bot(receiver) as address:
        services = sending_to(api, f"{address}/claim-events")
        change(services, claim, "paid")
        await deliver(services)
    row = rows(services)[f"event:{claim.reference}:2"]
    assert (row["error"], row["sent_at"] is None) == (error, error is not None)


async def test_a_bot_that_is_down_hears_it_when_it_is_back(api: Api, claim: Claim, bot: Bot) -> None:
    change(sending_to(api, "http://127.0.0.1:1/"), claim, "paid")
    await deliver(sending_to(api, "http://127.0.0.1:1/"))
    assert rows(api.services)[f"event:{claim.reference}:2"]["error"] == "unreachable"
    api.clock.forward(seconds=10)
    await deliver(sending_to(api, f"{bot.address}/claim-events"))
    assert rows(api.services)[f"event:{claim.reference}:2"]["sent_at"] is not None


async def test_a_bot_that_does_not_answer_is_asked_again(api: Api, claim: Claim) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        services = sending_to(api, f"http://127.0.0.1:{silent.getsockname()[1]}/", patience=0.1)
        change(services, claim, "paid")
        await deliver(services)
    assert rows(services)[f"event:{claim.reference}:2"]["error"] == "timeout"


async def test_the_submission_is_told_by_whoever_submits(api: Api) -> None:
    services = sending_to(api, "http://127.0.0.1:1/")
    claim = change(services, await submitted(api), "submitted")
    assert [row["kind"] for row in rows(services).values()] == ["mail", "mail"]
    assert claim.version == 2


async def test_an_event_holds_no_more_than_its_sentence_needs(api: Api) -> None:
    services = sending_to(api, "http://127.0.0.1:1/")
    claim = await submitted(api)
    declined = change(services, claim, "declined", "Lies bought it for work", status=ClaimStatus.DECLINED)
    body = rows(services)[f"event:{claim.reference}:2"]["body"]
    assert body == {
        "type": "claim.declined",
        "at": "2026-06-15T12:00:00+00:00",
        "claim": {
            "reference": declined.reference,
            "conversation": "conversation-1",
            "language": "nl",
            "status": "declined",
            "version": 2,
        },
        "text_values": {"reference": declined.reference},
    }


async def test_without_an_address_nothing_is_put_and_what_waits_is_given_up(api: Api) -> None:
    claim = await submitted(api)
    change(sending_to(api, "http://127.0.0.1:1/"), claim, "in_review")
    change(api.services, replace(claim, version=2), "approved")
    assert f"event:{claim.reference}:3" not in rows(api.services)
    await deliver(api.services)
    row = rows(api.services)[f"event:{claim.reference}:2"]
    assert (row["failed_at"], row["error"]) == (api.services.now(), "NobodyListens")
