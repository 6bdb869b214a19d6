"""Who does something: a customer, a member of staff, or the service itself."""

from __future__ import annotations

from dataclasses import dataclass

SYSTEM = "system"


@dataclass(frozen=True)
class Actor:
    """Whoever reads or changes a claim, as the audit trail and the versions of a claim name them.

    Attributes:
        kind: customer, staff, system, or conversation: somebody in it, whose identity this call did not prove.
        name: The policy reference, the username, the part of the service, or the conversation's id.
    """

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"

    @staticmethod
    def customer(policy_reference: str) -> Actor:
        """The customer of a policy."""
        return Actor("customer", policy_reference)

    @staticmethod
    def staff(username: str) -> Actor:
        """A member of staff."""
        return Actor("staff", username)

    @staticmethod
    def conversation(conversation: str) -> Actor:
        """Whoever writes in a conversation."""
        return Actor("conversation", conversation)

    @staticmethod
    def system(part: str) -> Actor:
        """A part of the service that works by itself, for example the clock."""
        return Actor(SYSTEM, part)
