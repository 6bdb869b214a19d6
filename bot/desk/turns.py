"""What the desk does in the customer's turns: the queue is entered and left, a number to call back is taken down."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from bot.desk import sentences as say
from bot.desk.queue import Queue, Say, leave
from bot.desk.state import WAITING, note, record, standing
from bot.desk.tables import desk_callbacks
from bot.log.model import Conversation, Outcome, Says, Turn
from bot.log.tables import messages
from bot.log.work import answer_turn

PHONE, MAIL = "phone", "mail"
_ASKS = {say.CALL_ME: (PHONE, say.ASK_PHONE), say.MAIL_ME: (MAIL, say.ASK_MAIL)}
_LOOKS_RIGHT = {PHONE: re.compile(r"(?:\+|\b0)\d(?:[ ./()-]*\d){6,12}"), MAIL: re.compile(r"[^@\s]+@[^@\s]+\.\w{2,}")}
LONGEST_CONTACT = 500


@dataclass(frozen=True)
class DeskTurns:
    """The desk's part in the turns of one bot."""

    queue: Queue
    say: Say

    def add(
        self, connection: Connection, conversation: Conversation, outcome: Outcome, now: datetime
    ) -> list[tuple[int, Says]]:
        """Do what a turn asks of the desk; returns what is said besides its answers, and after how many of them."""
        if outcome.knows is not None:
            note(connection, conversation.id, knows=outcome.knows)
        if outcome.handovers:
            said = self.queue.hand_over(connection, conversation.id, conversation.language, outcome.handovers, now)
            place = outcome.handovers[0].after
            return [] if said is None else [(len(outcome.says) if place is None else place, said)]
        if conversation.mode == WAITING and not standing(connection, conversation.id).told_noted:
            note(connection, conversation.id, told_noted=True)
            return [(0, self.say(say.NOTED, conversation.language))]
        return []

    def concerns(self, turn: Turn) -> bool:
        """Tell whether a message may be for the desk, so that it is worth a look."""
        return turn.payload in say.CHOICES or (turn.payload is None and bool(_looks_like(turn.text)))

    def answer(self, connection: Connection, turn: Turn, now: datetime) -> int | None:
        """Answer a message that is for the desk and not for the engine; None if it is not."""
        before = standing(connection, turn.conversation, lock=True)
        if turn.payload == say.LEAVE:
            leave(connection, before, now)
            return self._reply(connection, turn, say.LEFT, now)
        if turn.payload in _ASKS:
            kind, question = _ASKS[turn.payload]
            note(connection, turn.conversation, asked_contact=kind)
            return self._reply(connection, turn, question, now)
        if before.asked_contact is None or not self._typed_by_customer(connection, turn):
            return None
        if before.asked_contact not in _looks_like(turn.text):
            return None
        self._keep_contact(connection, turn, before.asked_contact, now)
        return self._reply(connection, turn, say.CONTACT_NOTED, now)

    def _keep_contact(self, connection: Connection, turn: Turn, kind: str, now: datetime) -> None:
        contact: dict[str, Any] = {"kind": kind, "contact": turn.text[:LONGEST_CONTACT], "at": now}
        connection.execute(insert(desk_callbacks).values(conversation=turn.conversation, **contact))
        note(connection, turn.conversation, asked_contact=None)
        record(connection, turn.conversation, "callback", now, contact=kind)

    def _reply(self, connection: Connection, turn: Turn, key: str, now: datetime) -> int:
        return answer_turn(connection, turn, "system", self.say(key, turn.language), now)

    @staticmethod
    def _typed_by_customer(connection: Connection, turn: Turn) -> bool:
        author = connection.execute(select(messages.c.author).where(messages.c.id == turn.row)).scalar_one()
        return bool(author == "customer")


def _looks_like(text: str) -> set[str]:
    return {kind for kind, pattern in _LOOKS_RIGHT.items() if pattern.search(text)}
