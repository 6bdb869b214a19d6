"""Members of staff who work at the desk over HTTP, as the console does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from tests.integration.bot.running_bot import PATIENCE, Customer, Event, read_events
from tests.integration.bot.stand_in_backend import CODE

DESK_SECRET = "desk-secret-for-tests"


class Console:
    """One member of staff, signed in."""

    def __init__(self, client: httpx.AsyncClient, username: str) -> None:
        self.client, self.username = client, username

    async def get(self, path: str, **options: Any) -> httpx.Response:
        """Read."""
        return await self.client.get(f"/desk/api{path}", **options)

    async def send(self, method: str, path: str, **body: Any) -> httpx.Response:
        """Change something."""
        return await self.client.request(method, f"/desk/api{path}", json=body, headers={"X-Desk": "1"})

    async def post(self, path: str, **body: Any) -> httpx.Response:
        """Change something."""
        return await self.send("POST", path, **body)

    async def does(self, customer: Customer, what: str, **body: Any) -> dict[str, Any]:
        """Do something in a customer's conversation that must work."""
        answer = await self.post(f"/conversations/{customer.id}/{what}", **body)
        assert answer.is_success, answer.text
        return dict(answer.json()) if answer.content else {}

    async def sees(self, customer: Customer) -> dict[str, Any]:
        """Open a customer's conversation."""
        answer = await self.get(f"/conversations/{customer.id}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    @asynccontextmanager
    async def events(self, **headers: str) -> AsyncIterator[AsyncIterator[Event]]:
        """Hold the event stream open."""
        async with self.client.stream("GET", "/desk/api/events", headers=headers) as response:
            assert response.status_code == 200
            yield read_events(response)


async def sign_in(client: httpx.AsyncClient, username: str) -> Console:
    """Sign in."""
    body = {"username": username, "password": "long enough", "code": CODE}
    answer = await client.post("/desk/api/session", json=body, headers={"X-Desk": "1"})
    assert answer.status_code == 201, answer.text
    return Console(client, username)


async def until(events: AsyncIterator[Event], kind: str, **data: object) -> list[Event]:
    """Read until an event of that kind with that data came."""
    read: list[Event] = []
    async with asyncio.timeout(PATIENCE):
        async for event in events:
            read.append(event)
            if event.kind == kind and all((event.data or {}).get(name) == value for name, value in data.items()):
                return read
    raise AssertionError(f"no {kind} with {data}")
