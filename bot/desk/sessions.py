"""Who of the staff is asking: a cookie with the claims backend's session, signed so that only we hand it on."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from itsdangerous import BadData, URLSafeSerializer

from bot.desk.backend import Backend, BackendRefused
from bot.desk.members import Member
from common.errors import Unauthorised, Unavailable

COOKIE = "cybercare_desk"
# The backend is asked again after this; until then a session that was ended elsewhere still holds.
FRESH_SECONDS = 20.0
# While the backend does not answer, staff can go on answering customers for this long.
GRACE_SECONDS = 600.0


@dataclass
class _Known:
    member: Member
    asked_at: float


class StaffSessions:
    """Reads cookies, and remembers for a moment whom they stand for."""

    def __init__(self, backend: Backend, secret: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._backend, self._clock = backend, clock
        self._serializer = URLSafeSerializer(secret, salt="cybercare.desk.session")
        self._known: dict[str, _Known] = {}

    async def open(self, username: str, password: str, code: str) -> tuple[str, Member]:
        """Sign in; returns the cookie's value and who it is.

        Raises:
            BackendRefused: The claims backend says no.
            Unavailable: It does not answer.
        """
        session, member = await self._backend.sign_in(username, password, code)
        self._remember(session, member)
        return str(self._serializer.dumps(session)), member

    async def close(self, cookie: str) -> None:
        """Sign out."""
        session = self.session_of(cookie)
        if session is not None:
            self._known.pop(session, None)
            await self._backend.sign_out(session)

    def session_of(self, cookie: str) -> str | None:
        """The backend's session in a cookie, None if we did not make it."""
        try:
            session = self._serializer.loads(cookie)
        except (BadData, UnicodeError):
            return None
        return session if isinstance(session, str) else None

    async def member(self, cookie: str) -> Member:
        """Whom a cookie stands for.

        Raises:
            Unauthorised: Nobody, or the session is over.
            Unavailable: The claims backend does not answer, and did not for too long.
        """
        session = self.session_of(cookie)
        if session is None:
            raise _sign_in_first()
        known, now = self._known.get(session), self._clock()
        if known is not None and now - known.asked_at < FRESH_SECONDS:
            return known.member
        try:
            member = await self._backend.me(session)
        except BackendRefused:
            self._known.pop(session, None)
            raise _sign_in_first() from None
        except Unavailable:
            if known is None or now - known.asked_at > GRACE_SECONDS:
                raise
            return known.member
        self._remember(session, member)
        return member

    def _remember(self, session: str, member: Member) -> None:
        now = self._clock()
        self._known = {key: each for key, each in self._known.items() if now - each.asked_at <= GRACE_SECONDS}
        self._known[session] = _Known(member, now)


def _sign_in_first() -> Unauthorised:
    return Unauthorised("desk_session_invalid", "Sign in to the desk first.")
