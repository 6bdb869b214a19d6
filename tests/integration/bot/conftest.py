"""A stand-in engine, a bot that asks it, and a customer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest
from sanic import Sanic

from tests.integration.bot.running_bot import Bot, Customer, Rests, StartBot, running_bot, serving
from tests.integration.bot.stand_in_engine import StandInEngine


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


@pytest.fixture
async def customer(client: httpx.AsyncClient) -> Customer:
    return await Customer.arrive(client)
