"""A PostgreSQL server of our own for the tests: in a temporary folder, reached over a socket, gone afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from launcher import programs

# What a crash of the machine would lose does not matter here, and waiting for the disk takes most of the time.
_OPTIONS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200 -c autovacuum=off"


class Cluster:
    """A running server and the databases made on it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)
        self._templates: dict[str, str] = {}

    def url(self, database: str) -> str:
        """The SQLAlchemy address of a database."""
        return f"postgresql+psycopg://postgres@/{database}?host={self._folder}"

    @contextmanager
    def database(self, kind: str, fill: Callable[[str], Any]) -> Iterator[str]:
        """Give a database of its own to a test.

        Args:
            kind: Databases of one kind begin alike.
            fill: Fills the first database of the kind, given its address; the others are copies of it.
        """
        if kind not in self._templates:
            self._do(f"CREATE DATABASE {kind}")
            fill(self.url(kind))
            self._templates[kind] = kind
        name = f"{kind}_{next(self._numbers)}"
        self._do(f"CREATE DATABASE {name} TEMPLATE {kind}")
        try:
            yield self.url(name)
        finally:
            self._do(f"DROP DATABASE {name} WITH (FORCE)")

    def _do(self, statement: str) -> None:
        engine = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Start a server and stop it at the end."""
    tools = programs.find(programs.POSTGRES).parent
    # Not below pytest's folder: the path of a socket may only have about a hundred characters.
    folder = Path(tempfile.mkdtemp(prefix="cyber-care-pg-"))
    # The server refuses to run as root.
    identity: dict[str, Any] = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
    if identity:
        shutil.chown(folder, "postgres", "postgres")

    def run(*command: str) -> None:
        log = folder / "output.log"
        with log.open("ab") as output:
            done = subprocess.run(command, cwd=folder, stdout=output, stderr=output, **identity)
        assert done.returncode == 0, log.read_text(errors="replace")[-2000:]

    data = str(folder / "data")
    try:
        run(str(tools / "initdb"), "-D", data, "-U", "postgres", "--auth=trust", "--no-sync", "-E", "UTF8")
        options = f"{_OPTIONS} -c listen_addresses='' -c unix_socket_directories='{folder}'"
        run(str(tools / "pg_ctl"), "-D", data, "-w", "-l", str(folder / "server.log"), "-o", options, "start")
        try:
            yield Cluster(folder)
        finally:
            run(str(tools / "pg_ctl"), "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
