"""How far what we said has come, as the desk shows it: read on the website; delivered or failed on a messenger."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, or_, select

from bot.log.tables import messages
from bot.meta.job import DELIVERED, FAILED, HELD, READ, SENDING, SENT, WAITING
from bot.meta.tables import deliveries

# What waits to be sent and what is being sent look the same to staff.
SHOWN = {WAITING: SENDING, SENDING: SENDING, HELD: HELD, SENT: SENT, DELIVERED: DELIVERED, READ: READ}
_UNKNOWN = "refused"

# How far each message came on a messenger, by seq, and why one failed.
States = Mapping[int, tuple[str, str | None]]


def delivery_json(row: Mapping[str, Any], channel: str, read_seq: int, states: States) -> dict[str, Any] | None:
    """How far one message came; null for what customers wrote, and for what only its failure is worth a word.

    Args:
        row: The message.
        channel: web, messenger or whatsapp.
        read_seq: How far the customer has read on the website.
        states: Of the messenger.
    """
    if row["direction"] != "out" or row["draft"] or row["seq"] is None:
        return None
    by_staff = row["author"] == "staff"
    if channel == "web":
        return _state(READ if row["seq"] <= read_seq else SENT) if by_staff else None
    state, error = states.get(row["seq"], (WAITING, None))
    if state == FAILED:
        return _state(FAILED, error or _UNKNOWN)
    return _state(SHOWN[state], error) if by_staff else None


def undelivered(connection: Connection, conversation: str, last_inbound: datetime | None) -> str | None:
    """Why something did not reach a customer of a messenger who has not written since; None if nothing failed."""
    # Rows that failed before the moment was kept count from when they were made.
    failed_at = func.coalesce(deliveries.c.failed_at, deliveries.c.at)
    query = select(deliveries.c.error).where(deliveries.c.conversation == conversation, deliveries.c.state == FAILED)
    if last_inbound is not None:
        theirs = (messages.c.conversation == conversation, messages.c.author == "customer")
        last = select(func.max(messages.c.seq)).where(*theirs).scalar_subquery()
        # What was said after their last message failed after it, whatever the clocks of two processes say.
        query = query.where(or_(failed_at >= last_inbound, deliveries.c.seq > last))
    found = connection.execute(query.order_by(failed_at.desc(), deliveries.c.id.desc()).limit(1)).one_or_none()
    return None if found is None else found.error or _UNKNOWN


def _state(state: str, error: str | None = None) -> dict[str, Any]:
    return {"state": state, "error": error}
