"""The records of files: added, sent with a message, settled, taken back. Each function is part of a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from bot.files.model import GIVEN, WAITING, Attachment
from bot.log.changes import note_change
from bot.log.model import UnknownAttachment
from bot.log.rows import lock
from bot.log.tables import attachments, messages


def find_attachment(connection: Connection, conversation: str, file_id: str) -> Attachment | None:
    """A file of this conversation, if there is one of that id."""
    found = _read(connection, attachments.c.conversation == conversation, attachments.c.id == file_id)
    return found[0] if found else None


def add_attachment(connection: Connection, file: Attachment) -> Attachment:
    """Add a file that is not sent yet; the same id again gives the file that is there.

    Raises:
        UnknownConversation: The conversation is not there.
    """
    lock(connection, file.conversation)
    before = find_attachment(connection, file.conversation, file.id)
    if before is not None:
        return before
    connection.execute(
        insert(attachments).values(
            id=file.id,
            conversation=file.conversation,
            name=file.name,
            content_type=file.content_type,
            size=file.size,
            state=file.state,
            at=file.at,
        )
    )
    return file


def send_with(connection: Connection, conversation: str, row: int, ids: Sequence[str], *, staff: bool = False) -> None:
    """Make files part of a message of a locked conversation.

    Args:
        connection: The transaction.
        conversation: Whose.
        row: The message's.
        ids: The files'.
        staff: It is a message of staff. They send their own files only, and so do customers.

    Raises:
        UnknownAttachment: One is not there, was sent before, or is the other's.
    """
    unsent = (file for file in of_conversation(connection, conversation) if file.message is None)
    given = {file.id: file for file in unsent if (file.state == GIVEN) == staff}
    if len(set(ids)) != len(ids) or not given.keys() >= set(ids):
        raise UnknownAttachment
    still = (attachments.c.id.in_(ids), attachments.c.message.is_(None))
    if connection.execute(update(attachments).where(*still).values(message=row)).rowcount != len(ids):
        # Deleted at this very moment, by the customer or because it was too old.
        raise UnknownAttachment
    shown = [given[each].shown() for each in ids]
    connection.execute(update(messages).where(messages.c.id == row).values(attachments=shown))


def of_conversation(connection: Connection, conversation: str) -> list[Attachment]:
    """All files of a conversation, in the order they came."""
    return _read(connection, attachments.c.conversation == conversation)


def sent_up_to(connection: Connection, conversation: str, seq: int) -> list[Attachment]:
    """The files of messages up to a number, as they stand now."""
    return [file for file in of_conversation(connection, conversation) if file.seq is not None and file.seq <= seq]


def to_bring(connection: Connection, limit: int = 50) -> list[Attachment]:
    """Files that wait to be brought to the claims backend, the oldest first."""
    here = (attachments.c.state == WAITING, attachments.c.message.is_not(None), attachments.c.size.is_not(None))
    return _read(connection, *here, limit=limit)


def settle(
    connection: Connection,
    file: Attachment,
    now: datetime,
    state: str,
    *,
    error: str | None = None,
    evidence: str | None = None,
) -> bool:
    """Note what became of a file, also in its message; False if somebody did already. Locks the conversation."""
    lock(connection, file.conversation)
    values = {"state": state, "error": error, "evidence": evidence}
    still = (attachments.c.id == file.id, attachments.c.state == WAITING)
    if connection.execute(update(attachments).where(*still).values(values)).rowcount == 0:
        return False
    shown = [each.shown() for each in of_conversation(connection, file.conversation) if each.message == file.message]
    connection.execute(update(messages).where(messages.c.id == file.message).values(attachments=shown))
    note_change(connection, "message", file.conversation, now, {"seq": file.seq})
    return True


def take_back(connection: Connection, conversation: str, file_id: str, *, staff: bool = False) -> bool:
    """Delete a file that is not sent yet, of staff or of the customer; False if there is none."""
    whose = attachments.c.state == GIVEN if staff else attachments.c.state != GIVEN
    mine = (attachments.c.conversation == conversation, attachments.c.id == file_id, whose)
    unsent = delete(attachments).where(*mine, attachments.c.message.is_(None))
    return connection.execute(unsent).rowcount == 1


def forget_unsent(connection: Connection, before: datetime) -> list[str]:
    """Delete files that were given before a moment and never sent; returns their ids."""
    unsent = (attachments.c.message.is_(None), attachments.c.at < before)
    gone = connection.execute(delete(attachments).where(*unsent).returning(attachments.c.id))
    return list(gone.scalars())


def needed_ids(connection: Connection, ids: Sequence[str]) -> set[str]:
    """Which of these files still need their bytes: they wait for the claims backend, or for the customer."""
    query = select(attachments.c.id).where(attachments.c.id.in_(ids), attachments.c.state.in_((WAITING, GIVEN)))
    return set(connection.execute(query).scalars())


def bytes_here(connection: Connection, state: str = WAITING) -> int:
    """How much lies in the folder in one state, by the records."""
    query = select(func.coalesce(func.sum(attachments.c.size), 0)).where(attachments.c.state == state)
    return int(connection.execute(query).scalar_one())


def _read(connection: Connection, *conditions: Any, limit: int | None = None) -> list[Attachment]:
    query = (
        select(attachments, messages.c.seq)
        .outerjoin(messages, messages.c.id == attachments.c.message)
        .where(*conditions)
        .order_by(attachments.c.at, attachments.c.id)
        .limit(limit)
    )
    return [_attachment(row) for row in connection.execute(query)]


def _attachment(row: Row[Any]) -> Attachment:
    return Attachment(
        id=row.id,
        conversation=row.conversation,
        name=row.name,
        content_type=row.content_type,
        size=row.size or 0,
        state=row.state,
        at=row.at,
        message=row.message,
        seq=row.seq,
        error=row.error,
    )
