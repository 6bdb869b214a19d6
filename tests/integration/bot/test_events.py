"""The event stream: replay, then live, without a gap, for every tab."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from sqlalchemy import Connection, delete

from bot.log.tables import conversations
from tests.integration.bot.running_bot import PATIENCE, Customer, Event, StartBot, soon
from tests.integration.bot.stand_in_engine import StandInEngine


async def take(events: AsyncIterator[Event], kind: str, count: int = 1) -> list[Event]:
    """The next `count` events of a kind."""
    found: list[Event] = []
    async with asyncio.timeout(PATIENCE):
        while len(found) < count:
            event = await anext(events)
            if event.kind == kind:
                found.append(event)
    return found


async def test_the_stream_opens_with_its_headers(customer: Customer) -> None:
    async with customer.client.stream("GET", "/webchat/events", headers=customer.headers) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        assert response.headers["cache-control"] == "no-cache"
        assert response.headers["x-accel-buffering"] == "no"
        assert "content-security-policy" in response.headers
        first = await soon(anext(response.aiter_lines()))
        assert first == "retry: 3000"


async def test_a_client_that_comes_back_misses_nothing_and_gets_nothing_twice(customer: Customer) -> None:
    await customer.say("a")
    log = await customer.until("welcome", "echo a")
    async with customer.events(**{"Last-Event-ID": "1"}) as events:
        replayed = await take(events, "message", len(log) - 1)
        await customer.say("b")
        live = await take(events, "message", 2)
    assert [event.id for event in replayed] == [str(message["seq"]) for message in log[1:]]
    assert [event.data for event in replayed] == log[1:]
    assert [event.data["text"] for event in live] == ["b", "echo b"]


async def test_after_in_the_query_and_the_header_before_it(customer: Customer) -> None:
    await customer.say("a")
    await customer.until("welcome", "echo a")
    for query, header, expected in (
        ("2", {}, "3"),
        ("1", {"Last-Event-ID": "2"}, "3"),
        ("2", {"Last-Event-ID": "x"}, "1"),
    ):
        headers = customer.headers | header
        async with customer.client.stream("GET", f"/webchat/events?after={query}", headers=headers) as response:
            ids = (line async for line in response.aiter_lines() if line.startswith("id:"))
            assert await soon(anext(ids)) == f"id: {expected}"


async def test_what_is_said_while_the_log_is_replayed_is_not_lost(customer: Customer) -> None:
    """Messages keep coming while streams open; every stream has them all, in order."""
    await customer.until("welcome")

    async def listen() -> list[str]:
        async with customer.events() as events:
            return [str(event.id) for event in await take(events, "message", 21)]

    streams = []
    for number in range(10):
        streams.append(asyncio.create_task(listen()))
        await customer.say(f"text {number}")
    heard = await asyncio.gather(*streams)
    assert heard == [[str(seq) for seq in range(1, 22)]] * 10


async def test_two_tabs_see_the_same(customer: Customer) -> None:
    await customer.until("welcome")
    async with customer.events() as one, customer.events() as two:
        await take(one, "message")
        await take(two, "message")
        await customer.say("hello")
        assert [event.data for event in await take(one, "message", 2)] == [
            event.data for event in await take(two, "message", 2)
        ]


async def test_typing_begins_and_ends_with_the_turn(customer: Customer, engine: StandInEngine) -> None:
    await customer.until("welcome")
    engine.gate.clear()
    async with customer.events(**{"Last-Event-ID": "1"}) as events:
        assert (await take(events, "typing"))[0].data == {"typing": False}
        await customer.say("think")
        assert (await take(events, "typing"))[0].data == {"typing": True}
        answer = await customer.client.get("/webchat/messages", headers=customer.headers)
        assert answer.json()["typing"] is True
        async with customer.events() as late:
            assert (await take(late, "typing"))[0].data == {"typing": True}
        engine.gate.set()
        assert (await take(events, "message"))[0].data["text"] == "echo think"
        assert (await take(events, "typing"))[0].data == {"typing": False}
    answer = await customer.client.get("/webchat/messages", headers=customer.headers)
    assert answer.json()["typing"] is False


async def test_typing_ends_when_the_engine_fails(customer: Customer, engine: StandInEngine) -> None:
    await customer.until("welcome")
    engine.status = 503
    async with customer.events(**{"Last-Event-ID": "1"}) as events:
        await take(events, "typing")
        await customer.say("think")
        assert [event.data["typing"] for event in await take(events, "typing", 2)] == [True, False]


async def test_a_heartbeat_keeps_a_silent_stream_open(start_bot: StartBot) -> None:
    async with start_bot(heartbeat_seconds=0.01) as bot, bot.client() as client:
        customer = await Customer.arrive(client)
        async with customer.events() as events:
            assert len(await take(events, "comment", 3)) == 3


async def test_streams_of_a_session_are_limited(start_bot: StartBot) -> None:
    async with start_bot(streams_per_session=1) as bot, bot.client() as client:
        customer = await Customer.arrive(client)
        async with customer.events() as events:
            await take(events, "typing")
            answer = await client.get("/webchat/events", headers=customer.headers)
        assert (answer.status_code, answer.json()["error"]["code"]) == (429, "too_many_streams")
        assert bot.parts.hub.total() <= 1


async def test_a_stopping_bot_ends_its_streams(start_bot: StartBot) -> None:
    async with start_bot() as bot, bot.client() as client:
        customer = await Customer.arrive(client)
        async with customer.events() as events:
            await take(events, "typing")
            bot.parts.hub.close_all()
            async with asyncio.timeout(PATIENCE):
                rest = [event async for event in events]
        assert all(event.kind != "comment" for event in rest)


async def test_a_conversation_that_was_deleted_has_no_stream(start_bot: StartBot) -> None:
    def forget(connection: Connection) -> None:
        connection.execute(delete(conversations))

    async with start_bot() as bot, bot.client() as client:
        customer = await Customer.arrive(client)
        await customer.until("welcome")
        await bot.query(forget)
        answer = await client.get("/webchat/events", headers=customer.headers)
    assert answer.status_code == 401
