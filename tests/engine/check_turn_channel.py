"""POST /turns over a real socket: who may, what is refused, and a message that comes twice."""

# This environment has no pytest.
# ruff: noqa: PT009

from __future__ import annotations

import asyncio
import contextlib
import tempfile
import unittest
from pathlib import Path

import aiohttp

from tests.engine.rooms import SECRET, FakeAgent, make_store, running, serving


class Channel(unittest.IsolatedAsyncioTestCase):
    async def test_a_turn(self) -> None:
        async with running() as (bot, agent):
            status, answer = await bot.turn("hello there")
            self.assertEqual(status, 200)
            self.assertEqual(answer["messages"], [{"text": "Hello", "buttons": [], "card": None, "progress": None}])
            self.assertEqual((answer["requests"], answer["language"]), ([], "nl"))
            (heard,) = agent.heard
            self.assertEqual((heard.sender_id, heard.text, heard.metadata), ("c-1", "hello there", {"language": "nl"}))

    async def test_a_typed_command_reaches_rasa_as_words(self) -> None:
        async with running() as (bot, agent):
            await bot.turn("/restart")
            self.assertEqual([message.text for message in agent.heard], ["restart"])

    async def test_without_the_secret_nothing_happens(self) -> None:
        async with running() as (bot, agent):
            for header in ("", "Bearer wrong", f"Basic {SECRET}", f"Bearer {SECRET}x", SECRET):
                status, answer = await bot.post(json={}, headers={"Authorization": header})
                self.assertEqual((status, answer["error"]["code"]), (401, "unauthorised"), header)
            self.assertEqual((await bot.get("/turns/ready", "wrong"))[0], 401)
            self.assertEqual(agent.heard, [])

    async def test_a_secret_that_is_no_text_is_just_wrong(self) -> None:
        async with running() as (bot, _):
            host, port = bot.address.removeprefix("http://").split(":")
            reader, writer = await asyncio.open_connection(host, int(port))
            writer.write(
                b"GET /turns/ready HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer \xff\xfe\r\n\r\n"
            )
            await writer.drain()
            self.assertIn(b" 401 ", (await reader.read()).splitlines()[0])
            writer.close()

    async def test_what_is_no_turn(self) -> None:
        async with running() as (bot, agent):
            for body, code in (
                ({"conversation": "c"}, "conversation_and_message_id_needed"),
                ({"conversation": "c", "message_id": "m"}, "text_or_payload_needed"),
                ({"conversation": "c", "message_id": "m", "payload": "/restart"}, "invalid_payload"),
                ({"conversation": "c", "message_id": "m", "payload": "/unheard_of"}, "invalid_payload"),
            ):
                status, answer = await bot.post(json=body)
                self.assertEqual((status, answer["error"]["code"]), (422, code))
            status, answer = await bot.post(data=b"{broken")
            self.assertEqual((status, answer["error"]["code"]), (400, "invalid_json"))
            self.assertEqual(agent.heard, [])

    async def test_files_come_with_a_message(self) -> None:
        async with running() as (bot, agent):
            turn = {"conversation": "c", "message_id": "m", "text": "here it is", "language": "nl"}
            await bot.post(json={**turn, "files": 2})
            self.assertEqual(agent.heard[-1].metadata, {"language": "nl", "files": 2})
            for files in ("2", -1, None, [1]):
                status, answer = await bot.post(json={**turn, "message_id": "n", "files": files})
                self.assertEqual((status, answer["error"]["code"]), (422, "invalid_files"), files)

    async def test_an_identity_goes_into_its_slot_and_nowhere_else(self) -> None:
        async with running() as (bot, agent):
            identity = {"token": "secret-token", "expires_at": "2026-11-23T10:00:00Z", "policy": {}, "name": "Lies"}
            turn = {"conversation": "c", "message_id": "m", "payload": "/greet", "language": "nl"}
            status, answer = await bot.post(json={**turn, "identity": identity})
            self.assertEqual((status, "secret" in str(answer)), (200, False))
            self.assertEqual(agent.heard[-1].metadata, {"language": "nl"})
            tracker = await agent.tracker_store.get_or_create_tracker("c")
            self.assertEqual(tracker.get_slot("identity"), identity)
            for wrong in ({}, "Lies", {**identity, "role": "admin"}, {"token": "secret-token"}):
                status, answer = await bot.post(json={**turn, "message_id": "n", "identity": wrong})
                self.assertEqual((status, answer["error"]["code"]), (422, "invalid_identity"))

    async def test_without_a_model_it_says_so(self) -> None:
        async with running() as (bot, agent):
            self.assertEqual((await bot.get("/turns/ready"))[0], 200)
            agent.ready = False
            for status, answer in (await bot.turn(), await bot.get("/turns/ready")):
                self.assertEqual((status, answer["error"]["code"]), (503, "model_not_loaded"))

    async def test_the_same_message_again_changes_nothing(self) -> None:
        async with running() as (bot, agent):
            first = await bot.turn("hello")
            agent.answers = [{"text": "Something else"}]
            self.assertEqual(await bot.turn("hello"), first)
            self.assertEqual(len(agent.heard), 1)
            self.assertNotEqual(await bot.turn("hello", "m-2"), first)

    async def test_the_same_message_again_after_a_restart_changes_nothing(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            request = {"kind": "handover", "reason": "wanted", "priority": "normal"}
            before = FakeAgent(make_store(Path(folder)))
            before.answers.append({"custom": {"request": request}})
            async with serving(before) as bot:
                first = await bot.turn()
            after = FakeAgent(make_store(Path(folder)))
            async with serving(after) as bot:
                self.assertEqual(await bot.turn(), first)
                self.assertEqual(after.heard, [])
                self.assertEqual(first[1]["requests"], [{**request, "after": 1}])

    async def test_two_conversations_do_not_share_answers(self) -> None:
        async with running() as (bot, agent):
            await bot.turn()
            status, _ = await bot.turn(conversation="c-2")
            self.assertEqual(status, 200)
            self.assertEqual([message.sender_id for message in agent.heard], ["c-1", "c-2"])

    async def test_a_caller_that_hangs_up_does_not_lose_the_turn(self) -> None:
        async with running() as (bot, agent):
            agent.gate.clear()
            call = asyncio.ensure_future(bot.turn("hello"))
            await agent.begun.wait()
            call.cancel()
            with contextlib.suppress(asyncio.CancelledError, aiohttp.ClientError):
                await call
            agent.gate.set()
            await agent.stored.wait()
            status, answer = await bot.turn("hello")
            self.assertEqual((status, answer["messages"][0]["text"]), (200, "Hello"))
            self.assertEqual(len(agent.heard), 1)

    async def test_a_repeat_while_the_first_is_still_running_changes_nothing(self) -> None:
        async with running() as (bot, agent):
            agent.gate.clear()
            first = asyncio.ensure_future(bot.turn("hello"))
            await agent.begun.wait()
            second = asyncio.ensure_future(bot.turn("hello"))
            # Another call that is answered at once: by then the repeat has been taken too.
            await bot.get("/turns/ready")
            await bot.get("/turns/ready")
            agent.gate.set()
            self.assertEqual(await first, await second)
            self.assertEqual(len(agent.heard), 1)

    async def test_a_turn_in_which_nothing_was_said_still_ends_in_a_sentence(self) -> None:
        async with running() as (bot, agent):
            agent.answers = []
            _, answer = await bot.turn()
            self.assertTrue(answer["messages"][0]["text"])

    async def test_a_turn_that_fails_is_an_error_and_can_be_repeated(self) -> None:
        async with running() as (bot, agent):
            agent.problem = RuntimeError("an@example.be")
            status, answer = await bot.turn()
            self.assertEqual((status, answer["error"]["code"]), (500, "turn_failed"))
            self.assertNotIn("example", str(answer))
            agent.problem = None
            status, answer = await bot.turn()
            self.assertEqual((status, answer["messages"][0]["text"]), (200, "Hello"))
