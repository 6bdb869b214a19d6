"""Who has a conversation: taking, releasing, assigning, closing, each in one transaction under its lock."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from bot.desk import sentences as say
from bot.desk.members import Member
from bot.desk.queue import Say
from bot.desk.state import BOT, HUMAN, WAITING, Standing, note, record, standing
from bot.log.model import Says
from bot.log.rows import add_outbound
from bot.log.tables import handover_requests, messages
from bot.log.work import change_mode

RESUME = "/resume_after_person"
# What the engine takes as the part of a payload after its intent.
LONGEST_RESUME = 480


class DeskError(Exception):
    """The desk does not do what was asked; `code` says why."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code, self.details = code, details


class AlreadyTaken(DeskError):
    """Somebody else has it."""


class NotOwner(DeskError):
    """Only who has it may do this."""


@dataclass(frozen=True)
class Release:
    """How a member of staff hands a conversation back.

    Attributes:
        to: bot, or queue for a colleague.
        note: For colleagues.
        facts: Answers of the intake that the person found out: question -> value.
        ask_again: The assistant is to answer the customer's last message that nobody answered.
    """

    to: str
    note: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    ask_again: bool = False


def take(
    connection: Connection, conversation: str, member: Member, epoch: int | None, now: datetime, words: Say
) -> Standing:
    """Take a conversation; from now on the engine never sees what the customer writes.

    Args:
        connection: The transaction.
        conversation: Its id.
        member: Who takes it.
        epoch: What they saw when they pressed the button; None takes it whatever happened since.
        now: When.
        words: Renders what the customer is told.

    Raises:
        AlreadyTaken: Somebody else has it, or it changed since they looked.
    """
    before = standing(connection, conversation, lock=True)
    if before.mode == HUMAN and before.owner == member.username:
        return before
    if before.mode == HUMAN:
        raise AlreadyTaken("already_taken", owner_name=before.owner_name or "")
    if epoch is not None and epoch != before.epoch:
        raise AlreadyTaken("conversation_changed", owner_name=before.owner_name or "")
    _move(connection, before, HUMAN, owner=member.username, owner_name=member.name)
    note(connection, conversation, taken_at=now, staff_at=now, closed_at=None, asked_contact=None)
    _close_requests(connection, conversation)
    _tell(connection, before, words(say.JOINED, before.language, name=member.first_name), now)
    waited = None if before.waiting_since is None else round((now - before.waiting_since).total_seconds())
    _record(connection, before, "taken", member, now, waited=waited, reason=before.reason, priority=before.priority)
    return standing(connection, conversation)


def taken_elsewhere(connection: Connection, conversation: str, name: str, now: datetime) -> bool:
    """A person answered past us, in the Page's own inbox: the assistant falls silent. False if it was silent already.

    There is no owner here, so the timer hands it back when that person writes no more (`staff_at`).
    """
    before = standing(connection, conversation, lock=True)
    note(connection, conversation, staff_at=now)
    if before.mode == HUMAN:
        return False
    _move(connection, before, HUMAN, owner=None, owner_name=name)
    note(connection, conversation, taken_at=now, closed_at=None)
    _close_requests(connection, conversation)
    record(connection, conversation, "taken", now, name=name, elsewhere=True)
    return True


def release(
    connection: Connection, conversation: str, member: Member, how: Release, now: datetime, words: Say
) -> Standing:
    """Hand a conversation back to the assistant, or to the queue.

    Raises:
        NotOwner: They do not have it.
        DeskError: What the person found out is too much for one message to the engine.
    """
    before = own(connection, conversation, member)
    if how.to == "queue":
        back_to_queue(connection, before, now, words, "released", member)
        return standing(connection, conversation)
    _move(connection, before, BOT, owner=None, owner_name=None, waiting_since=None, priority=None)
    note(connection, conversation, taken_at=None)
    _tell(connection, before, words(say.ASSISTANT_BACK, before.language), now)
    again = last_unanswered(connection, conversation) if how.ask_again else None
    if how.facts or again is None:
        _hidden_turn(connection, before, _resume_payload(how.facts), now)
    if again is not None:
        _ask_again(connection, before, again, now)
    _record(connection, before, "released", member, now, to="bot", facts=sorted(how.facts))
    return standing(connection, conversation)


