"""What staff do in a conversation: answer, note, tag, ask for documents. Each is one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from bot.desk import sentences as say
from bot.desk.listing import last_inbound_at
from bot.desk.members import Member
from bot.desk.queue import Say
from bot.desk.state import Standing, note, record, standing
from bot.desk.tables import desk_callbacks, desk_drafts, desk_feedback, desk_notes, desk_presence
from bot.desk.takeover import DeskError, own
from bot.desk.window import Windows
from bot.files.rows import send_with
from bot.log.changes import note_change
from bot.log.inbound import find_by_channel_id
from bot.log.model import Accepted, Says, UnknownAttachment
from bot.log.rows import add_outbound
from bot.log.tables import conversations, messages

AVAILABLE, AWAY = "available", "away"
# A sign of life is written down no more often than this; the queue asks for one every two minutes.
SIGN_OF_LIFE = timedelta(seconds=30)


def answer(
    connection: Connection,
    conversation: str,
    member: Member,
    client_id: str,
    says: Says,
    now: datetime,
    windows: Windows,
    files: Sequence[str] = (),
) -> Accepted:
    """Say something to the customer, once per `client_id`.

    Raises:
        NotOwner: They do not have the conversation.
        DeskError: The messenger does not take messages any more, or a file is not there to be sent.
    """
    standing(connection, conversation, lock=True)
    channel_id = f"staff:{member.username}:{client_id}"
    before = find_by_channel_id(connection, conversation, channel_id)
    if before is not None:
        if tuple(file["id"] for file in before.attachments or ()) != tuple(files):
            raise DeskError("client_id_reused")
        return Accepted(before.seq, before.at, repeated=True)
    own_open(connection, conversation, member, now, windows)
    seq = add_outbound(
        connection, conversation, "staff", says, now, channel_message_id=channel_id, staff_name=member.first_name
    )
    _send_files(connection, conversation, channel_id, files)
    note(connection, conversation, staff_at=now, seen_seq=seq)
    show_typing(connection, conversation, member, False, now)
    keep_draft(connection, conversation, member, "", now)
    return Accepted(seq, now)


def own_open(connection: Connection, conversation: str, member: Member, now: datetime, windows: Windows) -> Standing:
    """The conversation, if they have it and can write in it.

    Raises:
        NotOwner: They do not have the conversation.
        DeskError: The messenger does not take messages any more.
    """
    found = own(connection, conversation, member)
    if windows.of(found.channel, last_inbound_at(connection, conversation), now).how == "closed":
        raise DeskError("window_closed")
    return found


def show_typing(connection: Connection, conversation: str, member: Member, on: bool, now: datetime) -> None:
    """Tell every process of the bot that somebody writes, or no longer."""
    data: dict[str, Any] = {"who": "staff", "username": member.username, "typing": on}
    note_change(connection, "typing", conversation, now, data)


def documents_card(documents: list[str], title: str) -> dict[str, Any]:
    """A card that asks for files; the widget shows an upload button with it."""
    return {"title": title, "points": documents, "input": "files"}


def request_documents(
    connection: Connection,
    conversation: str,
    member: Member,
    client_id: str,
    documents: list[str],
    text: str,
    now: datetime,
    words: Say,
    windows: Windows,
) -> Accepted:
    """Ask the customer for documents, with a card to upload them.

    Raises:
        NotOwner: They do not have the conversation.
    """
    language = standing(connection, conversation, lock=True).language
    usual = words(say.DOCUMENTS, language)
    card = documents_card(documents, str((usual.card or {}).get("title") or usual.text))
    asked = answer(connection, conversation, member, client_id, Says(text or usual.text, card=card), now, windows)
    if not asked.repeated:
        _record(connection, conversation, "requested", member, now, documents=len(documents))
    return asked


def add_note(connection: Connection, conversation: str, member: Member, text: str, now: datetime) -> int:
    """Add a note that customers never see."""
    standing(connection, conversation, lock=True)
    row = {"username": member.username, "name": member.name, "text": text, "at": now}
    made = insert(desk_notes).values(conversation=conversation, **row).returning(desk_notes.c.id)
    number = int(connection.execute(made).scalar_one())
    note_change(connection, "conversation", conversation, now, {"what": "note"})
    return number


def set_tags(connection: Connection, conversation: str, tags: list[str], now: datetime) -> None:
    """Replace the tags."""
    standing(connection, conversation, lock=True)
    note(connection, conversation, tags=tags)
    note_change(connection, "conversation", conversation, now, {"what": "tags"})
    note_change(connection, "queue", conversation, now)


def keep_draft(connection: Connection, conversation: str, member: Member, text: str, now: datetime) -> None:
    """Keep what a member of staff began to write; nothing forgets it."""
    standing(connection, conversation, lock=True)
    own_draft = (desk_drafts.c.conversation == conversation, desk_drafts.c.username == member.username)
    connection.execute(delete(desk_drafts).where(*own_draft))
    if text:
        row = {"conversation": conversation, "username": member.username, "text": text, "at": now}
        connection.execute(insert(desk_drafts).values(row))


def set_priority(connection: Connection, conversation: str, member: Member, priority: str, now: datetime) -> None:
    """Make a conversation more or less urgent."""
    before = standing(connection, conversation, lock=True)
    connection.execute(update(conversations).where(conversations.c.id == conversation).values(priority=priority))
    note(connection, conversation, level=None)
    _record(connection, conversation, "priority", member, now, before=before.priority, to=priority)


def mark_seen(connection: Connection, conversation: str, seq: int, now: datetime) -> None:
    """Remember up to where staff have read; it never goes back."""
    before = standing(connection, conversation, lock=True)
    reached = min(seq, before.next_seq - 1)
    if reached > before.seen_seq:
        note(connection, conversation, seen_seq=reached)
        note_change(connection, "queue", conversation, now)


def note_callback(
    connection: Connection,
    conversation: str,
    member: Member,
    kind: str,
    contact: str,
    due_at: datetime | None,
    now: datetime,
) -> None:
    """Note whom to call or write to, and when."""
    standing(connection, conversation, lock=True)
    row = {"conversation": conversation, "kind": kind, "contact": contact, "due_at": due_at, "at": now}
    connection.execute(insert(desk_callbacks).values(row))
    _record(connection, conversation, "callback", member, now, contact=kind)


def callback_done(connection: Connection, conversation: str, member: Member, number: int, now: datetime) -> None:
    """Somebody was called back.

    Raises:
        DeskError: There is no such callback.
    """
    standing(connection, conversation, lock=True)
    done = (
        update(desk_callbacks)
        .where(desk_callbacks.c.conversation == conversation, desk_callbacks.c.id == number)
        .values(done_at=now, done_by=member.username)
    )
    if connection.execute(done).rowcount == 0:
        raise DeskError("callback_not_found")
    _record(connection, conversation, "called_back", member, now)


def give_feedback(connection: Connection, message: int, member: Member, intent: str, now: datetime) -> str:
    """Say what a customer's message meant; returns its conversation.

    Raises:
        DeskError: There is no such message, or nobody typed it.
    """
    query = select(messages.c.conversation).where(
        messages.c.id == message, messages.c.author == "customer", messages.c.payload.is_(None), messages.c.text != ""
    )
    conversation = connection.execute(query).scalar_one_or_none()
    if conversation is None:
        raise DeskError("message_not_found")
    connection.execute(delete(desk_feedback).where(desk_feedback.c.message == message))
    row = {"message": message, "intent": intent, "username": member.username, "at": now}
    connection.execute(insert(desk_feedback).values(row))
    note_change(connection, "conversation", str(conversation), now, {"what": "feedback"})
    return str(conversation)


def set_presence(connection: Connection, member: Member, state: str | None, now: datetime) -> None:
    """A sign of life, with what they say of themselves; None leaves that as it was, and is `away` at first."""
    query = select(desk_presence).where(desk_presence.c.username == member.username)
    before = connection.execute(query.with_for_update()).mappings().one_or_none()
    changed = before is None or (state is not None and before["state"] != state)
    if before is not None and not changed and now - before["seen_at"] < SIGN_OF_LIFE:
        return
    row: dict[str, Any] = {"name": member.name, "role": member.role, "seen_at": now}
    if before is None:
        row |= {"username": member.username, "state": state or AWAY}
        connection.execute(insert(desk_presence).values(row))
    else:
        own_row = desk_presence.c.username == member.username
        connection.execute(update(desk_presence).where(own_row).values(**row, state=state or before["state"]))
    if changed:
        note_change(connection, "presence", None, now, {"username": member.username, "state": state or AWAY})


def _send_files(connection: Connection, conversation: str, channel_id: str, files: Sequence[str]) -> None:
    message = find_by_channel_id(connection, conversation, channel_id) if files else None
    if message is None:
        return
    try:
        send_with(connection, conversation, message.id, files, staff=True)
    except UnknownAttachment:
        raise DeskError("unknown_attachment") from None


def _record(connection: Connection, conversation: str, kind: str, member: Member, now: datetime, **data: Any) -> None:
    record(connection, conversation, kind, now, username=member.username, name=member.name, **data)
