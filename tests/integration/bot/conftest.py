"""A stand-in engine, a bot that asks it, and a customer."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest
from sanic import Sanic

from bot.migrate import open_database, upgrade
from tests.integration.bot.claims_room import ClaimsRoom, MakeRoom
from tests.integration.bot.desk_console import DESK_SECRET, Console, sign_in
from tests.integration.bot.running_bot import Bot, Customer, Rests, StartBot, running_bot, serving
from tests.integration.bot.stand_in_backend import StandInBackend
from tests.integration.bot.stand_in_engine import StandInEngine
from tests.integration.claims.conftest import fill
from tests.postgres import Cluster


@pytest.fixture(autouse=True)
def _several_apps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Sanic, "test_mode", True)


@pytest.fixture
async def engine() -> StandInEngine:
    return StandInEngine()


@pytest.fixture
async def engine_url(engine: StandInEngine) -> AsyncIterator[str]:
    async with serving(engine.app()) as address:
        yield address
        engine.gate.set()


@pytest.fixture
async def rests() -> Rests:
    return Rests()


@pytest.fixture
def web(tmp_path: Path) -> Path:
    for name, body in {
        "widget/loader.js": "load('{{widget_version}}')",
        "widget/lang/nl.json": "{}",
        "demo/index.html": "<script src='/widget/{{widget_version}}/loader.js'></script>",
        "demo/style.css": "p{}",
        "secret.txt": "not for you",
    }.items():
        (tmp_path / "web" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "web" / name).write_text(body)
    return tmp_path / "web"


@pytest.fixture
def start_bot(tmp_path: Path, engine_url: str, web: Path, rests: Rests) -> StartBot:
    def start(**changes: Any) -> AbstractAsyncContextManager[Bot]:
        options = {"engine_url": engine_url, "web": web, "rests": rests, "demo": True} | changes
        return running_bot(tmp_path, **options)

    return start


@pytest.fixture
async def bot(start_bot: StartBot) -> AsyncIterator[Bot]:
    async with start_bot() as running:
        yield running


@pytest.fixture
async def client(bot: Bot) -> AsyncIterator[httpx.AsyncClient]:
    async with bot.client() as made:
        yield made


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a bot's database, of both kinds."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/bot.sqlite3"
        return
    postgres: Cluster = request.getfixturevalue("postgres")
    with postgres.database("bot", _migrated) as url:
        yield url


def _migrated(url: str) -> None:
    engine = open_database(url)
    upgrade(engine)
    engine.dispose()


@pytest.fixture(scope="session")
def filled_claims(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A claims database with the demo policies, to be copied."""
    file = tmp_path_factory.mktemp("claims") / "filled.db"
    fill(f"sqlite:///{file}")
    return file


@pytest.fixture
def make_room(filled_claims: Path, tmp_path: Path) -> MakeRoom:
    """The claims backend, not running yet."""

    def make(**changes: Any) -> ClaimsRoom:
        return ClaimsRoom(Path(shutil.copyfile(filled_claims, tmp_path / "claims.db")), **changes)

    return make


@pytest.fixture
def room(make_room: MakeRoom) -> ClaimsRoom:
    """One with its usual settings."""
    return make_room()


@pytest.fixture
async def customer(client: httpx.AsyncClient) -> Customer:
    return await Customer.arrive(client)


@pytest.fixture
async def backend() -> StandInBackend:
    return StandInBackend()


@pytest.fixture
async def backend_url(backend: StandInBackend) -> AsyncIterator[str]:
    async with serving(backend.app()) as address:
        yield address


@pytest.fixture
def start_desk(start_bot: StartBot, backend_url: str) -> StartBot:
    """Starts bots that have a desk."""

    def start(**changes: Any) -> AbstractAsyncContextManager[Bot]:
        return start_bot(**{"claims_url": backend_url, "desk_secret": DESK_SECRET} | changes)

    return start


@pytest.fixture
async def desk_bot(start_desk: StartBot) -> AsyncIterator[Bot]:
    async with start_desk() as running:
        yield running


@pytest.fixture
async def visitor(desk_bot: Bot) -> AsyncIterator[Customer]:
    """A customer of the bot that has a desk."""
    async with desk_bot.client() as made:
        yield await Customer.arrive(made)


@pytest.fixture
async def lies(desk_bot: Bot) -> AsyncIterator[Console]:
    async with desk_bot.client() as made:
        yield await sign_in(made, "lies")


@pytest.fixture
async def karim(desk_bot: Bot) -> AsyncIterator[Console]:
    async with desk_bot.client() as made:
        yield await sign_in(made, "karim")


@pytest.fixture
async def sofie(desk_bot: Bot) -> AsyncIterator[Console]:
    async with desk_bot.client() as made:
        yield await sign_in(made, "sofie")
