"""The outbox: what is to be sent of each conversation, in order, and how far each part came."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, insert, or_, select, update

from bot.log.model import Message
from bot.log.rows import lock
from bot.log.tables import conversations, messages
from bot.meta.job import FAILED, FILE_TIME, HELD, OUTSIDE_WINDOW, SENDING, TEMPLATE_PART, WAITING, Job, Later
from bot.meta.outcomes import fail
from bot.meta.render import Rendering, render
from bot.meta.tables import arrivals, deliveries, threads
from bot.meta.window import AGENT, STANDARD_WINDOW, TEMPLATE, reply_window
from bot.meta.wording import Words

# How soon to look again whether everything that arrived was heard.
HEARING = timedelta(milliseconds=200)


@dataclass(frozen=True)
class Outbox:
    """The rules by which parts are made and taken.

    Attributes:
        words: The renderer's words in a language.
        make_key: Makes a key nobody else has.
        confirm: How long to wait for a sign of a part that may have gone out.
        attempts: How often a part is tried.
        template: WhatsApp's template for after the first day; empty if there is none.
    """

    words: Callable[[str], Words]
    make_key: Callable[[], str]
    confirm: timedelta
    attempts: int
    template: str = ""

    def fill(self, connection: Connection, conversation: str, now: datetime) -> int:
        """Make the parts of every message that has none yet; returns how many parts."""
        lock(connection, conversation)
        thread = connection.execute(select(threads).where(threads.c.conversation == conversation)).one_or_none()
        if thread is None:
            return 0
        rows = _new_messages(connection, conversation, thread.rendered_seq)
        if not rows:
            return 0
        language, channel = _language_and_channel(connection, conversation)
        words, count = self.words(language), 0
        changes: dict[str, Any] = {"rendered_seq": rows[-1].seq}
        to_send = [row for row in rows if row.direction == "out" and not _is_there(connection, conversation, row.seq)]
        for row in to_send:
            made = render(_message(row), channel, words, last=row is to_send[-1])
            count += self._add(connection, row, made, now)
            # News and staff's words between do not take the choices of the assistant's question away.
            if made.numbered or (row.reply_to and "numbered" not in changes):
                changes["numbered"] = made.numbered or None
        connection.execute(update(threads).where(threads.c.conversation == conversation).values(changes))
        return count

    def take(self, connection: Connection, conversation: str, now: datetime) -> Job | Later | None:
        """Take the first part that is not gone; None if there is none."""
        lock(connection, conversation)
        reach = _reach(connection, conversation)
        while (row := _first_open(connection, conversation)) is not None:
            if row.next_at > now:
                return Later(row.next_at)
            if row.state == SENDING and _unheard(connection, row.next_at):
                return Later(now + HEARING)
            if row.attempts >= self.attempts:
                fail(connection, row.id, row.error or "no_answer", now)
            elif self._may_go(connection, reach, row, now):
                return self._begin(connection, reach, row, now)
        return None

    def listen_first(self, connection: Connection, now: datetime) -> None:
        """At start: of what an earlier run was sending, a sign could not be heard until now."""
        doubtful = and_(deliveries.c.state == SENDING, deliveries.c.next_at < now + self.confirm)
        connection.execute(update(deliveries).where(doubtful).values(next_at=now + self.confirm))

    def retry_at(self, attempt: int, now: datetime, chance: float) -> datetime:
        """When a part that was not taken is tried again: 2, 4, 8 ... seconds later, 5 minutes at most."""
        return now + timedelta(seconds=min(300.0, 2.0 ** min(attempt, 10)) * (1 - chance / 2))

    def _add(self, connection: Connection, row: Row[Any], made: Rendering, now: datetime) -> int:
        for part, body in enumerate(made.bodies):
            self._insert(connection, row, part, body, now)
        return len(made.bodies)

    def _insert(self, connection: Connection, row: Row[Any], part: int, body: dict[str, Any], now: datetime) -> None:
        values = {
            "conversation": row.conversation,
            "seq": row.seq,
            "part": part,
            "author": row.author,
            "key": self.make_key(),
            "body": body,
            "state": WAITING,
            "next_at": now,
            "at": now,
        }
        connection.execute(insert(deliveries).values(values))

    def _may_go(self, connection: Connection, reach: Row[Any], row: Row[Any], now: datetime) -> bool:
        """Whether the window lets this part through; else it is held or failed here."""
        how = reply_window(reach, now, template=bool(self.template)).how
        if how == STANDARD_WINDOW or (how == AGENT and row.author == "staff") or row.part == TEMPLATE_PART:
            return True
        if how == TEMPLATE and row.author == "staff":
            self._hold(connection, reach, row, now)
        else:
            fail(connection, row.id, OUTSIDE_WINDOW, now)
        return False

    def _hold(self, connection: Connection, reach: Row[Any], row: Row[Any], now: datetime) -> None:
        """Keep what a person wrote until the customer answers, and ask them once to do so."""
        _set(connection, row.id, state=HELD)
        asked = select(deliveries.c.id).where(
            deliveries.c.conversation == row.conversation,
            deliveries.c.part == TEMPLATE_PART,
            deliveries.c.state != FAILED,
            deliveries.c.at > (reach.last_inbound_at or reach.created_at),
        )
        if connection.execute(asked.limit(1)).one_or_none() is None:
            template = {"name": self.template, "language": {"code": reach.language}}
            self._insert(connection, row, TEMPLATE_PART, {"type": "template", "template": template}, now)

    def _begin(self, connection: Connection, reach: Row[Any], row: Row[Any], now: datetime) -> Job:
        # Nobody takes it for lost while a file is still going out.
        until = now + self.confirm + (FILE_TIME if "file" in row.body else timedelta())
        begun = {"state": SENDING, "attempts": row.attempts + 1, "next_at": until, "sent_at": now}
        _set(connection, row.id, **begun)
        return Job(
            row=row.id,
            conversation=row.conversation,
            channel=reach.channel,
            account=reach.account,
            address=reach.address,
            key=row.key,
            body=row.body,
            attempt=row.attempts + 1,
            tagged=reply_window(reach, now).how == AGENT,
        )


def _new_messages(connection: Connection, conversation: str, after: int) -> list[Row[Any]]:
    query = select(messages).where(messages.c.conversation == conversation, messages.c.seq > after)
    return list(connection.execute(query.order_by(messages.c.seq)))


def _language_and_channel(connection: Connection, conversation: str) -> tuple[str, str]:
    query = select(conversations.c.language, conversations.c.channel).where(conversations.c.id == conversation)
    language, channel = connection.execute(query).one()
    return language, channel


def _is_there(connection: Connection, conversation: str, seq: int) -> bool:
    query = select(deliveries.c.id).where(deliveries.c.conversation == conversation, deliveries.c.seq == seq)
    return connection.execute(query.limit(1)).one_or_none() is not None


def _reach(connection: Connection, conversation: str) -> Row[Any]:
    return connection.execute(select(conversations).where(conversations.c.id == conversation)).one()


def _first_open(connection: Connection, conversation: str) -> Row[Any] | None:
    waiting = or_(deliveries.c.state == WAITING, deliveries.c.state == SENDING)
    query = select(deliveries).where(deliveries.c.conversation == conversation, waiting)
    # A template goes before what it announces, which it was made after.
    return connection.execute(query.order_by(deliveries.c.seq, deliveries.c.part).limit(1)).one_or_none()


def _unheard(connection: Connection, until: datetime) -> bool:
    """Whether something that arrived in time is not in the log yet: a sign may be among it."""
    query = select(arrivals.c.id).where(arrivals.c.at <= until).limit(1)
    return connection.execute(query).one_or_none() is not None


def _set(connection: Connection, row: int, **values: Any) -> None:
    connection.execute(update(deliveries).where(deliveries.c.id == row).values(values))


def _message(row: Row[Any]) -> Message:
    return Message(
        seq=row.seq,
        author=row.author,
        text=row.text,
        at=row.at,
        buttons=row.buttons or [],
        card=row.card,
        progress=row.progress,
        client_id=None,
        attachments=row.attachments or [],
        staff_name=row.staff_name,
    )
