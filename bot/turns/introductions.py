"""Who a customer proved to be on the host page, on its way to the dialogue: in memory only, never in the log."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.log.model import Turn

INTRODUCE = "/identify"


@dataclass(frozen=True)
class Identity:
    """What the claims backend says of a customer; the token opens their policy and is shown nowhere."""

    token: str = field(repr=False)
    expires_at: str
    policy: dict[str, Any] = field(repr=False)

    def for_engine(self) -> dict[str, Any]:
        """As the dialogue keeps it."""
        name = self.policy["holder"]["first_name"]
        return {"token": self.token, "expires_at": self.expires_at, "policy": self.policy, "name": name}


class Introductions:
    """Identities that wait for their turn. They are gone with the process: then the dialogue asks as usual."""

    def __init__(self) -> None:
        self._waiting: dict[tuple[str, str], Identity] = {}

    def put(self, conversation: str, channel_message_id: str, identity: Identity) -> None:
        """Keep one for the hidden message of this id."""
        self._waiting[conversation, channel_message_id] = identity

    def of(self, turn: Turn) -> Identity | None:
        """The one of a turn."""
        return self._waiting.get((turn.conversation, turn.channel_message_id))

    def forget(self, turn: Turn) -> None:
        """The dialogue has it, or never will."""
        self._waiting.pop((turn.conversation, turn.channel_message_id), None)
