"""The outbox: what is to be sent of each conversation, in order, and how far each part came."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, insert, or_, select, update

from bot.log.changes import note_change
from bot.log.model import Message
from bot.log.rows import lock
from bot.log.tables import conversations, messages
from bot.meta.render import Rendering, render
from bot.meta.tables import arrivals, deliveries, threads
from bot.meta.window import AGENT, STANDARD_WINDOW, TEMPLATE, reply_window
from bot.meta.wording import Words

WAITING, SENDING, SENT, DELIVERED, READ, FAILED, HELD = (
    "waiting",
    "sending",
    "sent",
    "delivered",
    "read",
    "failed",
    "held",
)
OPEN = (WAITING, SENDING)
OUTSIDE_WINDOW = "outside_window"
# How soon to look again whether everything that arrived was heard.
HEARING = timedelta(milliseconds=200)
# Before the first part of the message it stands for.
TEMPLATE_PART = -1


@dataclass(frozen=True)
class Job:
    """One part that is being sent.

    Attributes:
        row: In the outbox.
        conversation: Whose.
        channel: messenger or whatsapp.
        account: Our side.
        address: The customer's id there.
        key: Goes out with it.
        body: What the platform is sent.
        attempt: The how manieth try this is.
        tagged: A person answers after the first day: Messenger wants it marked.
    """

    row: int
    conversation: str
    channel: str
    account: str
    address: str
    key: str
    body: dict[str, Any]
    attempt: int
    tagged: bool = False


@dataclass(frozen=True)
class Later:
    """Something waits, but not yet."""

    at: datetime


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
        begun = {"state": SENDING, "attempts": row.attempts + 1, "next_at": now + self.confirm, "sent_at": now}
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


def gone(connection: Connection, job: Job, platform_id: str | None) -> None:
    """The platform took it; a sign of it may have come before."""
    still = and_(deliveries.c.id == job.row, deliveries.c.state == SENDING)
    connection.execute(update(deliveries).where(still).values(state=SENT, platform_id=platform_id, error=None))


def put_off(connection: Connection, job: Job, error: str, at: datetime, *, unsure: bool) -> None:
    """It is tried again; what perhaps went out stays in doubt until a sign comes or `at` is over."""
    still = and_(deliveries.c.id == job.row, deliveries.c.state == SENDING)
    state = SENDING if unsure else WAITING
    connection.execute(update(deliveries).where(still).values(state=state, error=error, next_at=at))


def untried(connection: Connection, job: Job, error: str, at: datetime) -> None:
    """Nobody looked at it, because of us or the whole account: that does not count as a try."""
    still = and_(deliveries.c.id == job.row, deliveries.c.state == SENDING)
    values = {"state": WAITING, "error": error, "next_at": at, "attempts": job.attempt - 1}
    connection.execute(update(deliveries).where(still).values(values))


def fail(connection: Connection, row: int, error: str, now: datetime) -> None:
    """It never arrives; staff see why."""
    not_there = deliveries.c.state.in_((*OPEN, SENT, HELD))
    statement = (
        update(deliveries)
        .where(deliveries.c.id == row, not_there)
        .values(state=FAILED, error=error)
        .returning(deliveries.c.conversation, deliveries.c.seq)
    )
    failed = connection.execute(statement).one_or_none()
    if failed is not None:
        note_change(connection, "message", failed.conversation, now, {"seq": failed.seq, "delivery": FAILED})


def let_go(connection: Connection, conversation: str, now: datetime) -> None:
    """The customer wrote: what was held may go."""
    held = and_(deliveries.c.conversation == conversation, deliveries.c.state == HELD)
    connection.execute(update(deliveries).where(held).values(state=WAITING, next_at=now))


def note_elsewhere(
    connection: Connection, conversation: str, seq: int, key: str, platform_id: str, now: datetime
) -> None:
    """A message of ours that somebody else sent: there is nothing to deliver."""
    values = {"conversation": conversation, "seq": seq, "part": 0, "author": "staff", "key": key, "state": SENT}
    connection.execute(insert(deliveries).values(values | {"next_at": now, "at": now, "platform_id": platform_id}))


def unfinished(connection: Connection) -> list[str]:
    """Conversations in which something is to be made or sent."""
    new = select(threads.c.conversation).join(conversations, conversations.c.id == threads.c.conversation)
    new = new.where(conversations.c.next_seq - 1 > threads.c.rendered_seq)
    waiting = select(deliveries.c.conversation).where(deliveries.c.state.in_(OPEN))
    return list(connection.execute(new.union(waiting)).scalars())


def delivery_states(connection: Connection, conversation: str) -> dict[int, tuple[str, str | None]]:
    """How far each message came, by seq: the state of the part that came least far, and why one failed."""
    query = select(deliveries.c.seq, deliveries.c.state, deliveries.c.error).where(
        deliveries.c.conversation == conversation, deliveries.c.part != TEMPLATE_PART
    )
    order = (FAILED, HELD, WAITING, SENDING, SENT, DELIVERED, READ)
    found: dict[int, tuple[str, str | None]] = {}
    for row in connection.execute(query):
        known = found.get(row.seq)
        if known is None or order.index(row.state) < order.index(known[0]):
            found[row.seq] = (row.state, row.error if row.state == FAILED else None)
    return found


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
        staff_name=row.staff_name,
    )
