"""A running claims service on a free port, with a clock that only moves when told and a mailer that keeps mails."""

from __future__ import annotations

import shutil
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from argon2 import PasswordHasher
from sanic import Sanic

from claims.adapters.passwords import Passwords
from claims.adapters.schema import upgrade
from claims.api.app import create_app
from claims.demo.policies import build
from claims.service.services import Services
from claims.service.unit_of_work import UnitOfWork
from common.certificates import trusted
from common.database import make_engine
from tests.integration.claims.claims_api import Api, FakeClock, FakeIds, FakeMailer, settings_for
from tests.postgres import Cluster

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
# Hashing as slowly as an installation must would make every test with staff slow.
QUICK = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated database with the demo policies, a copy of one that is filled once: a file, and on a server."""
    if request.param == "postgresql":
        postgres: Cluster = request.getfixturevalue("postgres")
        with postgres.database("claims", fill) as url:
            yield url
    else:
        shutil.copyfile(request.getfixturevalue("filled_file"), tmp_path / "claims.db")
        yield f"sqlite:///{tmp_path}/claims.db"


@pytest.fixture(scope="session")
def filled_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The SQLite file that tests get copies of."""
    file = tmp_path_factory.mktemp("claims") / "filled.db"
    fill(f"sqlite:///{file}")
    # Else part of it would not be copied.
    assert [path.name for path in file.parent.iterdir()] == [file.name]
    return file


def fill(url: str) -> None:
    """Bring an empty database up to date and put the demo policies into it."""
    upgrade(url)
    engine = make_engine(url)
    with UnitOfWork(engine) as unit:
        for policy, past in build(NOW.date()):
            unit.policies.put(policy, past)
        unit.commit()
    engine.dispose()


@pytest.fixture
async def api(database_url: str, tmp_path: Path) -> AsyncIterator[Api]:
    """The running service."""
    async with running(database_url, evidence_store=str(tmp_path / "evidence")) as started:
        yield started


@asynccontextmanager
async def running(database_url: str, **changes: Any) -> AsyncIterator[Api]:
    """Run the service with some settings changed."""
    clock, mailer = FakeClock(NOW), FakeMailer()
    settings = settings_for(database_url, **changes)
    app = create_app(
        settings, clock=clock, ids=FakeIds(), mailer=mailer, passwords=QUICK, name="claims", periodic=False
    )
    async with serving(app) as address:
        services: Services = app.ctx.services
        headers = {"authorization": f"Bearer {services.settings.service_tokens[0]}"}
        async with httpx.AsyncClient(base_url=address, headers=headers, timeout=10, verify=trusted()) as client:
            yield Api(client, services, clock, mailer)


@asynccontextmanager
async def serving(app: Sanic[Any, Any]) -> AsyncIterator[str]:
    """Run an app on a free port, inside the loop of the test."""
    # Sanic rewrites its own methods when an app starts, which only works once in a process.
    app.config.TOUCHUP = False
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = await app.create_server(sock=listening, return_asyncio_server=True)
        assert server is not None
        await server.startup()
        await server.before_start()
        await server.after_start()
        try:
            await server.start_serving()
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            await server.before_stop()
            await server.close()
            for connection in tuple(server.connections):
                connection.close()
            await server.after_stop()
            Sanic._app_registry.pop(app.name, None)
