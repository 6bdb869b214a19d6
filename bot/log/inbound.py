"""What comes in: a conversation is opened, a customer's message is stored once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from bot.files.rows import send_with
from bot.log.model import (
    LANGUAGE_MENU,
    WELCOME_ID,
    WELCOME_PAYLOAD,
    Accepted,
    Inbound,
    PayloadNotOffered,
    ReusedId,
    Says,
)
from bot.log.reads import offered_title
from bot.log.rows import add_outbound, lock, take_seq
from bot.log.tables import conversations, messages


def open_conversation(connection: Connection, conversation: str, channel: str, language: str, now: datetime) -> None:
    """Open a conversation whose first message is the hidden request for the welcome."""
    values = {"id": conversation, "channel": channel, "language": language, "created_at": now, "last_at": now}
    connection.execute(insert(conversations).values(values))
    connection.execute(
        insert(messages).values(
            conversation=conversation,
            author="system",
            text="",
            payload=WELCOME_PAYLOAD,
            at=now,
            direction="in",
            channel_message_id=WELCOME_ID,
            state="received",
        )
    )


def store_inbound(connection: Connection, inbound: Inbound, now: datetime) -> Accepted:
    """Store a customer's message under the channel's id, deciding by the mode who is to answer it.

    Raises:
        UnknownConversation: The conversation is not there.
        ReusedId: The id belongs to a message that says something else.
        PayloadNotOffered: Nobody offered this payload here.
        UnknownAttachment: A file was never given here, or was sent before.
    """
    conversation = lock(connection, inbound.conversation)
    before = find_by_channel_id(connection, inbound.conversation, inbound.channel_message_id)
    if before is not None:
        return _repeated(before, inbound)
    said = inbound.text or "" if inbound.attachments else inbound.text
    text = said if inbound.payload is None else _chosen(connection, conversation.id, inbound.payload)
    text = inbound.title if text is None else text
    if text is None:
        raise PayloadNotOffered
    seq = take_seq(connection, conversation.id, now)
    stored = connection.execute(
        insert(messages).values(
            conversation=conversation.id,
            seq=seq,
            author="customer",
            text=text,
            payload=inbound.asked,
            at=now,
            direction="in",
            channel_message_id=inbound.channel_message_id,
            # With a person at the other end there is nothing for the engine to do; who waits for one is still answered.
            state="done" if conversation.mode == "human" else "received",
            turn_epoch=conversation.epoch,
        )
    )
    if inbound.attachments and stored.inserted_primary_key:
        send_with(connection, conversation.id, stored.inserted_primary_key[0], inbound.attachments)
    return Accepted(seq, now)


def store_notice(connection: Connection, conversation: str, key: str, says: Says, now: datetime) -> Accepted:
    """Add a message from behind the scenes, once per `key`, whoever leads the conversation.

    Raises:
        UnknownConversation: The conversation is not there.
    """
    lock(connection, conversation)
    channel_id = f"internal:{key}"
    before = find_by_channel_id(connection, conversation, channel_id)
    if before is not None:
        return Accepted(before.seq, before.at, repeated=True)
    return Accepted(add_outbound(connection, conversation, "bot", says, now, channel_message_id=channel_id), now)


def find_by_channel_id(connection: Connection, conversation: str, channel_message_id: str) -> Row[Any] | None:
    """The row stored under this id of the channel, if any."""
    query = select(messages).where(
        messages.c.conversation == conversation, messages.c.channel_message_id == channel_message_id
    )
    return connection.execute(query).one_or_none()


def _chosen(connection: Connection, conversation: str, payload: str) -> str | None:
    """The title of a choice; that of a language holds at once, also for what the bot itself says."""
    if payload not in LANGUAGE_MENU:
        return offered_title(connection, conversation, payload)
    language, name = LANGUAGE_MENU[payload]
    connection.execute(update(conversations).where(conversations.c.id == conversation).values(language=language))
    return name


def _repeated(before: Row[Any], inbound: Inbound) -> Accepted:
    # A payload is stored under the title of its button, so there the text says nothing.
    said = inbound.asked is not None or before.text == inbound.text
    files = tuple(file["id"] for file in before.attachments or ())
    if before.payload != inbound.asked or not said or files != inbound.attachments:
        raise ReusedId
    return Accepted(before.seq, before.at, repeated=True)
