"""The rim of the log: runs one function as one transaction, in a thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine

P = ParamSpec("P")
T = TypeVar("T")


def utc_now() -> datetime:
    """The time, for everything that is not a test."""
    return datetime.now(UTC)


class Log:
    """The conversation log of one database.

    The functions of `bot.log` take a connection first; `run` gives them one and commits, or rolls back if they raise.
    """

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = utc_now) -> None:
        self._engine = engine
        self.clock = clock

    async def run(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `work` in one transaction, without holding up the event loop."""
        return await asyncio.to_thread(lambda: self.run_now(work, *args, **kwargs))

    def run_now(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `work` in one transaction, in this thread."""
        with self._engine.begin() as connection:
            return work(connection, *args, **kwargs)

    def close(self) -> None:
        """Close the database's connections."""
        self._engine.dispose()
