"""Keeps the audit trail of the claims backend; the chain itself is common/audit.py."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from claims.adapters.tables import audit_entries
from claims.domain.actors import Actor
from common.audit import FIRST, AuditTrail

__all__ = ["FIRST", "Audit"]

# Any number will do, as long as nothing else in the database takes an advisory lock under it.
_LOCK = 0x43594255


class Audit(AuditTrail):
    """The trail of what was done to claims, policies and staff."""

    def __init__(self, connection: Connection, key: str) -> None:
        super().__init__(connection, key, audit_entries, _LOCK)

    def add(self, actor: Actor, action: str, subject: str, now: datetime, **details: Any) -> None:
        """Add an entry last before the commit (see `AuditTrail.append`).

        Args:
            actor: Who.
            action: What they did, for example `claim_read`.
            subject: To what, for example `claim:CC-2026-7K4M2P`.
            now: When.
            details: More, without anything a person typed.
        """
        self.append(str(actor), action, subject, now, details)
