"""Members of staff and what their role allows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from claims.domain.actors import Actor


class Role(StrEnum):
    """What a member of staff is there for; each role is a set of permissions, not a rank."""

    AGENT = "agent"
    HANDLER = "handler"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


class Permission(StrEnum):
    """One thing that can be allowed."""

    OWN_ACCOUNT = "own_account"
    READ_CLAIMS = "read_claims"
    WORK_ON_CLAIMS = "work_on_claims"
    DECIDE_CLAIMS = "decide_claims"
    REOPEN_CLAIMS = "reopen_claims"
    READ_EVIDENCE = "read_evidence"
    READ_FIGURES = "read_figures"
    EXPORT = "export"
    READ_AUDIT = "read_audit"
    MANAGE_STAFF = "manage_staff"


_EVERYBODY = frozenset({Permission.OWN_ACCOUNT})
_AGENT = _EVERYBODY | {Permission.READ_CLAIMS, Permission.WORK_ON_CLAIMS, Permission.READ_EVIDENCE}
_HANDLER = _AGENT | {Permission.DECIDE_CLAIMS}
_SUPERVISOR = _HANDLER | {
    Permission.REOPEN_CLAIMS,
    Permission.READ_FIGURES,
    Permission.EXPORT,
    Permission.READ_AUDIT,
}

PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.AGENT: _AGENT,
    Role.HANDLER: _HANDLER,
    Role.SUPERVISOR: _SUPERVISOR,
    # Whoever makes accounts has no business in claims.
    Role.ADMIN: _EVERYBODY | {Permission.MANAGE_STAFF, Permission.READ_AUDIT},
}


@dataclass(frozen=True)
class StaffMember:
    """A signed-in member of staff."""

    username: str
    name: str
    role: Role

    @property
    def actor(self) -> Actor:
        """As the audit trail names them."""
        return Actor.staff(self.username)

    def may(self, permission: Permission) -> bool:
        """Tell whether their role allows it."""
        return permission in PERMISSIONS[self.role]
