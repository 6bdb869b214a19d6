"""The bot is killed at random moments while customers write on messengers: no message is lost, none comes twice."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.migrate import open_database, upgrade
from tests.conftest import free_ports
from tests.integration.bot import meta_platform as meta
from tests.integration.bot.meta_platform import Platform, text_of
from tests.integration.bot.running_bot import serving
from tests.integration.bot.stand_in_engine import SECRET, StandInEngine
from tests.postgres import Cluster
from tests.service_process import ServiceProcess

CUSTOMERS, EACH = 20, 25
KILLS = {"sqlite": 5, "postgresql": 2}
CONFIRM_SECONDS = 3.0
# Each start of the service takes seconds, on a busy machine many of them.
PATIENCE = 200.0


class Meta(Platform):
    """A platform that tells of every message, the bot's and the customers', until it is heard."""

    def __init__(self, bot_url: str) -> None:
        super().__init__()
        self.client = httpx.AsyncClient(base_url=bot_url, timeout=5, trust_env=False)
        self.waiting: set[asyncio.Task[None]] = set()

    def _taken(self, body: dict[str, Any]) -> dict[str, Any]:
        answer = super()._taken(body)
        if not meta.is_action(body):
            self.tell(_sign_of(body))
        return answer

    def tell(self, payload: dict[str, Any]) -> None:
        """Tell the bot, at once and again."""
        task = asyncio.create_task(self.insist(payload))
        self.waiting.add(task)
        task.add_done_callback(self.waiting.discard)

    async def insist(self, payload: dict[str, Any]) -> None:
        """Tell the bot until it says 200."""
        while True:
            try:
                if (await meta.post(self.client, payload)).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            await asyncio.sleep(0.05)


def _sign_of(body: dict[str, Any]) -> dict[str, Any]:
    if "messaging_product" in body:
        status = {"id": body["_id"], "status": "sent", "timestamp": str(meta.AT // 1000), "recipient_id": body["to"]}
        return meta.account(statuses=[status | {"biz_opaque_callback_data": meta.key_of(body)}])
    return meta.page(
        meta.echo(body["_id"], text_of(body), meta.address(body), app_id=int(meta.APP), metadata=meta.key_of(body))
    )


def start_bot_process(port: int, database: str, engine_url: str, graph_url: str, folder: Path) -> ServiceProcess:
    """The bot, which can be killed."""
    settings = {
        "BOT_PORT": str(port),
        "BOT_DATABASE_URL": database,
        "BOT_ENGINE_URL": engine_url,
        "BOT_ENGINE_SECRET": SECRET,
        "BOT_ACTIONS_URL": engine_url,
        "BOT_CLAIMS_URL": engine_url,
        "BOT_CLAIMS_TOKEN": "claims-token-for-tests",
        "BOT_INTERNAL_TOKEN": "internal-token-for-tests",
        "BOT_TOKEN_SECRET": "token-secret-for-tests",
        "BOT_FILES_DIR": str(folder / "files"),
        "BOT_META_APP_SECRET": meta.APP_SECRET,
        "BOT_META_VERIFY_TOKEN": meta.VERIFY,
        "BOT_META_APP_ID": meta.APP,
        "BOT_META_PAGE_ID": meta.PAGE,
        "BOT_META_PAGE_TOKEN": meta.PAGE_TOKEN,
        "BOT_META_PHONE_NUMBER_ID": meta.PHONE,
        "BOT_META_WHATSAPP_TOKEN": meta.PHONE_TOKEN,
        "BOT_META_GRAPH_URL": graph_url,
        "BOT_META_CONFIRM_SECONDS": str(CONFIRM_SECONDS),
        "BOT_META_SENDS_PER_SECOND": "1000",
    }
    return ServiceProcess("bot", f"http://127.0.0.1:{port}", settings, folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with ExitStack() as stack:
        url = f"sqlite:///{tmp_path}/bot.db"
        if request.param == "postgresql":
            postgres: Cluster = request.getfixturevalue("postgres")
            url = stack.enter_context(postgres.database("meta", lambda _: None))
        database = open_database(url)
        upgrade(database)
        database.dispose()
        yield url


@pytest.fixture
async def running(database_url: str, engine_url: str, tmp_path: Path) -> AsyncIterator[tuple[ServiceProcess, Meta]]:
    (port,) = free_ports(1)
    platform = Meta(f"http://127.0.0.1:{port}")
    async with serving(platform.app()) as graph_url:
        bot = start_bot_process(port, database_url, engine_url, graph_url, tmp_path)
        yield bot, platform
        bot.stop()
        for task in list(platform.waiting):
            task.cancel()
        await platform.client.aclose()


def customer(number: int) -> tuple[str, Any]:
    """A customer's id, and how they write: half of them on each platform."""
    if number % 2:
        return f"70{number:02}", lambda nth, text: meta.page(meta.said(nth, text, f"70{number:02}"))
    address = f"324700000{number:02}"
    return address, lambda nth, text: meta.account(meta.wrote(nth, text, **{"from": address}))


async def writes(platform: Meta, number: int, chance: random.Random) -> None:
    """One customer writes; Meta sends each message in order, some of them twice."""
    _, payload = customer(number)
    for nth in range(1, EACH + 1):
        await platform.insist(payload(nth, f"text {nth}"))
        if chance.random() < 0.2:
            platform.tell(payload(nth, f"text {nth}"))


async def test_each_message_is_answered_once(
    running: tuple[ServiceProcess, Meta], engine: StandInEngine, request: pytest.FixtureRequest
) -> None:
    bot, platform = running
    chance = random.Random(2026)
    everybody = [asyncio.create_task(writes(platform, number, chance)) for number in range(CUSTOMERS)]
    wanted = ["welcome", *(f"echo text {nth}" for nth in range(1, EACH + 1))]
    kind = request.node.callspec.params["database_url"]
    for kill in range(1, KILLS[kind] + 1):
        # Each time when so many more have arrived, and a moment later.
        enough = CUSTOMERS * len(wanted) * kill // (KILLS[kind] + 1)
        async with asyncio.timeout(PATIENCE), platform.changed:
            await platform.changed.wait_for(lambda: sum(call["_taken"] for call in platform.calls) >= enough)  # noqa: B023
        await asyncio.sleep(chance.uniform(0, 0.05))
        bot.kill()
        bot.start()
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*everybody)
        for number in range(CUSTOMERS):
            await platform.until(wanted[-1], to=customer(number)[0], seconds=PATIENCE)
        while platform.waiting:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    for number in range(CUSTOMERS):
        assert platform.texts(customer(number)[0]) == wanted
    keys = Counter(meta.key_of(call) for call in platform.calls if not meta.is_action(call))
    assert set(keys.values()) == {1}
