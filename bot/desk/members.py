"""A member of staff as the desk knows them, and what their permissions in the claims backend mean here."""

from __future__ import annotations

from dataclasses import dataclass

# Whoever may read and work on claims may read and answer conversations; roles are kept in one place only.
READ, ANSWER = "read_claims", "work_on_claims"
SUPERVISE, EXPORT, AUDIT = "read_figures", "export", "read_audit"


@dataclass(frozen=True)
class Member:
    """Who is signed in."""

    username: str
    name: str
    role: str
    permissions: frozenset[str]

    def may(self, permission: str) -> bool:
        """Tell whether their role allows it."""
        return permission in self.permissions

    @property
    def first_name(self) -> str:
        """The name under which customers know them."""
        return self.name.split()[0]
