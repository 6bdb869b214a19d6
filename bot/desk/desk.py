"""The desk of one bot: what its calls are made of, and how they change the log and tell everybody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection

from bot.desk.audit import audit
from bot.desk.backend import Backend
from bot.desk.canned import Canned
from bot.desk.levels import Levels
from bot.desk.members import ANSWER, Member
from bot.desk.queue import Queue, Say
from bot.desk.sessions import StaffSessions
from bot.desk.summary import Words
from bot.desk.tail import Tail
from bot.desk.window import Windows
from bot.desk.work import SIGN_OF_LIFE, set_presence
from bot.log.store import Log
from bot.settings import BotSettings
from bot.webchat.limits import Limit

P = ParamSpec("P")
T = TypeVar("T")


@dataclass
class Desk:
    """The parts of the desk."""

    settings: BotSettings
    log: Log
    backend: Backend
    sessions: StaffSessions
    queue: Queue
    levels: Levels
    windows: Windows
    tail: Tail
    say: Say
    words: Words
    canned: Canned
    sign_in_limit: Limit
    # What a message can mean: the labels of the training data.
    intents: tuple[str, ...]
    _seen: dict[str, datetime] = field(default_factory=dict)

    def now(self) -> datetime:
        """The time."""
        return self.log.clock()

    async def sign_of_life(self, member: Member) -> None:
        """Write down that somebody who answers customers is there, if that was not done a moment ago."""
        now, before = self.now(), self._seen.get(member.username)
        if not member.may(ANSWER):
            return
        if before is None or now - before >= SIGN_OF_LIFE:
            self._seen[member.username] = now
            await self.change(set_presence, member, None, now)

    async def read(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run one transaction that changes nothing others look at."""
        return await self.log.run(work, *args, **kwargs)

    async def change(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run one transaction and tell everybody who looks on."""
        done = await self.log.run(work, *args, **kwargs)
        self.tail.nudge()
        return done

    async def act(
        self,
        member: Member,
        action: str,
        subject: str,
        work: Callable[Concatenate[Connection, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run `work` with its entry in the audit trail as one transaction, and tell everybody who looks on."""

        def both(connection: Connection) -> T:
            done = work(connection, *args, **kwargs)
            audit(connection, self.settings.desk_secret, member, action, subject, self.now())
            return done

        done = await self.log.run(both)
        self.tail.nudge()
        return done
