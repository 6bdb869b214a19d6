"""Who answers now, and what became of files: what a stream tells besides messages, read in one go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from bot.desk.queue import place
from bot.files.model import Attachment
from bot.files.rows import sent_up_to
from bot.log.tables import conversations


@dataclass(frozen=True)
class Standing:
    """How a conversation stands besides its messages."""

    agent: dict[str, Any]
    files: list[Attachment]


def read_standing(connection: Connection, conversation: str, seq: int, now: datetime, minutes_each: int) -> Standing:
    """Read it.

    Args:
        connection: The transaction.
        conversation: Its id.
        seq: Files of later messages come with those.
        now: When.
        minutes_each: How long a conversation takes a member of staff.
    """
    agent = _agent(connection, conversation, now, minutes_each)
    return Standing(agent, sent_up_to(connection, conversation, seq))


def _agent(connection: Connection, conversation: str, now: datetime, minutes_each: int) -> dict[str, Any]:
    query = select(conversations.c.mode, conversations.c.owner_name).where(conversations.c.id == conversation)
    row = connection.execute(query).one()
    agent: dict[str, Any] = {"mode": row.mode}
    if row.mode == "human" and row.owner_name:
        # Customers know staff by their first names.
        agent["staff_name"] = row.owner_name.split()[0]
    if row.mode == "waiting" and (found := place(connection, conversation, now, minutes_each)) is not None:
        agent["position"] = found[0]
        if found[1] is not None:
            agent["wait_minutes"] = found[1]
    return agent
