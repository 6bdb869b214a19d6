"""Whether a file is for a claim that is being made: its intake runs, and the backend has no draft of it yet."""

from __future__ import annotations

from sqlalchemy import Connection, select

from bot.desk.tables import desk_states


def claim_is_coming(connection: Connection, conversation: str) -> bool:
    """Tell whether the dialogue is in the intake of a claim that has no draft, by what it knew after its last turn."""
    query = select(desk_states.c.knows).where(desk_states.c.conversation == conversation)
    knows = connection.execute(query).scalar_one_or_none() or {}
    return bool(knows.get("in_intake")) and knows.get("task") == "claim" and not knows.get("draft")
