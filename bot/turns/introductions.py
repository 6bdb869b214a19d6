"""Who a customer proved to be on the host page, on its way to the dialogue: in memory only, never in the log."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.desk.takeover import RESUME
from bot.log.model import Turn

INTRODUCE = "/identify"
# More do not wait at once.
MOST = 1_000


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
    """Identities that wait for their turn. They are gone with the process: then the dialogue asks as usual.

    While a member of staff has the conversation, the hidden message has no turn: what was given then comes with the
    turn in which the assistant is back.
    """

    def __init__(self) -> None:
        self._waiting: dict[tuple[str, str], Identity] = {}

    def put(self, conversation: str, channel_message_id: str, identity: Identity) -> None:
        """Keep one for the hidden message of this id; the oldest goes when there are too many."""
        self._waiting[conversation, channel_message_id] = identity
        if len(self._waiting) > MOST:
            del self._waiting[next(iter(self._waiting))]

    def of(self, turn: Turn) -> Identity | None:
        """The one of a turn; when the assistant is back, the last one of the conversation."""
        if not _assistant_is_back(turn):
            return self._waiting.get((turn.conversation, turn.channel_message_id))
        return next((self._waiting[key] for key in reversed(self._waiting) if key[0] == turn.conversation), None)

    def forget(self, turn: Turn) -> None:
        """The dialogue has it, or never will."""
        self._waiting.pop((turn.conversation, turn.channel_message_id), None)
        if _assistant_is_back(turn):
            for key in [key for key in self._waiting if key[0] == turn.conversation]:
                del self._waiting[key]


def _assistant_is_back(turn: Turn) -> bool:
    return (turn.payload or "").startswith(RESUME)
