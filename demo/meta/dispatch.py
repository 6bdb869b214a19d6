"""Brings events to the webhook: in order, in batches, repeated, mixed or held back, and again when it fails."""

from __future__ import annotations

import asyncio
import itertools
import random
import secrets
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import httpx
import structlog

from demo.meta import signing
from demo.meta.behaviour import Behaviour
from demo.meta.events import Event, payload

_LONGEST_REST = 30.0
_REST = 2.0
_PLATFORMS = ("messenger", "whatsapp")


class Dispatcher:
    """The way to one webhook.

    Attributes:
        log: The last calls: platform, number of events, try, HTTP status (0 for none) and milliseconds.
        connected: The webhook has answered the handshake.
    """

    def __init__(
        self, client: httpx.AsyncClient, url: str, secret: str, verify_token: str, behaviour: Callable[[], Behaviour]
    ) -> None:
        self._client, self._url, self._secret, self._verify_token = client, url, secret, verify_token
        self._behaviour = behaviour
        self._waiting: dict[str, list[Event]] = {platform: [] for platform in _PLATFORMS}
        self._news = {platform: asyncio.Event() for platform in _PLATFORMS}
        self._tasks: set[asyncio.Task[Any]] = set()
        self.log: deque[dict[str, Any]] = deque(maxlen=5_000)
        self.connected = False

    def put(self, events: Iterable[Event]) -> None:
        """Send these, unless they are held back."""
        for event in events:
            self._waiting[event.platform].append(event)
            self._news[event.platform].set()

    def wake(self) -> None:
        """Look again: something is no longer held back."""
        for news in self._news.values():
            news.set()

    def start(self) -> None:
        """Begin sending; each platform waits only for itself."""
        self._keep(self._greet())
        for platform in _PLATFORMS:
            self._keep(self._work(platform))

    async def stop(self) -> None:
        """Send nothing more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def forget(self) -> None:
        """Drop what is held back and what is to be sent again."""
        for waiting in self._waiting.values():
            waiting.clear()
        self.log.clear()

    def count_waiting(self) -> int:
        """How many events are held back."""
        return sum(map(len, self._waiting.values()))

    async def flush(self) -> list[dict[str, Any]]:
        """Send everything that is held back now, and wait for the answers to the first tries."""
        behaviour = self._behaviour()
        mixer = random.Random(behaviour.shuffle)  # noqa: S311
        calls: list[list[Event]] = []
        for waiting in self._waiting.values():
            events, waiting[:] = list(waiting), []
            if behaviour.shuffle is not None:
                mixer.shuffle(events)
            calls += [call for call in _cut(events, behaviour.batch) for _ in range(behaviour.repeat + 1)]
        if behaviour.shuffle is not None:
            mixer.shuffle(calls)
        return [await self._send(call) for call in calls]

    async def raw(self, body: bytes) -> int:
        """Send these bytes, signed, once; returns the HTTP status."""
        return await self._post(body)

    async def handshake(self) -> bool:
        """Ask the webhook whether it is the one; it has to give the challenge back."""
        challenge = secrets.token_hex(8)
        asked = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": self._verify_token}
        try:
            answer = await self._client.get(self._url, params=asked, timeout=5.0)
        except httpx.HTTPError:
            self.connected = False
        else:
            self.connected = answer.status_code == 200 and answer.text == challenge
        return self.connected

    async def _greet(self) -> None:
        for rest in itertools.repeat(_REST):
            if await self.handshake():
                return
            await asyncio.sleep(rest)

    async def _work(self, platform: str) -> None:
        waiting, news = self._waiting[platform], self._news[platform]
        while True:
            await news.wait()
            news.clear()
            while waiting and not self._behaviour().hold:
                behaviour = self._behaviour()
                call, waiting[:] = waiting[: behaviour.batch], waiting[behaviour.batch :]
                for _ in range(behaviour.repeat + 1):
                    await self._send(call)

    async def _send(self, events: Sequence[Event]) -> dict[str, Any]:
        behaviour = self._behaviour()
        if behaviour.delay:
            await asyncio.sleep(behaviour.delay)
        body = signing.encode(payload(events, behaviour.per_entry))
        first = await self._try(events, body, 1)
        if first["status"] != 200 and behaviour.retries:
            # Later events do not wait for it: what Meta brings again comes late.
            self._keep(self._again(events, body, behaviour))
        return first

    async def _again(self, events: Sequence[Event], body: bytes, behaviour: Behaviour) -> None:
        for number in range(behaviour.retries):
            await asyncio.sleep(min(behaviour.retry_seconds * 2**number, _LONGEST_REST))
            if (await self._try(events, body, number + 2))["status"] == 200:
                return
        structlog.get_logger().warning("webhook.given_up", events=len(events))

    async def _try(self, events: Sequence[Event], body: bytes, number: int) -> dict[str, Any]:
        began = time.monotonic()
        status = await self._post(body) if self.connected or await self.handshake() else 0
        milliseconds = round((time.monotonic() - began) * 1000)
        call = {
            "platform": events[0].platform,
            "events": len(events),
            "try": number,
            "status": status,
            "ms": milliseconds,
        }
        self.log.append(call)
        return call

    async def _post(self, body: bytes) -> int:
        behaviour = self._behaviour()
        headers = signing.headers(body, self._secret, behaviour.signature)
        try:
            async with asyncio.timeout(behaviour.answer_seconds):
                answer = await self._client.post(self._url, content=body, headers=headers, timeout=None)
        except (httpx.HTTPError, TimeoutError):
            return 0
        return answer.status_code

    def _keep(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _cut(events: list[Event], size: int) -> list[list[Event]]:
    return [events[start : start + size] for start in range(0, len(events), size)]
