"""Until when a customer can be written to: messengers allow it for a while after the customer's last message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

STANDARD = timedelta(hours=24)
# Messenger lets a person, but no program, answer for longer.
HUMAN_AGENT = timedelta(days=7)


@dataclass(frozen=True)
class Window:
    """How a customer can be written to: open (always), standard, human_agent, closed; and until when."""

    how: str
    until: datetime | None = None


def window(channel: str, last_inbound: datetime | None, now: datetime) -> Window:
    """The window of a conversation.

    Args:
        channel: web, messenger or whatsapp.
        last_inbound: When the customer wrote last.
        now: When it is asked.
    """
    if channel == "web":
        return Window("open")
    if last_inbound is None:
        return Window("closed")
    if now < last_inbound + STANDARD:
        return Window("standard", last_inbound + STANDARD)
    if channel == "messenger" and now < last_inbound + HUMAN_AGENT:
        return Window("human_agent", last_inbound + HUMAN_AGENT)
    return Window("closed", last_inbound + (HUMAN_AGENT if channel == "messenger" else STANDARD))
