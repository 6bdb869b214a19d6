"""A worker for every conversation that has something to answer; the queue itself is the log."""

from __future__ import annotations

import asyncio
import contextlib

import structlog

from bot.log.reads import pending_conversations
from bot.log.store import Log
from bot.turns.pace import Pace
from bot.turns.turn import Step, Stepper

# What nobody woke us for: another process of the bot took it in and died.
SWEEP_SECONDS = 20.0


class Workers:
    """Starts a worker when a message comes in and drops it when nothing waits.

    A worker reads the next message from the log each time, so what is queued survives any crash, and two messages of
    one conversation are never answered at the same time. Two processes may work on the same message: the engine gives
    a repeated message the same answer, and the log takes one of them.
    """

    def __init__(self, stepper: Stepper, log: Log, pace: Pace) -> None:
        self._stepper, self._log, self._pace = stepper, log, pace
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._woken: set[str] = set()
        self._resting: set[str] = set()
        self.stopping = False
        self._stopped = asyncio.Event()
        self._sweeper: asyncio.Task[None] | None = None
        self._logger = structlog.get_logger()

    def wake(self, conversation: str) -> None:
        """Something new waits in `conversation`."""
        if self.stopping:
            return
        self._woken.add(conversation)
        if conversation not in self._tasks:
            self._tasks[conversation] = asyncio.create_task(self._work(conversation))

    async def start(self) -> None:
        """Take up everything an earlier run of the service left unanswered, and look again from time to time."""
        await self._resume()
        self._sweeper = asyncio.create_task(self._keep_looking())

    async def stop(self, seconds: float) -> None:
        """Start no more turns, let the running ones end within `seconds`; the rest stays in the log."""
        self.stopping = True
        self._stopped.set()
        if self._sweeper is not None:
            await self._sweeper
        for conversation in self._resting:
            self._tasks[conversation].cancel()
        tasks = list(self._tasks.values())
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def busy(self) -> int:
        """How many workers there are."""
        return len(self._tasks)

    async def _keep_looking(self) -> None:
        while not self.stopping:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopped.wait(), SWEEP_SECONDS)
            try:
                await self._resume()
            except Exception as error:
                # A locked database must not end it: what waits is still in the log.
                self._logger.error("turns.sweep_failed", kind=type(error).__name__, exc_info=error)

    async def _resume(self) -> None:
        waiting = await self._log.run(pending_conversations)
        left = [conversation for conversation in waiting if conversation not in self._tasks]
        for conversation in left:
            self.wake(conversation)
        if left:
            self._logger.info("turns.resumed", conversations=len(left))

    async def _work(self, conversation: str) -> None:
        try:
            # No await between the last look and the end, so a message is seen by this worker or starts the next.
            while conversation in self._woken and not self.stopping:
                self._woken.discard(conversation)
                await self._drain(conversation)
        finally:
            self._woken.discard(conversation)
            del self._tasks[conversation]

    async def _drain(self, conversation: str) -> None:
        attempt = 0
        while not self.stopping:
            step = await self._step(conversation, attempt)
            if step is Step.IDLE:
                return
            attempt = attempt + 1 if step is Step.LATER else 0
            if attempt and not self.stopping:
                await self._rest(conversation, attempt)

    async def _step(self, conversation: str, attempt: int) -> Step:
        try:
            return await self._stepper.step(conversation, attempt)
        except Exception as error:
            # A locked or full database must not end the worker: the message is still in the log.
            self._logger.error("turn.crashed", conversation=conversation, kind=type(error).__name__, exc_info=error)
            return Step.LATER

    async def _rest(self, conversation: str, attempt: int) -> None:
        self._resting.add(conversation)
        try:
            await self._pace.rest(attempt)
        finally:
            self._resting.discard(conversation)
