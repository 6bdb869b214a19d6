"""Work that goes on after the answer, kept referenced until it is done."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import structlog

_THREADS = 2


class Background:
    """Runs blocking work beside the requests.

    The event loop only holds weak references to tasks: without this set a mail could vanish half sent.
    """

    def __init__(self) -> None:
        self._tasks: set[asyncio.Future[None]] = set()
        # Threads of its own: a mail server that hangs must not take those the requests need.
        self._executor = ThreadPoolExecutor(max_workers=_THREADS, thread_name_prefix="background")

    def start(self, name: str, work: Callable[[], None]) -> None:
        """Start `work` in a thread and return at once."""
        task = asyncio.get_running_loop().run_in_executor(self._executor, work)
        self._tasks.add(task)
        task.add_done_callback(partial(self._done, name))

    async def finish(self) -> None:
        """Wait until everything that was started is done."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def close(self) -> None:
        """Finish, and give the threads back."""
        await self.finish()
        self._executor.shutdown()

    def _done(self, name: str, task: asyncio.Future[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            # Only the kind: the message of a mail server repeats the address.
            structlog.get_logger().error("background.failed", task=name, kind=type(error).__name__)
