"""Until when a customer of a messenger may be answered, and how: the platforms close the door after a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

# Both platforms: a day after the customer's last message. Messenger: a person may answer for a week.
STANDARD = timedelta(hours=24)
HUMAN_AGENT = timedelta(days=7)

OPEN, STANDARD_WINDOW, AGENT, TEMPLATE, CLOSED = "open", "standard", "human_agent", "template", "closed"


class Reachable(Protocol):
    """What of a conversation decides: a row of the table `conversations` has it."""

    @property
    def channel(self) -> str:
        """web, messenger or whatsapp."""

    @property
    def last_inbound_at(self) -> datetime | None:
        """When the customer last did something there."""


@dataclass(frozen=True)
class Window:
    """How the customer can be written to now, and until when that holds.

    Attributes:
        how: `open` (always: the website), `standard` (anybody may), `human_agent` (a person may), `template` (an
            approved template asks the customer to answer; what a person writes is kept until they do), `closed`.
        until: When it changes; None if it does not by itself.
    """

    how: str
    until: datetime | None = None


def reply_window(conversation: Reachable, now: datetime, *, template: bool = False) -> Window:
    """How and until when the customer of this conversation can be answered.

    Args:
        conversation: What the log knows of it.
        now: When it is asked.
        template: WhatsApp has an approved template for what comes too late.
    """
    last = conversation.last_inbound_at
    if conversation.channel not in ("messenger", "whatsapp"):
        return Window(OPEN)
    if last is not None and now < last + STANDARD:
        return Window(STANDARD_WINDOW, last + STANDARD)
    if conversation.channel == "whatsapp":
        return Window(TEMPLATE if template else CLOSED)
    if last is not None and now < last + HUMAN_AGENT:
        return Window(AGENT, last + HUMAN_AGENT)
    return Window(CLOSED)
