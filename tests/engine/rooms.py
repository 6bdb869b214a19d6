"""A turn channel on a real socket, with an agent that does what a test tells it."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any
from unittest import mock

import aiohttp
from rasa.core.channels.channel import UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import FailSafeTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, UserUttered
from sanic import Sanic

from engine.stores import IndexedSQLTrackerStore
from engine.turns import TurnChannel

SECRET = "turn-secret-of-the-tests"
_numbers = count(1)


def make_store(folder: Path) -> IndexedSQLTrackerStore:
    """A tracker store in a file."""
    identity = {"type": "any", "influence_conversation": False, "mappings": [{"type": "custom"}]}
    domain = Domain.from_dict({"slots": {"identity": identity}})
    return IndexedSQLTrackerStore(domain=domain, host=None, dialect="sqlite", db=str(folder / "engine.db"))


class FakeAgent:
    """Answers with `answers`, waits for `gate`, keeps what it was asked in `heard` and in its tracker store."""

    def __init__(self, store: Any) -> None:
        self.tracker_store, self.processor, self.nlg = FailSafeTrackerStore(store), None, None
        self.lock_store = InMemoryLockStore()
        self.domain = Domain.from_dict({"intents": ["greet", "ask_price"]})
        self.answers: list[dict[str, Any]] = [{"text": "Hello", "custom": {"language": "nl"}}]
        self.heard: list[UserMessage] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.begun, self.stored = asyncio.Event(), asyncio.Event()
        self.ready = True
        self.problem: Exception | None = None

    def is_ready(self) -> bool:
        return self.ready

    async def handle_message(self, message: UserMessage) -> None:
        self.heard.append(message)
        self.begun.set()
        await self.gate.wait()
        if self.problem:
            raise self.problem
        tracker = await self.tracker_store.get_or_create_tracker(message.sender_id)
        tracker.update(UserUttered(message.text, message_id=message.message_id))
        for answer in self.answers:
            await message.output_channel.send_response(message.sender_id, answer)
            tracker.update(BotUttered(answer.get("text"), {key: answer.get(key) for key in ("buttons", "custom")}))
        await self.tracker_store.save(tracker)
        self.stored.set()


class Bot:
    """The bot service's side of the channel."""

    def __init__(self, address: str, session: aiohttp.ClientSession) -> None:
        self.address, self.session = address, session

    async def turn(self, text: str = "hi", message_id: str = "m-1", conversation: str = "c-1") -> tuple[int, Any]:
        """Ask for a turn."""
        body = {"conversation": conversation, "message_id": message_id, "text": text, "language": "nl"}
        return await self.post(json=body)

    async def post(self, **request: Any) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {SECRET}"} | request.pop("headers", {})
        async with self.session.post(f"{self.address}/turns", headers=headers, **request) as answer:
            return answer.status, await answer.json(content_type=None)

    async def get(self, path: str, secret: str = SECRET) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {secret}"}
        async with self.session.get(f"{self.address}{path}", headers=headers) as answer:
            return answer.status, await answer.json(content_type=None)


@asynccontextmanager
async def serving(agent: Any) -> AsyncIterator[Bot]:
    """Serve a channel that asks `agent`."""

    async def unused(_: UserMessage) -> None:
        raise AssertionError("the channel asks the agent itself")

    channel = TurnChannel(SECRET)
    number = next(_numbers)
    app = Sanic(f"turns-{number}", configure_logging=False)
    app.ctx.agent = agent
    app.blueprint(channel.blueprint(unused), url_prefix=channel.url_prefix())
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    server = await app.create_server(sock=listener, return_asyncio_server=True)
    # Sanic rewrites its own methods at the start, which it can do only once in a process.
    with mock.patch("sanic.app.TouchUp.run") if number > 1 else contextlib.nullcontext():
        await server.startup()
    await server.before_start()
    await server.after_start()
    try:
        async with aiohttp.ClientSession() as session:
            yield Bot(f"http://127.0.0.1:{port}", session)
    finally:
        await server.before_stop()
        await server.close()
        await server.after_stop()


@asynccontextmanager
async def running() -> AsyncIterator[tuple[Bot, FakeAgent]]:
    """A channel and its agent, with a fresh store."""
    with tempfile.TemporaryDirectory() as folder:
        agent = FakeAgent(make_store(Path(folder)))
        async with serving(agent) as bot:
            yield bot, agent
