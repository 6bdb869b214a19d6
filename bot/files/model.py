"""A file of a conversation, why it may be refused, and what it is called on its way."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

WAITING, KEPT, REFUSED, LOST = "waiting", "kept", "refused", "lost"
# A file of staff: it is no evidence, and stays here for the customer to fetch.
GIVEN = "given"

# Why a file is not taken; the same words for both doors and in what the customer hears.
EMPTY = "file_empty"
TYPE_REFUSED = "file_type_refused"
TOO_LARGE = "too_large"
TOO_MANY = "too_many_files"
INFECTED = "infected"
NOT_TAKEN = "not_taken"
NOT_FOR_CHANNEL = "file_not_for_channel"


@dataclass(frozen=True)
class Attachment:
    """A file of a conversation.

    Attributes:
        message: The row of the message it came with; None while it is not sent.
        seq: That message's number.
        error: Why it was refused.
    """

    id: str
    conversation: str
    name: str
    content_type: str
    size: int
    state: str
    at: datetime
    message: int | None = None
    seq: int | None = None
    error: str | None = None

    def shown(self) -> dict[str, Any]:
        """As a message carries it (docs/contracts.md)."""
        about = {"id": self.id, "name": self.name, "type": self.content_type, "size": self.size, "state": self.state}
        return about | ({"error": self.error} if self.error else {})


class FileRefused(Exception):
    """A file is not taken; `code` says why, and `most` which size would do."""

    def __init__(self, code: str, most: int | None = None) -> None:
        super().__init__(code)
        self.code, self.most = code, most


class NoRoom(Exception):
    """So much lies in the folder that no more files are taken for now."""


def attachment_id(conversation: str, channel_id: str) -> str:
    """The id of a file: the same on every try to send it, and different in every conversation."""
    # The word in front keeps logs from taking it for an account number.
    return "file_" + hashlib.sha256(f"{conversation}\0{channel_id}".encode()).hexdigest()[:30]
