"""Brings files that were sent to the claims backend, one after the other, for as long as it takes; and tidies up."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from bot.files import rows
from bot.files.claims import ClaimsUnreachable, EvidenceClient, NotNow, Verdict
from bot.files.coming import claim_is_coming
from bot.files.folder import Folder
from bot.files.model import LOST, REFUSED, Attachment
from bot.hub import Hub
from bot.log.model import Says
from bot.log.rows import add_outbound, lock
from bot.log.store import Log
from bot.sentences import FILE_LOST, FILE_REFUSED, Sentences
from bot.turns.pace import Pace

# A file that was chosen but never sent goes; so do bytes that no record waits for.
UNSENT_FOR = timedelta(hours=1)
TIDY_SECONDS = 600.0


@dataclass
class Carrier:
    """The one worker for files. What waits stands in the log, so nothing is lost with the process."""

    log: Log
    folder: Folder
    claims: EvidenceClient
    hub: Hub
    sentences: Sentences
    pace: Pace
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    logger: structlog.stdlib.BoundLogger = field(default_factory=structlog.get_logger)
    stopping: bool = False
    _task: asyncio.Task[None] | None = None
    _resting: bool = False

    def start(self) -> None:
        """Begin with what an earlier run left."""
        self.folder.prepare()
        self.woken.set()
        self._task = asyncio.create_task(self._work())

    async def stop(self, seconds: float) -> None:
        """End within `seconds`; a file that is still on its way is brought again by the next run."""
        self.stopping = True
        self.woken.set()
        if self._task is None:
            return
        if not self._resting:
            await asyncio.wait([self._task], timeout=seconds)
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    def wake(self) -> None:
        """A message with files was sent."""
        self.woken.set()

    async def _work(self) -> None:
        failures = 0
        while not self.stopping:
            self.woken.clear()
            failures = 0 if await self._round() else failures + 1
            if not self.stopping:
                await self._rest(failures)

    async def _rest(self, failures: int) -> None:
        """Until there is something to do; after a failure for a while."""
        self._resting = True
        try:
            if failures:
                await self.pace.rest(failures)
            else:
                await asyncio.wait_for(self.woken.wait(), TIDY_SECONDS)
        except TimeoutError:
            pass
        finally:
            self._resting = False

    async def _round(self) -> bool:
        """One look at everything; False if something has to be tried again."""
        try:
            await self.tidy()
            return await self.bring_all()
        except Exception as error:
            # A locked or full database must not end the worker: what waits is still in the log.
            self.logger.error("files.crashed", kind=type(error).__name__, exc_info=error)
            return False

    async def bring_all(self) -> bool:
        """Bring everything that waits; False if something has to be tried again."""
        later = False
        for file in await self.log.run(rows.to_bring):
            if self.stopping:
                break
            try:
                await self._bring(file)
            except NotNow as problem:
                # It may be this file: the others must not wait behind it.
                self.logger.warning("file.not_now", conversation=file.conversation, file=file.id, kind=problem.kind)
                later = True
            except ClaimsUnreachable as problem:
                self.logger.warning("files.claims_unreachable", kind=str(problem))
                return False
        return not later

    async def _bring(self, file: Attachment) -> None:
        coming = await self.log.run(claim_is_coming, file.conversation)
        try:
            verdict = await self.claims.give(file.conversation, file.name, self.folder.path(file.id), coming=coming)
        except FileNotFoundError:
            verdict = Verdict(LOST, LOST)
        await self.log.run(self._settle, file, verdict, self.log.clock())
        await asyncio.to_thread(self.folder.remove, file.id)
        self.hub.messages(file.conversation)
        self.logger.info("file.settled", conversation=file.conversation, file=file.id, state=verdict.state)

    def _settle(self, connection: Connection, file: Attachment, verdict: Verdict, now: datetime) -> None:
        settled = rows.settle(connection, file, now, verdict.state, error=verdict.error, evidence=verdict.evidence)
        if settled and verdict.state in (REFUSED, LOST):
            language = lock(connection, file.conversation).language
            add_outbound(connection, file.conversation, "system", self._sorry(file, verdict, language), now)

    def _sorry(self, file: Attachment, verdict: Verdict, language: str) -> Says:
        key = FILE_LOST if verdict.state == LOST else FILE_REFUSED[str(verdict.error)]
        return self.sentences.say(key, language, name=file.name)

    async def tidy(self) -> None:
        """Delete what was never sent, and bytes without a record that needs them."""
        before = self.log.clock() - UNSENT_FOR
        for file_id in await self.log.run(rows.forget_unsent, before):
            await asyncio.to_thread(self.folder.remove, file_id)
        old = await asyncio.to_thread(lambda: list(self.folder.old(before.timestamp())))
        for file_id in set(old) - await self.log.run(rows.needed_ids, old):
            await asyncio.to_thread(self.folder.remove, file_id)
