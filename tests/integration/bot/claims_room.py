"""The real claims backend beside a bot: on a port of its own, stopped and started when a test says so."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import text

from claims.api.app import create_app
from claims.service.services import Services
from tests.integration.bot.running_bot import serving
from tests.integration.claims.claims_api import free_port, settings_for
from tests.integration.claims.conftest import QUICK

TOKEN = "test-service-token-1"
_NUMBERS = count(1)


class ClaimsRoom:
    """A claims backend on the database in `file`."""

    def __init__(self, file: Path, **changes: Any) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._database, self._changes = f"sqlite:///{file}", changes

    @property
    def settings(self) -> dict[str, Any]:
        """What a bot needs to reach it."""
        return {"claims_url": self.url, "claims_token": TOKEN}

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Services]:
        """Run it."""
        settings = settings_for(self._database, **self._changes)
        app = create_app(settings, passwords=QUICK, name=f"claims-{next(_NUMBERS)}", periodic=False)
        app.config.TOUCHUP = False
        async with serving(app, self.port):
            yield app.ctx.services


MakeRoom = Callable[..., ClaimsRoom]


async def held(services: Services) -> list[tuple[str, str, int]]:
    """Conversation, name and size of the files that are held there."""

    def read() -> list[tuple[str, str, int]]:
        with services.engine.connect() as connection:
            rows = connection.execute(
                text("SELECT conversation, name, size FROM held_evidence ORDER BY uploaded_at, name")
            )
            return [tuple(row) for row in rows]

    return await asyncio.to_thread(read)
