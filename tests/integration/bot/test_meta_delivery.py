"""What the bot says on messengers: in order, once, tried again where that helps, and never outside the window."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from sanic import HTTPResponse
from sanic import json as answer_json

from tests.integration.bot.meta_bot import MetaBot, meta_bot
from tests.integration.bot.meta_platform import (
    AT,
    PAGE_TOKEN,
    PHONE_TOKEN,
    PSID,
    WA_ID,
    WHATSAPP,
    Platform,
    account,
    echo,
    event,
    failing,
    key_of,
    page,
    post,
    said,
    text_of,
    wrote,
)
from tests.integration.bot.running_bot import Rests, StartBot, serving
from tests.integration.bot.stand_in_engine import StandInEngine
from tests.integration.bot.stand_in_engine import said as engine_said

ALREADY = ["welcome", "echo hello"]


@pytest.fixture
async def platform() -> Platform:
    return Platform()


@pytest.fixture
async def graph_url(platform: Platform) -> AsyncIterator[str]:
    async with serving(platform.app()) as address:
        yield address
        platform.gate.set()


@pytest.fixture
async def running(start_bot: StartBot, graph_url: str) -> AsyncIterator[MetaBot]:
    async with meta_bot(start_bot, graph_url) as made:
        yield made


@pytest.fixture
async def client(running: MetaBot) -> AsyncIterator[httpx.AsyncClient]:
    async with running.bot.client() as made:
        yield made


@pytest.fixture
async def known(client: httpx.AsyncClient, platform: Platform, running: MetaBot) -> None:
    """A customer of Messenger who has been answered."""
    await post(client, page(said(1, "hello")))
    await platform.until(*ALREADY)
    await running.until_states("sent", "sent")


@pytest.fixture
async def known_on_whatsapp(client: httpx.AsyncClient, platform: Platform, running: MetaBot) -> None:
    await post(client, account(wrote(1, "hello")))
    await platform.until(*ALREADY, to=WA_ID)
    await running.until_states("sent", "sent", conversation=WHATSAPP)


async def test_what_is_posted(
    client: httpx.AsyncClient, known: None, known_on_whatsapp: None, platform: Platform
) -> None:
    messenger, whatsapp = platform.messages()[-1], platform.messages(WA_ID)[-1]
    assert messenger["recipient"] == {"id": PSID}
    assert messenger["messaging_type"] == "RESPONSE"
    assert (messenger["_account"], messenger["_token"]) == ("100200300", PAGE_TOKEN)
    assert len(messenger["message"]["metadata"]) == 32
    assert whatsapp["messaging_product"] == "whatsapp"
    assert whatsapp["to"] == WA_ID
    assert (whatsapp["_account"], whatsapp["_token"]) == ("200300400", PHONE_TOKEN)


async def test_seen_and_typing_are_shown_while_the_turn_runs(
    client: httpx.AsyncClient, platform: Platform, engine: StandInEngine
) -> None:
    engine.gate.clear()
    await post(client, page(said(1, "hello")))
    await post(client, account(wrote(1, "hello")))
    await platform.until_calls(lambda calls: any(call.get("sender_action") == "typing_on" for call in calls))
    await platform.until_calls(lambda calls: any(call.get("status") == "read" for call in calls))
    engine.gate.set()
    await platform.until(*ALREADY)
    on_messenger = [call.get("sender_action", "message") for call in platform.calls if "recipient" in call]
    assert on_messenger[:2] == ["mark_seen", "typing_on"]
    # Nothing is shown after the last answer: it would stay.
    assert on_messenger[-1] == "message"
    read = next(call for call in platform.calls if call.get("status") == "read")
    assert (read["message_id"], read["typing_indicator"]) == ("wamid.in1", {"type": "text"})


async def test_parts_stay_in_order_and_carry_the_buttons_last(
    client: httpx.AsyncClient, known: None, platform: Platform, engine: StandInEngine
) -> None:
    long = " ".join(f"Sentence number {number} is about this long." for number in range(120))
    engine.answer = lambda question: {"messages": [engine_said(long, ("Yes", "/yes")), engine_said("end")]}
    await post(client, page(said(2, "tell me")))
    texts = (await platform.until("end"))[2:]
    assert " ".join(texts[:-1]) == long
    assert max(map(len, texts)) < 2_000
    # Quick replies would vanish with the next message, so a template carries the button.
    template = platform.messages()[-2]["message"]["attachment"]["payload"]
    assert [button["title"] for button in template["buttons"]] == ["Yes"]
    assert len(template["text"]) <= 640


TEMPORARY = [failing(400, 4), failing(400, 613), failing(400, 32), failing(429, 0), failing(400, 80004)]


@pytest.mark.parametrize("failure", TEMPORARY)
async def test_a_rate_limit_is_waited_out(
    client: httpx.AsyncClient, known: None, platform: Platform, running: MetaBot, failure: Callable[[], HTTPResponse]
) -> None:
    platform.failures = [failure, failure]
    await post(client, page(said(2, "again")))
    assert await platform.until("echo again") == [*ALREADY, "echo again"]
    assert sum(running.clock.waits) >= 20


async def test_too_much_for_one_customer_does_not_hold_up_another(
    client: httpx.AsyncClient, known_on_whatsapp: None, platform: Platform, running: MetaBot
) -> None:
    platform.failures = [failing(400, 131056)] * 3
    await post(client, account(wrote(2, "again")))
    assert await platform.until("echo again", to=WA_ID) == [*ALREADY, "echo again"]
    assert running.courier._accounts[WHATSAPP.rpartition(":")[0]].paused_until is None


@pytest.mark.parametrize("failure", [failing(400, 1200, 2018024), failing(500, 2), failing(503, 0), failing(400, 1)])
async def test_what_perhaps_went_out_is_sent_again_under_the_same_key(
    client: httpx.AsyncClient, known: None, platform: Platform, failure: Callable[[], HTTPResponse]
) -> None:
    platform.failures = [failure]
    await post(client, page(said(2, "again")))
    await platform.until("echo again")
    first, second = [call for call in platform.calls if call.get("message", {}).get("text") == "echo again"]
    assert key_of(first) == key_of(second)


async def test_what_went_out_in_spite_of_an_error_is_not_sent_twice(
    client: httpx.AsyncClient, known: None, platform: Platform, running: MetaBot
) -> None:
    waiting = asyncio.Event()

    async def wait(seconds: float) -> None:
        await waiting.wait()

    running.courier.sleep = wait
    platform.failures = [failing(500, 2)]
    await post(client, page(said(2, "again")))
    await platform.until_calls(lambda calls: calls[-1].get("message", {}).get("text") == "echo again")
    key = key_of(platform.calls[-1])
    await post(client, page(echo("m_late", "echo again", app_id=4242, metadata=key)))
    await running.until_states("sent", "sent", "sent")
    await post(client, page(said(3, "third")))
    await platform.until("echo third")
    sent = [text_of(call) for call in platform.calls if "message" in call]
    assert sent == [*ALREADY, "echo again", "echo third"]


async def test_a_status_of_whatsapp_is_a_sign_too(
    client: httpx.AsyncClient, known_on_whatsapp: None, platform: Platform, running: MetaBot
) -> None:
    waiting = asyncio.Event()

    async def wait(seconds: float) -> None:
        await waiting.wait()

    running.courier.sleep = wait
    platform.failures = [failing(500, 131000)]
    await post(client, account(wrote(2, "again")))
    await platform.until_calls(lambda calls: "again" in str(calls[-1].get("text")))
    status = {"id": "wamid.x", "status": "delivered", "timestamp": str(AT // 1000), "recipient_id": WA_ID}
    status["biz_opaque_callback_data"] = key_of(platform.calls[-1])
    await post(client, account(statuses=[status]))
    await running.until_states("sent", "sent", "delivered", conversation=WHATSAPP)
    sent = [call for call in platform.calls if call.get("type") == "text" and "again" in call["text"]["body"]]
    assert len(sent) == 1


@pytest.mark.parametrize(
    ("failure", "state"),
    [
        (failing(400, 10, 2018278), "outside_window"),
        (failing(400, 551, 1545041), "unreachable"),
        (failing(400, 100, 2018001), "unreachable"),
        (failing(400, 100), "refused"),
        (failing(418, 99999), "refused"),
    ],
)
async def test_what_never_arrives_is_given_up_visibly_and_the_next_goes_on(
    client: httpx.AsyncClient,
    known: None,
    platform: Platform,
    running: MetaBot,
    failure: Callable[[], HTTPResponse],
    state: str,
) -> None:
    platform.failures = [failure]
    await post(client, page(said(2, "again")))
    await running.until_states("sent", "sent", state)
    await post(client, page(said(3, "third")))
    await platform.until("echo third")


@pytest.mark.parametrize("failure", [failing(401, 190), failing(400, 10, 1893063), failing(403, 200)])
async def test_a_wrong_token_stops_the_account_and_loses_nothing(
    client: httpx.AsyncClient, known: None, platform: Platform, running: MetaBot, failure: Callable[[], HTTPResponse]
) -> None:
    platform.failures = [failure]
    before = running.clock()
    await post(client, page(said(2, "again")))
    await platform.until("echo again")
    assert (running.clock() - before).total_seconds() >= 600


async def test_what_is_never_answered_is_given_up(start_bot: StartBot, graph_url: str, platform: Platform) -> None:
    async with meta_bot(start_bot, graph_url, attempts=3) as running, running.bot.client() as client:
        platform.failures = [failing(503, 0)] * 6
        await post(client, page(said(1, "hello")))
        await running.until_states("no_answer", "no_answer")
        assert len([call for call in platform.calls if "message" in call]) == 6


async def test_an_answer_nobody_can_read_counts_as_taken(
    client: httpx.AsyncClient, known: None, platform: Platform, running: MetaBot
) -> None:
    platform.failures = [lambda: HTTPResponse(b"<html>", status=200), lambda: answer_json([])]
    await post(client, page(said(2, "one"), said(3, "two")))
    await running.until_states("sent", "sent", "sent", "sent")


async def test_meta_is_not_reachable_for_a_while(
    start_bot: StartBot, engine: StandInEngine, platform: Platform
) -> None:
    async with meta_bot(start_bot, "http://127.0.0.1:9", attempts=4) as running, running.bot.client() as client:
        await post(client, page(said(1, "hello")))
        await running.until_states("not_taken", "not_taken")
    assert engine.texts() == ["hello"]


async def test_a_restart_sends_what_was_left(
    start_bot: StartBot, graph_url: str, platform: Platform, engine: StandInEngine
) -> None:
    platform.gate.clear()
    async with meta_bot(start_bot, graph_url) as running, running.bot.client() as client:
        await post(client, page(said(1, "hello"), said(2, "and more")))
        while len(engine.texts()) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    platform.gate.set()
    async with meta_bot(start_bot, graph_url) as running:
        running.clock.skip(minutes=1)
        await platform.until("echo and more")
        await running.until_states("sent", "sent", "sent")
    # The call that hung when the service stopped got no answer, so nobody knew; all others went out once.
    assert [text for text in platform.texts() if text != "welcome"] == ["echo hello", "echo and more"]


async def test_the_engine_is_away_and_comes_back(
    client: httpx.AsyncClient, platform: Platform, engine: StandInEngine, rests: Rests
) -> None:
    engine.status = 503
    await post(client, page(said(1, "hello"), said(2, "anybody?")))
    await platform.until_calls(lambda calls: any("assistant_unavailable" in text for text in platform.texts()))
    engine.status = 200
    rests.over.set()
    texts = await platform.until("echo anybody?")
    assert texts[1:] == ["welcome", "echo hello", "echo anybody?"]


# --- how far messages came


async def test_delivered_and_read(client: httpx.AsyncClient, known: None, platform: Platform, running: MetaBot) -> None:
    first, second = [message["_id"] for message in platform.messages()]
    await post(client, page(event(2, delivery={"mids": [first], "watermark": AT})))
    await running.until_states("delivered", "sent")
    later = int(running.clock().timestamp() * 1000) + 1
    await post(client, page(event(3, read={"watermark": later})))
    await running.until_states("read", "read")
    # What comes late takes nothing back.
    await post(client, page(event(4, delivery={"mids": [first, second, 7, None], "watermark": AT})))
    await running.until_states("read", "read")


async def test_statuses_of_whatsapp_in_any_order(
    client: httpx.AsyncClient, known_on_whatsapp: None, platform: Platform, running: MetaBot
) -> None:
    first, second = [message["_id"] for message in platform.messages(WA_ID)]

    def status(of: str, state: str, *codes: int) -> dict[str, Any]:
        base = {"id": of, "status": state, "timestamp": str(AT // 1000), "recipient_id": WA_ID}
        return base | ({"errors": [{"code": code} for code in codes]} if codes else {})

    statuses = [
        status(first, "read"),
        status(first, "delivered"),
        status(second, "failed", 131026),
        status("x", "sent"),
    ]
    await post(client, account(statuses=statuses))
    await running.until_states("read", "unreachable", conversation=WHATSAPP)
    await post(client, account(statuses=[status(first, "failed", 131026), {"id": 7}, {"status": "?"}]))
    await running.until_states("read", "unreachable", conversation=WHATSAPP)


async def test_a_message_whatsapp_took_and_then_not_is_sent_again(
    client: httpx.AsyncClient, known_on_whatsapp: None, platform: Platform, running: MetaBot
) -> None:
    failed = {"id": platform.messages(WA_ID)[-1]["_id"], "status": "failed", "timestamp": "1", "recipient_id": WA_ID}
    failed |= {"errors": [{"code": 130429}], "biz_opaque_callback_data": key_of(platform.messages(WA_ID)[-1])}
    for _ in range(3):
        await post(client, account(statuses=[failed]))
        await platform.until_calls(lambda calls: len(platform.texts(WA_ID)) == 3)
    await running.until_states("sent", "sent", conversation=WHATSAPP)
    assert platform.texts(WA_ID) == [*ALREADY, "echo hello"]


# --- windows


async def test_news_outside_the_window_is_not_sent(known: None, platform: Platform, running: MetaBot) -> None:
    running.clock.skip(hours=24)
    await running.news("your claim was paid")
    await running.until_states("sent", "sent", "outside_window")
    assert platform.texts() == ALREADY


async def test_a_person_may_answer_for_a_week_on_messenger(known: None, platform: Platform, running: MetaBot) -> None:
    running.clock.skip(days=6)
    await running.staff_says("sorry for the wait")
    await platform.until("Lies: sorry for the wait")
    call = platform.messages()[-1]
    assert (call["messaging_type"], call["tag"]) == ("MESSAGE_TAG", "HUMAN_AGENT")
    running.clock.skip(days=1)
    await running.staff_says("too late")
    await running.until_states("sent", "sent", "sent", "outside_window")


async def test_without_a_template_nothing_goes_out_on_whatsapp_after_a_day(
    known_on_whatsapp: None, platform: Platform, running: MetaBot
) -> None:
    running.clock.skip(hours=25)
    await running.staff_says("hello again", WHATSAPP)
    await running.until_states("sent", "sent", "outside_window", conversation=WHATSAPP)


async def test_a_template_asks_and_what_a_person_wrote_waits_for_the_answer(
    start_bot: StartBot, graph_url: str, platform: Platform
) -> None:
    changes = {"whatsapp_template": "please_answer"}
    async with meta_bot(start_bot, graph_url, **changes) as running, running.bot.client() as client:
        await post(client, account(wrote(1, "hello")))
        await platform.until(*ALREADY, to=WA_ID)
        running.clock.skip(hours=25)
        await running.staff_says("we found your parcel", WHATSAPP)
        await running.staff_says("and the invoice", WHATSAPP)
        await platform.until("template please_answer", to=WA_ID)
        await running.until_states("sent", "sent", "held", "held", conversation=WHATSAPP)
        assert platform.messages(WA_ID)[-1]["template"]["language"] == {"code": "en"}
        await post(client, account(wrote(25 * 3600, "yes?")))
        await platform.until("Lies: and the invoice", to=WA_ID)
    assert platform.texts(WA_ID).count("template please_answer") == 1
    assert platform.texts(WA_ID)[3:5] == ["Lies: we found your parcel", "Lies: and the invoice"]


async def test_a_late_repeat_does_not_open_the_window_again(
    client: httpx.AsyncClient, known: None, platform: Platform, running: MetaBot
) -> None:
    running.clock.skip(hours=25)
    await post(client, page(said(1, "hello")))
    await running.news("your claim was paid")
    await running.until_states("sent", "sent", "outside_window")
