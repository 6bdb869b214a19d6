"""One part of a message on its way: the states it can be in, and what is needed to send it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

WAITING, SENDING, SENT, DELIVERED, READ, FAILED, HELD = (
    "waiting",
    "sending",
    "sent",
    "delivered",
    "read",
    "failed",
    "held",
)
OPEN = (WAITING, SENDING)
OUTSIDE_WINDOW = "outside_window"
# Longest time for a file to go out.
FILE_TIME = timedelta(seconds=60)
# Before the first part of the message it stands for.
TEMPLATE_PART = -1


@dataclass(frozen=True)
class Job:
    """One part that is being sent.

    Attributes:
        row: In the outbox.
        conversation: Whose.
        channel: messenger or whatsapp.
        account: Our side.
        address: The customer's id there.
        key: Goes out with it.
        body: What the platform is sent.
        attempt: The how manieth try this is.
        tagged: A person answers after the first day: Messenger wants it marked.
    """

    row: int
    conversation: str
    channel: str
    account: str
    address: str
    key: str
    body: dict[str, Any]
    attempt: int
    tagged: bool = False

    @property
    def file(self) -> dict[str, str] | None:
        """The file this part is, if it is one: id, name and type."""
        return self.body.get("file")


@dataclass(frozen=True)
class Later:
    """Something waits, but not yet."""

    at: datetime
