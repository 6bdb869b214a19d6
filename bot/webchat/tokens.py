"""Session tokens: the conversation's id, signed, with an end."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable

from itsdangerous import BadData, TimestampSigner, URLSafeTimedSerializer

PREFIX = "web:"
COOKIE = "cybercare_session"


def new_conversation_id() -> str:
    """An id nobody can guess."""
    return PREFIX + secrets.token_urlsafe(24)


class Tokens:
    """Makes and reads session tokens."""

    def __init__(self, secret: str, *, seconds: int, clock: Callable[[], float] = time.time) -> None:
        class Signer(TimestampSigner):
            def get_timestamp(self) -> int:
                return int(clock())

        self._seconds = seconds
        self._serializer = URLSafeTimedSerializer(secret, salt="cybercare.webchat.session", signer=Signer)

    def make(self, conversation: str) -> str:
        """A token for `conversation`."""
        return str(self._serializer.dumps(conversation))

    def read(self, token: str) -> str | None:
        """The conversation a token stands for; None if it is forged, expired or of another channel."""
        try:
            conversation = self._serializer.loads(token, max_age=self._seconds)
        except (BadData, UnicodeError):
            return None
        return conversation if isinstance(conversation, str) and conversation.startswith(PREFIX) else None
