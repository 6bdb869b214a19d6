"""What tests of several rooms share: the running house, and a PostgreSQL server.

The house is real processes on free ports with their data in a temporary folder.
"""

from __future__ import annotations

import gc
import os
import socket
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from launcher import model
from launcher.house import House
from launcher.layout import DEFAULT_PORTS, Layout
from tests import host_page
from tests.postgres import Cluster, cluster

# Thousands of tests leave much in memory, and looking through all of it took a tenth of the time.
gc.set_threshold(20_000, 20, 50)

# Tests write faster than people.
_FAST = {
    "BOT_MESSAGES_PER_MINUTE": "6000",
    "BOT_SESSIONS_PER_MINUTE": "6000",
    "BOT_META_CONFIRM_SECONDS": "2",
}


def _without_rooms(environ: Mapping[str, str]) -> dict[str, str]:
    """The caller's environment without settings of a house of their own."""
    rooms = tuple(f"{name.split('_')[0]}_" for name in DEFAULT_PORTS)
    return {name: value for name, value in environ.items() if not name.startswith(rooms)}


def free_ports(count: int) -> list[int]:
    """Ports nobody listens on, all different."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()


# Other sites that embed the chat: their port, and the names that are let in. The neighbour differs by its port only.
SITE_PORT = free_ports(1)[0]
SHOP, NEIGHBOUR = "shop.localhost", "127.0.0.1"
_OPEN = {"BOT_ALLOWED_ORIGINS": ",".join(f"http://{name}:{SITE_PORT}" for name in (SHOP, NEIGHBOUR))}


class RunningHouse:
    """The house under test: where its rooms are, and how to stop and start one."""

    def __init__(self, layout: Layout, house: House) -> None:
        self.layout, self.house = layout, house

    @property
    def bot(self) -> str:
        """Address of the bot service, which is the demo website too."""
        return self.layout.url("BOT_PORT")

    @property
    def mail(self) -> str:
        """Address of the mail sink's page."""
        return self.layout.url("MAILSINK_PORT")

    @property
    def meta(self) -> str:
        """Address of the stand-in for Meta's servers."""
        return self.layout.url("META_PORT")

    @property
    def claims_database(self) -> Path:
        """The claims database."""
        return self.layout.var / "claims.db"

    @property
    def bot_database(self) -> Path:
        """The conversation log."""
        return self.layout.var / "bot.db"

    def another_day(self) -> None:
        """Codes that were asked for, and claims that were begun or sent, belong to other customers' days."""
        with closing(sqlite3.connect(self.claims_database, timeout=10)) as connection:
            for table in ("identity_challenges", "claim_versions", "held_evidence", "evidence", "claims", "drafts"):
                connection.execute(f"DELETE FROM {table}")
            connection.commit()


def start_house(var: Path) -> RunningHouse:
    """Start all rooms on free ports, with their data in `var`, and wait until they are ready."""
    ports = dict(zip(DEFAULT_PORTS, map(str, free_ports(len(DEFAULT_PORTS))), strict=True))
    layout = Layout.of(var, {**_without_rooms(os.environ), **_FAST, **_OPEN, **host_page.settings(var), **ports})
    house = House(layout, layout.programs(model.ensure(layout)))
    house.prepare()
    house.start()
    try:
        house.wait_until_ready()
    except BaseException:
        house.stop()
        raise
    return RunningHouse(layout, house)


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHouse]:
    """The whole house, started once for all tests that talk to it."""
    running = start_house(tmp_path_factory.mktemp("house"))
    yield running
    running.house.stop()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A PostgreSQL server, started once."""
    with cluster() as running:
        yield running
