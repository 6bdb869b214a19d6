"""One batch of events into the log, in one transaction: what came is stored before Meta is told that it arrived."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import structlog
from sqlalchemy import Connection, and_, insert, or_, update
from sqlalchemy.exc import IntegrityError, OperationalError

from bot.log.inbound import open_conversation
from bot.log.rows import find, lock
from bot.log.tables import conversations
from bot.meta import language
from bot.meta.arrivals import in_order
from bot.meta.customer import Customers
from bot.meta.deliveries import Outbox
from bot.meta.elsewhere import Elsewhere
from bot.meta.events import EPOCH, Arrived, Chose, Echo, Event, FromCustomer, GaveFiles, Ignored, Progress, Routed, Said
from bot.meta.outcomes import let_go
from bot.meta.settings import MetaSettings
from bot.meta.signs import advance
from bot.meta.tables import threads

log = structlog.get_logger()


@dataclass
class Taken:
    """What a batch left behind: whom to wake, and whose language nobody knows yet.

    Attributes:
        turns: Conversations in which something waits for an answer.
        outbox: Conversations in which a sending can go on.
        nameless: New conversations of which nothing told the language.
        stored: How many messages of customers are new.
        files: Whether files are to be fetched.
    """

    turns: set[str] = field(default_factory=set)
    outbox: set[str] = field(default_factory=set)
    nameless: set[str] = field(default_factory=set)
    stored: dict[str, int] = field(default_factory=dict)
    files: bool = False


@dataclass(frozen=True)
class Inbox:
    """Stores batches.

    Attributes:
        settings: Which accounts are ours.
        customers: Stores what customers do.
        elsewhere: Deals with what others do in our name.
        outbox: The rules of what is sent.
        default_language: Where nothing tells another.
    """

    settings: MetaSettings
    customers: Customers
    elsewhere: Elsewhere
    outbox: Outbox
    default_language: str

    def store(self, connection: Connection, events: list[Event], now: datetime) -> Taken:
        """Store events of our accounts; one that cannot be stored leaves the others as they are.

        Raises:
            OperationalError: The database is not there: nothing is stored.
        """
        taken = Taken()
        ordered = in_order(events)
        self._open_all(connection, ordered, now, taken)
        for event in ordered:
            try:
                with connection.begin_nested():
                    self._store(connection, event, now, taken)
            except OperationalError:
                raise
            except Exception as error:
                log.error("meta.event_failed", kind=type(event).__name__, error=type(error).__name__, exc_info=error)
        return taken

    def is_ours(self, event: Event) -> bool:
        """Whether there is something to do with an event."""
        if isinstance(event, Ignored):
            log.info("meta.event_ignored", kind=event.kind, channel=event.channel)
            return False
        ours = bool(event.account) and event.account == self.settings.account(event.channel)
        if not ours:
            log.info("meta.foreign_account", channel=event.channel)
        return ours and bool(event.customer)

    def _open_all(self, connection: Connection, ordered: list[Event], now: datetime, taken: Taken) -> None:
        """Make and lock every conversation first, in one order: so two batches never wait for each other."""
        of_conversation: dict[str, list[Event]] = {}
        for event in ordered:
            if not isinstance(event, Progress):
                of_conversation.setdefault(event.conversation, []).append(event)
        for conversation, events in of_conversation.items():
            if find(connection, conversation) is None:
                self._open(connection, conversation, events, now, taken)
            lock(connection, conversation)

    def _open(
        self, connection: Connection, conversation: str, events: list[Event], now: datetime, taken: Taken
    ) -> None:
        known = next(filter(None, map(_language_of, events)), None)
        try:
            with connection.begin_nested():
                self._insert(connection, conversation, events, known or self.default_language, now)
        except IntegrityError:
            return  # another batch was faster
        if isinstance(events[0], FromCustomer):
            taken.turns.add(conversation)
            if known is None:
                taken.nameless.add(conversation)

    def _insert(
        self, connection: Connection, conversation: str, events: list[Event], language: str, now: datetime
    ) -> None:
        first = events[0]
        where = {"account": first.account, "address": first.customer}
        if isinstance(first, FromCustomer) and not first.standby:
            open_conversation(connection, conversation, first.channel, language, now)
            connection.execute(update(conversations).where(conversations.c.id == conversation).values(where))
        else:
            # A person wrote first, or has it already: the assistant does not come in with its welcome.
            values = {"id": conversation, "channel": first.channel, "language": language}
            connection.execute(insert(conversations).values(values | where | {"created_at": now, "last_at": now}))
        connection.execute(insert(threads).values(conversation=conversation))

    def _store(self, connection: Connection, event: Event, now: datetime, taken: Taken) -> None:
        if isinstance(event, Progress):
            advance(connection, event, self.outbox, now)
            taken.outbox.add(event.conversation)
        elif isinstance(event, Echo):
            self.elsewhere.echo(connection, event, now)
            taken.outbox.add(event.conversation)
        elif isinstance(event, Routed):
            self.elsewhere.routed(connection, event, now)
            taken.outbox.add(event.conversation)
        elif isinstance(event, FromCustomer):
            self._hear(connection, event, now, taken)

    def _hear(self, connection: Connection, event: FromCustomer, now: datetime, taken: Taken) -> None:
        if event.standby:
            self.elsewhere.stood_by(connection, event.conversation, event.channel, now)
        _note_presence(connection, event, now)
        let_go(connection, event.conversation, now)
        taken.outbox.add(event.conversation)
        if self.customers.store(connection, event, now):
            taken.turns.add(event.conversation)
            taken.stored[event.channel] = taken.stored.get(event.channel, 0) + 1
            taken.files = taken.files or isinstance(event, GaveFiles)


def _note_presence(connection: Connection, event: FromCustomer, now: datetime) -> None:
    """The window for answers counts from what the customer did last; a late repeat does not open it again."""
    moment = now if event.at == EPOCH else min(event.at, now)
    here = conversations.c.id == event.conversation
    later = or_(conversations.c.last_inbound_at.is_(None), conversations.c.last_inbound_at < moment)
    connection.execute(update(conversations).where(and_(here, later)).values(last_inbound_at=moment))


def _language_of(event: Event) -> str | None:
    if isinstance(event, Said):
        return language.guess(event.text)
    if isinstance(event, Chose):
        return language.guess(event.title)
    return language.of_locale(event.ref) if isinstance(event, Arrived) else None