def back_to_queue(
    connection: Connection, before: Standing, now: datetime, words: Say, kind: str, member: Member | None = None
) -> None:
    """Put a locked conversation that a person has back into the queue, at the place it had before."""
    since = before.waiting_since or now
    _move(connection, before, WAITING, owner=None, owner_name=None, waiting_since=since)
    note(connection, before.id, taken_at=None, told_long=False, level=None)
    _tell(connection, before, words(say.BACK_IN_QUEUE, before.language), now)
    _record(connection, before, kind, member, now, to="queue")


def assign(connection: Connection, conversation: str, to: Member, by: Member, now: datetime, words: Say) -> Standing:
    """Give a conversation to a member of staff, whoever has it."""
    before = standing(connection, conversation, lock=True)
    if before.mode == HUMAN and before.owner == to.username:
        return before
    _move(connection, before, HUMAN, owner=to.username, owner_name=to.name)
    note(connection, conversation, taken_at=now, staff_at=now, closed_at=None, asked_contact=None)
    _close_requests(connection, conversation)
    sentence = say.PASSED_ON if before.mode == HUMAN else say.JOINED
    _tell(connection, before, words(sentence, before.language, name=to.first_name), now)
    _record(connection, before, "assigned", by, now, to=to.username, to_name=to.name)
    return standing(connection, conversation)


def close(
    connection: Connection, before: Standing, now: datetime, words: Say, sentence: str, member: Member | None = None
) -> None:
    """Close a locked conversation: nobody has it, nobody waits; what the customer writes next the assistant answers."""
    _move(connection, before, BOT, owner=None, owner_name=None, waiting_since=None, priority=None)
    _close_requests(connection, before.id)
    _tell(connection, before, words(sentence, before.language), now)
    note(connection, before.id, closed_at=now, taken_at=None, asked_contact=None)
    _record(connection, before, "closed", member, now)


def own(connection: Connection, conversation: str, member: Member) -> Standing:
    """Lock a conversation that this member of staff has.

    Raises:
        NotOwner: They do not have it.
    """
    before = standing(connection, conversation, lock=True)
    if before.mode != HUMAN or before.owner != member.username:
        raise NotOwner("not_owner", owner_name=before.owner_name or "")
    return before


def last_unanswered(connection: Connection, conversation: str) -> str | None:
    """What the customer wrote last, if neither a person nor the assistant said anything after it."""
    query = (
        select(messages.c.author, messages.c.text)
        .where(messages.c.conversation == conversation, messages.c.seq.is_not(None), messages.c.author != "system")
        .order_by(messages.c.seq.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    return str(row.text) if row is not None and row.author == "customer" and row.text else None


def _move(connection: Connection, before: Standing, mode: str, **columns: Any) -> None:
    # Under the lock nobody came between; the condition stands here all the same, so that it cannot be forgotten.
    if not change_mode(connection, before.id, mode, before.epoch, **columns):
        raise AlreadyTaken("conversation_changed", owner_name="")


def _tell(connection: Connection, before: Standing, says: Says, now: datetime) -> None:
    add_outbound(connection, before.id, "system", says, now)


def _record(
    connection: Connection, before: Standing, kind: str, member: Member | None, now: datetime, **data: Any
) -> None:
    who = {} if member is None else {"username": member.username, "name": member.name}
    record(connection, before.id, kind, now, **who, **data)


def _close_requests(connection: Connection, conversation: str) -> None:
    open_ones = (handover_requests.c.conversation == conversation, handover_requests.c.state == "open")
    connection.execute(update(handover_requests).where(*open_ones).values(state="closed"))


def _resume_payload(facts: dict[str, str]) -> str:
    data = {"question": list(facts), "value": list(facts.values())} if facts else {}
    payload = RESUME + (json.dumps(data, ensure_ascii=False) if data else "")
    if len(payload) > LONGEST_RESUME:
        raise DeskError("facts_too_long")
    return payload


def _hidden_turn(connection: Connection, before: Standing, payload: str, now: datetime) -> None:
    """Ask the engine for a turn nobody typed: the dialogue learns what the person found out, and goes on."""
    _add_turn(connection, before, f"resume:{before.epoch}", "", payload, now)


def _ask_again(connection: Connection, before: Standing, text: str, now: datetime) -> None:
    _add_turn(connection, before, f"again:{before.epoch}", text, None, now)


def _add_turn(
    connection: Connection, before: Standing, channel_id: str, text: str, payload: str | None, now: datetime
) -> None:
    connection.execute(
        insert(messages).values(
            conversation=before.id,
            author="system",
            text=text,
            payload=payload,
            at=now,
            direction="in",
            channel_message_id=channel_id,
            state="received",
        )
    )
