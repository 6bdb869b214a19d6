"""Is the service alive, can it work, and what does it count."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import httpx
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sanic import Blueprint, HTTPResponse, Request, json, raw
from sqlalchemy import Connection, text

from bot.log.reads import pending_count
from bot.log.store import Log
from bot.parts import parts_of
from bot.settings import BotSettings
from common.certificates import trusted
from common.errors import Unavailable

health = Blueprint("health")

ROOM_SECONDS = 2.0


class Readiness:
    """Asks the rooms whether they are there; remembers for a second, because anybody may ask us."""

    def __init__(self, settings: BotSettings, log: Log, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = httpx.AsyncClient(timeout=ROOM_SECONDS, trust_env=False, verify=trusted())
        self._log, self._clock = log, clock
        secret = {"Authorization": f"Bearer {settings.engine_secret}"}
        self._checks: dict[str, Callable[[], Awaitable[None]]] = {
            "database": self._ask_database,
            "engine": lambda: self._ask(settings.engine_url, "/turns/ready", secret),
            "actions": lambda: self._ask(settings.actions_url, "/health", {}),
            "claims": lambda: self._ask(settings.claims_url, "/health/ready", {}),
        }
        self._known: tuple[float, dict[str, str]] | None = None

    async def rooms(self) -> dict[str, str]:
        """Every room, and `ready` or `missing`."""
        if self._known and self._clock() - self._known[0] < 1:
            return self._known[1]
        answers = await asyncio.gather(*(self._is_there(check) for check in self._checks.values()))
        rooms = {name: "ready" if there else "missing" for name, there in zip(self._checks, answers, strict=True)}
        self._known = (self._clock(), rooms)
        return rooms

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _is_there(self, check: Callable[[], Awaitable[None]]) -> bool:
        try:
            async with asyncio.timeout(2 * ROOM_SECONDS):
                await check()
        except Exception:  # whatever it is, the room does not answer
            return False
        return True

    async def _ask(self, url: str, path: str, headers: dict[str, str]) -> None:
        response = await self._client.get(url.rstrip("/") + path, headers=headers)
        response.raise_for_status()

    async def _ask_database(self) -> None:
        await self._log.run(_select_one)


def _select_one(connection: Connection) -> None:
    connection.execute(text("SELECT 1"))


@health.get("/health/live")
async def live(request: Request) -> HTTPResponse:
    """The process answers."""
    return json({"status": "live"})


@health.get("/health/ready")
async def ready(request: Request) -> HTTPResponse:
    """Every room the bot needs answers too."""
    readiness: Readiness = request.app.ctx.readiness
    rooms = await readiness.rooms()
    missing = [name for name, state in rooms.items() if state == "missing"]
    if missing:
        raise Unavailable("not_ready", f"Not there: {', '.join(missing)}.", missing=missing)
    return json({"status": "ready", "rooms": rooms})


@health.get("/metrics")
async def metrics(request: Request) -> HTTPResponse:
    """Counters for Prometheus."""
    parts = parts_of(request)
    parts.metrics.queue.set(await parts.log.run(pending_count))
    parts.metrics.streams.set(parts.hub.total())
    return raw(generate_latest(parts.metrics.registry), content_type=CONTENT_TYPE_LATEST)
