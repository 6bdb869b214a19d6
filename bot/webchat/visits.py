"""What a visit leaves in the log besides messages: the page it began on, its rating, its end. Parts of transactions."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit, urlunsplit

from sqlalchemy import Connection, insert, update

from bot.desk import takeover
from bot.desk.queue import Say
from bot.desk.state import standing
from bot.log.changes import note_change
from bot.log.rows import lock
from bot.log.tables import conversations, messages
from bot.sentences import ENDED
from bot.turns.introductions import INTRODUCE

LONGEST_PAGE = 300


def page_address(text: str | None) -> str | None:
    """The address of a page as staff may see it: without its query, which can hold anything; None if it is none."""
    try:
        parts = urlsplit((text or "").strip())
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    address = urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
    return address if len(address) <= LONGEST_PAGE and address.isprintable() else None


def note_page(connection: Connection, conversation: str, page: str) -> None:
    """Keep where a conversation began."""
    _set(connection, conversation, page=page)


def rate(connection: Connection, conversation: str, score: int, reason: str | None, now: datetime) -> None:
    """Keep what the customer thinks of it; said again, the last one holds."""
    _set(connection, conversation, rating=score, rating_reason=reason)
    note_change(connection, "conversation", conversation, now, {"what": "rating"})


def end(connection: Connection, conversation: str, now: datetime, say: Say) -> bool:
    """End a conversation: nobody waits, nobody has it, and the customer is told. False if it is over already."""
    before = standing(connection, conversation, lock=True)
    if before.closed_at is not None and before.closed_at >= before.last_at:
        return False
    takeover.close(connection, before, now, say, ENDED)
    return True


def introduce(connection: Connection, conversation: str, channel_message_id: str, now: datetime) -> None:
    """Ask for a turn nobody typed, in which the dialogue hears who the customer is."""
    lock(connection, conversation)
    connection.execute(
        insert(messages).values(
            conversation=conversation,
            author="system",
            text="",
            payload=INTRODUCE,
            at=now,
            direction="in",
            channel_message_id=channel_message_id,
            state="received",
        )
    )


def note_typing(connection: Connection, conversation: str, on: bool, now: datetime) -> None:
    """Show staff that the customer writes, or no longer."""
    note_change(connection, "typing", conversation, now, {"who": "customer", "typing": on})


def _set(connection: Connection, conversation: str, **values: object) -> None:
    connection.execute(update(conversations).where(conversations.c.id == conversation).values(values))
