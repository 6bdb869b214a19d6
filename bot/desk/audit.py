"""The desk's audit trail: who saw, answered, changed and took over what; nothing that anybody typed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from bot.desk.members import Member
from bot.desk.tables import desk_audit
from common.audit import AuditTrail

# Not that of the claims backend, which may share the database.
_LOCK = 0x4445534B
# A conversation that stays open on a screen is one view, however often it is read again.
_SAME_VIEW = timedelta(minutes=10)


def trail(connection: Connection, key: str) -> AuditTrail:
    """The trail in this transaction."""
    return AuditTrail(connection, key, desk_audit, _LOCK)


def audit(
    connection: Connection, key: str, member: Member, action: str, subject: str, now: datetime, **data: Any
) -> None:
    """Add an entry; do it last before the commit.

    Args:
        connection: The transaction of what it tells of.
        key: Keys the chain.
        member: Who.
        action: What they did, for example `conversation_taken`.
        subject: To what, for example `conversation:web:...`.
        now: When.
        **data: More, without anything a person typed.
    """
    trail(connection, key).append(f"staff:{member.username}", action, subject, now, data)


def audit_view(connection: Connection, key: str, member: Member, action: str, subject: str, now: datetime) -> None:
    """Add an entry for a view, unless the same person saw the same thing a moment ago."""
    query = select(desk_audit.c.number).where(
        desk_audit.c.subject == subject,
        desk_audit.c.actor == f"staff:{member.username}",
        desk_audit.c.action == action,
        desk_audit.c.at > now - _SAME_VIEW,
    )
    if connection.execute(query.limit(1)).one_or_none() is None:
        audit(connection, key, member, action, subject, now)
