"""What is read from the log: the messages a customer sees, what was offered, what is still open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, func, or_, select

from bot.log.model import Message
from bot.log.tables import PENDING, messages


def messages_after(connection: Connection, conversation: str, after: int, limit: int | None = None) -> list[Message]:
    """The messages a customer sees with a seq above `after`, in order."""
    query = (
        select(messages)
        .where(messages.c.conversation == conversation, messages.c.seq > after)
        .order_by(messages.c.seq)
        .limit(limit)
    )
    return [_message(row) for row in connection.execute(query)]


def offered_title(connection: Connection, conversation: str, payload: str) -> str | None:
    """The title under which this conversation last offered `payload`; None if it never did."""
    query = (
        select(messages.c.buttons, messages.c.card)
        .where(
            messages.c.conversation == conversation,
            messages.c.direction == "out",
            messages.c.seq.is_not(None),
            or_(messages.c.buttons.is_not(None), messages.c.card.is_not(None)),
        )
        .order_by(messages.c.seq.desc())
    )
    offers = (offer for row in connection.execute(query) for offer in _offers(row.buttons, row.card))
    return next((title for offered, title in offers if offered == payload), None)


def pending_conversations(connection: Connection) -> list[str]:
    """Conversations with messages that wait for an answer, the longest waiting first."""
    query = (
        select(messages.c.conversation)
        .where(messages.c.state.in_(PENDING))
        .group_by(messages.c.conversation)
        .order_by(func.min(messages.c.id))
    )
    return list(connection.execute(query).scalars())


def pending_count(connection: Connection) -> int:
    """How many messages wait for an answer."""
    query = select(func.count()).select_from(messages).where(messages.c.state.in_(PENDING))
    return int(connection.execute(query).scalar_one())


def _offers(buttons: list[dict[str, Any]] | None, card: dict[str, Any] | None) -> Iterator[tuple[str, str]]:
    for button in buttons or ():
        if button.get("payload"):
            yield button["payload"], str(button.get("title", ""))
    for row in (card or {}).get("rows") or ():
        if row.get("payload"):
            yield row["payload"], str(row.get("label", ""))


def _message(row: Row[Any]) -> Message:
    return Message(
        seq=row.seq,
        author=row.author,
        text=row.text,
        at=row.at,
        buttons=row.buttons or [],
        card=row.card,
        progress=row.progress,
        client_id=row.channel_message_id if row.direction == "in" else None,
        attachments=row.attachments or [],
        staff_name=row.staff_name,
    )
