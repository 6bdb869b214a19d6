"""What a customer does on a messenger, as messages of the log."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, insert, select, update

from bot.log.inbound import find_by_channel_id, store_inbound
from bot.log.model import WELCOME_PAYLOAD, Inbound, PayloadNotOffered, ReusedId
from bot.log.rows import add_outbound, lock
from bot.log.tables import conversations, messages
from bot.meta.arrivals import as_kept
from bot.meta.events import Arrived, Chose, Edited, FromCustomer, GaveFiles, Said, Wordless
from bot.meta.fetching import note_files
from bot.meta.menu import ENTRIES
from bot.meta.sentences import EDITED, ONLY_WORDS, Say
from bot.meta.tables import threads
from bot.meta.wording import button_offers, row_offers

_NUMBER = re.compile(r"\s*([1-9][0-9]?)\s*[.):]?\s*")
_KEY = re.compile(r"c:([0-9]{1,9}):([0-9]{1,4})")


@dataclass(frozen=True)
class Customers:
    """Stores what customers do.

    Attributes:
        say: Renders a sentence.
    """

    say: Say

    def store(self, connection: Connection, event: FromCustomer, now: datetime) -> bool:
        """Store it, once; whether there is something new."""
        match event:
            case Said():
                return self._said(connection, event, now)
            case Chose():
                return self._chose(connection, event, now)
            case GaveFiles():
                return self._gave_files(connection, event, now)
            case Wordless():
                return self._beyond_words(connection, event, event.sign, ONLY_WORDS, now)
            case Edited():
                return self._edited(connection, event, now)
            case Arrived():
                return _arrived(connection, event, now)
        return False

    def _said(self, connection: Connection, event: Said, now: datetime) -> bool:
        said = as_kept(event.text)
        if not said:
            return self._beyond_words(connection, event, "❔", ONLY_WORDS, now)
        chosen = _by_number(connection, event.conversation, said)
        return _store(connection, event, now, chosen or {"text": said})

    def _chose(self, connection: Connection, event: Chose, now: datetime) -> bool:
        chosen = _by_key(connection, event.conversation, event.key) or {"text": as_kept(event.title) or "❔"}
        return _store(connection, event, now, chosen)

    def _gave_files(self, connection: Connection, event: GaveFiles, now: datetime) -> bool:
        files = note_files(connection, event, now)
        return _store(connection, event, now, {"text": as_kept(event.text) or None, "attachments": files})

    def _edited(self, connection: Connection, event: Edited, now: datetime) -> bool:
        """Change what nobody read yet; else ask for the change in a message of its own, and show staff the new text."""
        said = as_kept(event.text)
        before = find_by_channel_id(connection, event.conversation, event.original)
        if not said or (before is not None and before.text == said):
            return False
        if before is not None and before.state == "received" and before.payload is None:
            connection.execute(update(messages).where(messages.c.id == before.id).values(text=said))
            return False
        return self._beyond_words(connection, event, f"✏️ {said}", EDITED, now)

    def _beyond_words(
        self, connection: Connection, event: FromCustomer, shown: str, sentence: str, now: datetime
    ) -> bool:
        """Keep a sign of what came for staff, and tell the customer, if no person does, what to do instead."""
        if not _store(connection, event, now, {"text": shown}, for_engine=False):
            return False
        conversation = lock(connection, event.conversation)
        if conversation.mode != "human":
            add_outbound(connection, event.conversation, "system", self.say(sentence, conversation.language), now)
        return True


def _arrived(connection: Connection, event: Arrived, now: datetime) -> bool:
    """Who presses the start button in an old conversation is greeted again; a new one has its welcome anyway."""
    if not event.pressed_start or find_by_channel_id(connection, event.conversation, event.id) is not None:
        return False
    query = select(conversations.c.next_seq, conversations.c.mode).where(conversations.c.id == event.conversation)
    next_seq, mode = connection.execute(query).one()
    if next_seq == 1 or mode == "human":
        return False
    row = {"conversation": event.conversation, "author": "system", "text": "", "payload": WELCOME_PAYLOAD, "at": now}
    row |= {"direction": "in", "channel_message_id": event.id, "state": "received"}
    connection.execute(insert(messages).values(row))
    return True


def _store(
    connection: Connection, event: FromCustomer, now: datetime, said: dict[str, Any], *, for_engine: bool = True
) -> bool:
    inbound = Inbound(event.conversation, event.id, **said)
    try:
        accepted = store_inbound(connection, inbound, now)
    except (ReusedId, PayloadNotOffered):
        # The same id with another text is a repeat of what was edited since.
        return False
    if accepted.repeated:
        return False
    if not for_engine:
        row = and_(messages.c.conversation == event.conversation, messages.c.channel_message_id == event.id)
        connection.execute(update(messages).where(row).values(state="done"))
    return True


def _by_number(connection: Connection, conversation: str, said: str) -> dict[str, str] | None:
    """The choice a bare number stands for, if the last question offered numbers."""
    match = _NUMBER.fullmatch(said)
    if match is None:
        return None
    query = select(threads.c.numbered).where(threads.c.conversation == conversation)
    offered: list[dict[str, str]] = connection.execute(query).scalar_one_or_none() or []
    place = int(match[1])
    return _as_choice(offered[place - 1]) if place <= len(offered) else None


def _by_key(connection: Connection, conversation: str, key: str) -> dict[str, str] | None:
    """The choice a tap stands for: of a message of this conversation, or of the Page's menu."""
    if key in ENTRIES:
        entry = ENTRIES[key]
        language = lock(connection, conversation).language
        return {"payload": entry.payload, "title": entry.titles[language]}
    match = _KEY.fullmatch(key)
    if match is None:
        return None
    query = select(messages.c.buttons, messages.c.card).where(
        messages.c.conversation == conversation, messages.c.seq == int(match[1]), messages.c.direction == "out"
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else _at_place(row.buttons or [], row.card, int(match[2]))


def _at_place(buttons: list[dict[str, Any]], card: dict[str, Any] | None, place: int) -> dict[str, str] | None:
    offers = [*button_offers(buttons), *row_offers(buttons, card)]
    return next((_as_choice(offer.numbered()) for offer in offers if offer.place == place), None)


def _as_choice(offer: dict[str, str]) -> dict[str, str]:
    return {"payload": offer["payload"], "title": offer["title"]}
