"""The log as a queue: a turn begins, ends or is put off, each in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from bot.log.changes import note_change
from bot.log.inbound import find_by_channel_id
from bot.log.model import Conversation, Outcome, Says, Turn
from bot.log.rows import add_outbound, add_row, lock
from bot.log.tables import PENDING, conversations, handover_requests, messages


def begin_turn(connection: Connection, conversation: str) -> Turn | None:
    """Take the oldest message that waits for an answer; None if none does.

    A message that waited while a person took over is the person's: it is closed here, unanswered by the engine. Who
    waits for a person is still answered.
    """
    state = lock(connection, conversation)
    waiting = (messages.c.conversation == conversation, messages.c.state.in_(PENDING))
    if state.mode == "human":
        connection.execute(update(messages).where(*waiting).values(state="done"))
        return None
    row = connection.execute(select(messages).where(*waiting).order_by(messages.c.id).limit(1)).one_or_none()
    if row is None:
        return None
    _set_state(connection, row.id, "processing", turn_epoch=state.epoch)
    files = len(row.attachments or ())
    return Turn(row.id, conversation, row.channel_message_id, row.text, row.payload, state.language, state.epoch, files)


# What the desk adds to the answers of a turn: sentences of the bot service, each with the place it comes at.
DeskWork = Callable[[Connection, Conversation, Outcome, datetime], list[tuple[int, Says]]]


def finish_turn(
    connection: Connection, turn: Turn, outcome: Outcome, now: datetime, desk: DeskWork | None = None
) -> int:
    """Store the answers and close the message together; returns how many the customer gets to see.

    If the conversation was taken over since the turn began, the answers become drafts for the member of staff.
    """
    conversation = lock(connection, turn.conversation)
    if not _is_pending(connection, turn):
        return 0
    moved = _moved(conversation, turn)
    spoken = [("bot", says) for says in outcome.says]
    if desk is not None and not moved:
        speaks = replace(conversation, language=outcome.language or conversation.language)
        for place, says in reversed(desk(connection, speaks, outcome, now)):
            spoken.insert(place, ("system", says))
    add = add_row if moved else add_outbound
    for author, says in spoken:
        add(connection, turn.conversation, author, says, now, reply_to=turn.row, draft=moved)
    if moved and spoken:
        note_change(connection, "conversation", turn.conversation, now, {"what": "draft"})
    _set_state(connection, turn.row, "failed" if outcome.failed else "done", understood=outcome.understood)
    language = conversation.language
    # What the engine merely repeats does not undo a choice the customer made in the meantime.
    if outcome.language and outcome.language != turn.language:
        language = outcome.language
        where = conversations.c.id == turn.conversation
        connection.execute(update(conversations).where(where).values(language=language))
    _record_handovers(connection, turn, outcome, language, now, "closed" if moved else "open")
    return 0 if moved else len(spoken)


def answer_turn(connection: Connection, turn: Turn, author: str, says: Says, now: datetime) -> int:
    """Answer a message without the engine and close it; returns how many messages the customer gets to see.

    A message that a person has by now is theirs, and stays unanswered here.
    """
    conversation = lock(connection, turn.conversation)
    if not _is_pending(connection, turn):
        return 0
    _set_state(connection, turn.row, "done")
    if _moved(conversation, turn):
        return 0
    add_outbound(connection, turn.conversation, author, says, now, reply_to=turn.row)
    return 1


def postpone_turn(connection: Connection, turn: Turn, apology: Says, now: datetime) -> bool:
    """Put a turn off until the engine is back; tell the customer once, even over restarts.

    The queue stands still behind this message, so its id names the outage. A message that was a person's meanwhile is
    closed: the engine is not asked again when it comes back. Returns whether the apology is new.
    """
    conversation = lock(connection, turn.conversation)
    if not _is_pending(connection, turn):
        return False
    moved = _moved(conversation, turn)
    _set_state(connection, turn.row, "done" if moved else "received")
    apology_id = f"unavailable:{turn.row}"
    if moved or find_by_channel_id(connection, turn.conversation, apology_id):
        return False
    add_outbound(
        connection, turn.conversation, "system", apology, now, channel_message_id=apology_id, reply_to=turn.row
    )
    return True


def change_mode(
    connection: Connection, conversation: str, mode: str, expected_epoch: int, **columns: str | datetime | None
) -> bool:
    """Give the conversation to the bot, the waiting room or a person, if nobody did so since `expected_epoch`.

    What waits for an answer when a person comes is theirs, also if they hand back before the running turn ends.

    Args:
        connection: The transaction.
        conversation: Its id.
        mode: bot, waiting or human.
        expected_epoch: The epoch that was read; it moves, so that a turn that began before it answers nobody.
        **columns: What changes with it, such as who has it.
    """
    statement = (
        update(conversations)
        .where(conversations.c.id == conversation, conversations.c.epoch == expected_epoch)
        .values(mode=mode, epoch=conversations.c.epoch + 1, **columns)
    )
    if connection.execute(statement).rowcount != 1:
        return False
    if mode == "human":
        waiting = (messages.c.conversation == conversation, messages.c.state == "received")
        connection.execute(update(messages).where(*waiting).values(state="done"))
    return True


def _moved(conversation: Conversation, turn: Turn) -> bool:
    return conversation.epoch != turn.epoch


def _is_pending(connection: Connection, turn: Turn) -> bool:
    state = connection.execute(select(messages.c.state).where(messages.c.id == turn.row)).scalar_one()
    return state in PENDING


def _set_state(connection: Connection, row: int, state: str, **columns: Any) -> None:
    connection.execute(update(messages).where(messages.c.id == row).values(state=state, **columns))


def _record_handovers(
    connection: Connection, turn: Turn, outcome: Outcome, language: str, now: datetime, state: str
) -> None:
    for handover in outcome.handovers:
        connection.execute(
            insert(handover_requests).values(
                conversation=turn.conversation,
                reason=handover.reason[:64],
                priority=handover.priority[:16],
                language=language,
                at=now,
                state=state,
                summary=outcome.knows,
            )
        )
