"""What happens at the desk by itself when time passes: nobody is left waiting without a word, nobody is stranded."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection, select

from bot.desk import sentences as say
from bot.desk.levels import OK, Levels
from bot.desk.listing import last_inbound_at
from bot.desk.queue import PRESENT_FOR, Say
from bot.desk.state import HUMAN, WAITING, Standing, note, record, standing
from bot.desk.tables import desk_presence, desk_states
from bot.desk.takeover import back_to_queue, close
from bot.log.changes import forget_changes
from bot.log.model import UnknownConversation
from bot.log.rows import add_outbound
from bot.log.store import Log
from bot.log.tables import conversations

LOOK_SECONDS = 15.0
KEEP_CHANGES = timedelta(days=1)

AWAY, SILENT, LONG_WAIT, NOTHING = "away", "silent", "long_wait", "nothing"


@dataclass(frozen=True)
class Patience:
    """How long things may take.

    Attributes:
        away: Without an answer or a sign of life from the owner, while a customer waits for an answer.
        wait: In the queue until the customer hears that it takes long.
        silent: Without a word from the customer while a person has the conversation.
    """

    away: timedelta
    wait: timedelta
    silent: timedelta


def due(
    found: Standing, last_inbound: datetime | None, owner_seen: datetime | None, now: datetime, patience: Patience
) -> str:
    """What is due for a conversation: its owner is away, its customer is silent, it waits for long, or nothing."""
    if found.mode == WAITING:
        long = found.waiting_since is not None and now - found.waiting_since >= patience.wait
        return LONG_WAIT if long and not found.told_long else NOTHING
    if found.mode != HUMAN:
        return NOTHING
    worked = found.staff_at or found.taken_at or found.last_at
    asked = last_inbound or found.created_at
    if asked > worked:
        # The customer waits for an answer: the owner must be there, and must not let them wait for ever.
        seen = owner_seen or worked
        gone = now - seen >= max(patience.away, PRESENT_FOR)
        return AWAY if gone or now - max(asked, worked) >= 3 * patience.away else NOTHING
    return SILENT if now - max(asked, worked) >= patience.silent else NOTHING


@dataclass(frozen=True)
class Timers:
    """Looks at the conversations that people have or wait for."""

    log: Log
    say: Say
    levels: Levels
    patience: Patience
    nudge: Callable[[], None]

    async def run(self) -> None:
        """Look every few seconds, until cancelled."""
        logger = structlog.get_logger()
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await self.look()
            except Exception as error:
                # The next look does what this one could not.
                logger.error("desk.timer_failed", kind=type(error).__name__, exc_info=error)

    async def look(self) -> int:
        """Do what is due now; returns for how many conversations something was."""
        now = self.log.clock()
        done = 0
        for conversation in await self.log.run(_watched):
            try:
                # One transaction for each: none holds the locks of two conversations.
                done += await self.log.run(self.attend, conversation, now)
            except UnknownConversation:
                continue
        await self.log.run(forget_changes, now - KEEP_CHANGES)
        if done:
            self.nudge()
        return done

    def attend(self, connection: Connection, conversation: str, now: datetime) -> bool:
        """Do what is due for one conversation. It is read under its lock, so several processes do it once."""
        found = standing(connection, conversation, lock=True)
        what = due(found, last_inbound_at(connection, conversation), _seen(connection, found.owner), now, self.patience)
        if what == AWAY:
            back_to_queue(connection, found, now, self.say, "returned")
        elif what == SILENT:
            close(connection, found, now, self.say, say.SILENT_CLOSED)
        elif what == LONG_WAIT:
            note(connection, conversation, told_long=True)
            add_outbound(connection, conversation, "system", self.say(say.LONG_WAIT, found.language), now)
        return self._level(connection, found, now) or what != NOTHING

    def _level(self, connection: Connection, found: Standing, now: datetime) -> bool:
        """Tell whoever looks on when a wait comes near its limit, or passes it."""
        if found.mode != WAITING:
            return False
        level = self.levels.level(found.waiting_since, found.priority, now)
        if level == (found.level or OK):
            return False
        note(connection, found.id, level=level)
        record(connection, found.id, level, now)
        return True


def _watched(connection: Connection) -> list[str]:
    query = (
        select(conversations.c.id)
        .outerjoin(desk_states, desk_states.c.conversation == conversations.c.id)
        .where(conversations.c.mode.in_((WAITING, HUMAN)))
        .order_by(conversations.c.id)
    )
    return list(connection.execute(query).scalars())


def _seen(connection: Connection, username: str | None) -> datetime | None:
    query = select(desk_presence.c.seen_at).where(desk_presence.c.username == username)
    return connection.execute(query).scalar_one_or_none() if username else None
