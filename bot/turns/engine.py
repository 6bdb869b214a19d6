"""Asks the engine for a turn.

EngineError              no answer to a turn
├── EngineUnavailable    it may answer later: not reachable, too slow, busy, or not let in
│   └── EngineFailed     it answered with an error of its own (5xx)
└── EngineRefused        it will never answer this message: 4xx, or an answer nobody can read
"""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from bot.log.model import Outcome, Turn
from bot.turns.answer import read_answer
from bot.turns.introductions import Identity
from common.certificates import trusted

# These say something about us, our addresses and the moment, not about the message: asking again may help.
_ASK_AGAIN = {401, 403, 404, 408, 425, 429}
# A proxy's or a starting engine's way to say "not now".
_DOWN = {502, 503, 504}


class EngineError(Exception):
    """The engine did not answer a turn; `kind` says why, for logs and metrics."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class EngineUnavailable(EngineError):
    """The same question may be answered later."""


class EngineFailed(EngineUnavailable):
    """The engine ran into an error, perhaps because of this message."""


class EngineRefused(EngineError):
    """The question will not be answered, however often it is asked."""


class EngineClient:
    """The engine's turn channel, with a limit on turns at the same time."""

    def __init__(self, client: httpx.AsyncClient, *, seconds: float, concurrency: int) -> None:
        self._client = client
        self._seconds = seconds
        self._slots = asyncio.Semaphore(concurrency)

    async def ask(self, turn: Turn, identity: Identity | None = None) -> Outcome:
        """Ask for one turn. The engine answers the same message id with the same messages.

        Args:
            turn: The message.
            identity: Who the customer proved to be outside the dialogue, if this turn is to tell it.

        Raises:
            EngineUnavailable: Ask again later.
            EngineRefused: Do not ask again.
        """
        try:
            # Waiting for a slot has a limit of its own: behind a hanging engine a customer must hear something.
            async with asyncio.timeout(self._seconds):
                await self._slots.acquire()
        except TimeoutError:
            raise EngineUnavailable("busy") from None
        try:
            return await self._post(turn, identity)
        finally:
            self._slots.release()

    async def _post(self, turn: Turn, identity: Identity | None) -> Outcome:
        said = {"text": turn.text} if turn.payload is None else {"payload": turn.payload}
        about: dict[str, Any] = {"conversation": turn.conversation, "message_id": turn.id, "language": turn.language}
        if turn.files:
            about["files"] = turn.files
        if identity is not None:
            about["identity"] = identity.for_engine()
        try:
            async with asyncio.timeout(self._seconds):
                response = await self._client.post("/turns", json=about | said)
        except (TimeoutError, httpx.TimeoutException):
            raise EngineUnavailable("timeout") from None
        except httpx.HTTPError:
            raise EngineUnavailable("unreachable") from None
        return _read(response)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def make_client(url: str, secret: str, *, seconds: float, connect: float) -> httpx.AsyncClient:
    """A client for the engine; proxies of the environment are for the internet, not for the room next door."""
    return httpx.AsyncClient(
        base_url=url,
        headers={"Authorization": f"Bearer {secret}"},
        timeout=httpx.Timeout(seconds, connect=connect),
        trust_env=False,
        verify=trusted(),
    )


def _read(response: httpx.Response) -> Outcome:
    status = response.status_code
    if status in _DOWN or status in _ASK_AGAIN:
        raise EngineUnavailable(f"status_{status}")
    if status >= 500:
        raise EngineFailed(f"status_{status}")
    if status != 200:
        raise EngineRefused(f"status_{status}")
    try:
        return read_answer(response.content)
    except ValueError:
        raise EngineRefused("unreadable") from None
