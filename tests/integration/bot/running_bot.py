"""A bot on a free port, a customer who talks to it, and a clock that waits only when told."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
from sanic import Sanic

from bot.app import create_app
from bot.log.model import Says
from bot.log.store import Log, utc_now
from bot.meta.settings import MetaSettings
from bot.migrate import open_database, upgrade
from bot.pages import load_site
from bot.parts import Parts, build_parts
from bot.sentences import KEYS, Sentences
from bot.settings import LANGUAGES, BotSettings
from bot.turns.pace import Pace
from common.certificates import trusted

INTERNAL = "internal-token-for-tests"
PATIENCE = 10.0

SENTENCES = Sentences({(key, language): Says(f"{key} {language}") for key in KEYS for language in LANGUAGES})


@asynccontextmanager
async def serving(app: Sanic[Any, Any], port: int = 0) -> AsyncIterator[str]:
    """Serve `app` in this loop and give its address."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    app.config.MOTD = False
    server = await app.create_server(sock=listener, return_asyncio_server=True)
    assert server is not None
    await server.startup()
    await server.before_start()
    await server.after_start()
    try:
        yield address
    finally:
        await server.before_stop()
        await server.close()
        await _close_connections(server.connections)
        await server.after_stop()
        app.shutdown_tasks(0)


async def _close_connections(connections: set[Any]) -> None:
    for connection in list(connections):
        connection.close_if_idle()
    for _ in range(1_000):
        if not connections:
            return
        await asyncio.sleep(0)
    for connection in list(connections):
        connection.abort()


@dataclass
class Rests:
    """Replaces the sleep between tries: notes how long, and goes on when the test says so."""

    waits: list[float] = field(default_factory=list)
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def sleep(self, seconds: float) -> None:
        """Wait for the test."""
        self.waits.append(seconds)
        self.begun.set()
        await self.over.wait()

    def pace(self) -> Pace:
        """The pace a bot is built with."""
        return Pace(self.sleep, lambda: 0.0)


@dataclass
class Bot:
    """A running bot."""

    parts: Parts
    address: str
    desk: Any = None

    def client(self, **options: Any) -> httpx.AsyncClient:
        """A client for it."""
        return httpx.AsyncClient(base_url=self.address, trust_env=False, timeout=PATIENCE, verify=trusted(), **options)

    async def query(self, work: Callable[..., Any], *arguments: Any) -> Any:
        """Run a function of the log."""
        return await self.parts.log.run(work, *arguments)


StartBot = Callable[..., AbstractAsyncContextManager[Bot]]


@asynccontextmanager
async def running_bot(
    folder: Path,
    engine_url: str,
    *,
    web: Path,
    rests: Rests,
    sentences: Sentences = SENTENCES,
    meta: MetaSettings | None = None,
    clock: Callable[[], datetime] = utc_now,
    **changes: Any,
) -> AsyncIterator[Bot]:
    """Run a bot on the database in `folder`, which is made on first use."""
    database = open_database(changes.pop("database_url", f"sqlite:///{folder}/bot.sqlite3"))
    await asyncio.to_thread(upgrade, database)
    settings = BotSettings(
        **{
            "engine_url": engine_url,
            "engine_secret": "engine-secret-for-tests",
            "actions_url": engine_url,
            "claims_url": engine_url,
            "claims_token": "claims-token-for-tests",
            "internal_token": INTERNAL,
            "token_secret": "token-secret-for-tests",
            "cookie_secure": False,
            "files_dir": str(folder / "files"),
            "stop_seconds": 0.2,
        }
        | changes
    )
    site = load_site(web, demo=settings.demo)
    parts = build_parts(settings, Log(database, clock), sentences, site, pace=rests.pace())
    app = create_app(parts, meta=meta)
    async with serving(app) as address:
        yield Bot(parts, address, getattr(app.ctx, "desk", None))


@dataclass
class Event:
    """A server-sent event, or a comment."""

    kind: str
    data: Any = None
    id: str | None = None


class Customer:
    """One session on the website."""

    def __init__(self, client: httpx.AsyncClient, opened: dict[str, Any]) -> None:
        self.client, self.opened = client, opened
        self.id = str(opened["conversation"])
        self.headers = {"Authorization": f"Bearer {opened['token']}"}
        self._count = 0

    @classmethod
    async def arrive(cls, client: httpx.AsyncClient, language: str = "en") -> Customer:
        """Open a session."""
        answer = await client.post("/webchat/sessions", json={"language": language})
        assert answer.status_code == 201, answer.text
        client.cookies.clear()
        return cls(client, answer.json())

    async def post(self, **body: Any) -> httpx.Response:
        """Send a message's body."""
        return await self.client.post("/webchat/messages", json=body, headers=self.headers)

    async def say(self, text: str) -> int:
        """Say something new and return its seq."""
        self._count += 1
        answer = await self.post(client_id=f"message_{self._count}", text=text)
        assert answer.status_code == 202, answer.text
        return int(answer.json()["seq"])

    async def log(self, after: int = 0) -> list[dict[str, Any]]:
        """What there is to read."""
        answer = await self.client.get("/webchat/messages", params={"after": after}, headers=self.headers)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["messages"])

    @asynccontextmanager
    async def events(self, **headers: str) -> AsyncIterator[AsyncIterator[Event]]:
        """Hold a stream open."""
        async with self.client.stream("GET", "/webchat/events", headers=self.headers | headers) as response:
            assert response.status_code == 200
            yield read_events(response)

    async def until(self, *texts: str) -> list[dict[str, Any]]:
        """Read the stream from the start until the last of `texts` was said and nobody types; return the log."""
        async with asyncio.timeout(PATIENCE), self.events() as events:
            missing = set(texts)
            async for event in events:
                if event.kind == "message":
                    missing.discard(event.data["text"])
                if not missing and event.kind == "typing" and not event.data["typing"]:
                    break
        return await self.log()


async def read_events(response: httpx.Response) -> AsyncIterator[Event]:
    """Parse server-sent events."""
    event = Event("message")
    async for line in response.aiter_lines():
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if line.startswith(":"):
            yield Event("comment", value)
        elif name == "retry":
            yield Event("retry", int(value))
        elif name == "event":
            event.kind = value
        elif name == "id":
            event.id = value
        elif name == "data":
            event.data = json.loads(value)
        elif not line and event.data is not None:
            yield event
            event = Event("message")


async def soon(awaitable: Awaitable[Any]) -> Any:
    """Await, but not for ever."""
    async with asyncio.timeout(PATIENCE):
        return await awaitable
