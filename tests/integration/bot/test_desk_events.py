"""The desk's event stream: everything in order, nothing missed, also from another process of the bot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

import bot.desk.tail as tail_module
from bot.desk.sessions import FRESH_SECONDS
from bot.log.changes import changes_after, forget_changes, head
from tests.integration.bot.desk_console import Console, sign_in, until
from tests.integration.bot.running_bot import PATIENCE, Bot, Customer, Event, StartBot
from tests.integration.bot.stand_in_backend import StandInBackend


async def test_staff_see_what_happens_while_it_happens(visitor: Customer, lies: Console, karim: Console) -> None:
    await visitor.until("welcome")
    async with lies.events() as events:
        await until(events, "hello")
        seq = await visitor.say("hello?")
        await until(events, "message", conversation=visitor.id, seq=seq)
        await karim.does(visitor, "take")
        read = await until(events, "queue", conversation=visitor.id)
        assert "conversation" in [event.kind for event in read]
        await karim.post("/presence", state="away")
        await until(events, "presence", username="karim", state="away")
        await karim.does(visitor, "typing", typing=True)
        await until(events, "typing", conversation=visitor.id, who="staff", username="karim")


async def test_who_comes_back_misses_nothing_and_sees_nothing_twice(
    desk_bot: Bot, visitor: Customer, lies: Console
) -> None:
    await visitor.until("welcome")
    last = await desk_bot.query(head)
    seqs = [await visitor.say(f"message {number}") for number in range(3)]
    await visitor.until("echo message 2")
    wanted = [str(change.number) for change in await desk_bot.query(changes_after, last)]
    async with lies.events(**{"Last-Event-ID": str(last)}) as events:
        read = [event async for event in _first(events, len(wanted) + 1)][1:]
    assert [event.id for event in read] == wanted
    assert {event.data["seq"] for event in read if event.kind == "message"} >= set(seqs)


async def _first(events: AsyncIterator[Event], count: int) -> AsyncIterator[Event]:
    async with asyncio.timeout(PATIENCE):
        async for event in events:
            yield event
            count -= 1
            if not count:
                return


async def test_who_was_away_for_too_long_is_told_to_read_everything(
    desk_bot: Bot, visitor: Customer, lies: Console
) -> None:
    await visitor.until("welcome")
    await desk_bot.query(forget_changes, desk_bot.parts.log.clock() + timedelta(days=1))
    await visitor.say("hello?")
    async with lies.events(**{"Last-Event-ID": "0"}) as events:
        await until(events, "reset")


@pytest.mark.parametrize("position", ["", "nonsense", "-1", "999999999"])
async def test_a_position_that_is_none_begins_now(visitor: Customer, lies: Console, position: str) -> None:
    await visitor.until("welcome")
    async with lies.events(**({"Last-Event-ID": position} if position else {})) as events:
        assert (await until(events, "hello"))[-1].data["number"] > 0


async def test_another_process_of_the_bot_is_heard_by_staff_and_customers(start_desk: StartBot) -> None:
    async with (
        start_desk() as first,
        start_desk(demo=False) as second,
        first.client() as client,
        first.client() as desk_here,
        second.client() as desk_there,
    ):
        visitor = await Customer.arrive(client)
        await visitor.until("welcome")
        lies, karim = await sign_in(desk_here, "lies"), await sign_in(desk_there, "karim")
        async with lies.events() as events, visitor.events() as seen:
            await until(events, "hello")
            await karim.does(visitor, "take")
            await until(events, "conversation", conversation=visitor.id)
            await karim.does(visitor, "typing", typing=True)
            await until(seen, "typing", typing=True)
            await karim.does(visitor, "messages", client_id="answer_001", text="from the other process")
            # The answer takes the bubble away.
            read = await until(seen, "typing", typing=False)
            assert "from the other process" in [event.data["text"] for event in read if event.kind == "message"]
        assert (await lies.post(f"/conversations/{visitor.id}/take")).status_code == 409


async def test_a_bubble_bursts_by_itself(visitor: Customer, lies: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    await visitor.until("welcome")
    await lies.does(visitor, "take")
    monkeypatch.setattr(tail_module, "TYPING_SECONDS", 0.01)
    async with visitor.events() as seen:
        await lies.does(visitor, "typing", typing=True)
        await until(seen, "typing", typing=True)
        await until(seen, "typing", typing=False)


async def test_who_is_signed_out_hears_no_more(
    desk_bot: Bot, visitor: Customer, lies: Console, backend: StandInBackend
) -> None:
    await visitor.until("welcome")
    async with lies.events() as events:
        await until(events, "hello")
        backend.over.add("session-of-lies")
        # As if the time had passed after which the backend is asked again.
        for known in desk_bot.desk.sessions._known.values():
            known.asked_at -= FRESH_SECONDS
        await visitor.say("hello?")
        await until(events, "signed_out")
        assert [event async for event in events] == []


async def test_a_silent_line_beats_so_that_a_console_notices_when_it_hangs(start_desk: StartBot) -> None:
    async with start_desk(heartbeat_seconds=0.01) as bot, bot.client() as client:
        lies = await sign_in(client, "lies")
        async with lies.events() as events:
            assert (await until(events, "beat"))[-1].data == {"every": 0.01}


async def test_streams_end_when_the_bot_stops(start_desk: StartBot) -> None:
    async with start_desk() as bot, bot.client() as client:
        lies = await sign_in(client, "lies")
        async with lies.events() as events:
            await until(events, "hello")
            await bot.desk.tail.stop()
            async with asyncio.timeout(PATIENCE):
                assert [event async for event in events if event.kind != "comment"] == []
