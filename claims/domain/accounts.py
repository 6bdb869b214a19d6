"""Staff accounts: which names and passwords will do, and when guessing is stopped."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from claims.domain.errors import InvalidUsername, WeakPassword
from claims.domain.staff import Role, StaffMember

MAX_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)
PASSWORD_MIN = 12
PASSWORD_MAX = 200

_USERNAME = re.compile(r"[a-z][a-z0-9]*([._-][a-z0-9]+)*", re.ASCII)
# What people choose when twelve characters are asked for; anything shorter is refused anyway.
_COMMON = frozenset(
    {
        "123456789012",
        "1234567890123",
        "123123123123",
        "qwertyuiop12",
        "qwertyuiop123",
        "azertyuiop12",
        "azertyuiop123",
        "1q2w3e4r5t6y",
        "1qaz2wsx3edc",
        "password1234",
        "passwordpassword",
        "motdepasse123",
        "motdepasse1234",
        "wachtwoord12",
        "wachtwoord123",
        "welkom123456",
        "bienvenue123",
        "welcome12345",
        "iloveyou1234",
        "letmeinletmein",
        "administrator",
        "abcdefghijkl",
        "cybercare123",
        "cybercare1234",
        "proximus1234",
    }
)


@dataclass(frozen=True)
class Account:
    """What is kept of a member of staff.

    Attributes:
        password_hash: Made by argon2.
        totp_secret: Encrypted.
        totp_step: The last step of thirty seconds whose code was used; a code works once.
        must_change_password: The password was made by somebody else; until it is changed it opens nothing.
        failures: Wrong attempts since the last good one or the last lock.
    """

    username: str
    name: str
    role: Role
    password_hash: str
    totp_secret: str
    created_at: datetime
    must_change_password: bool = True
    totp_step: int = 0
    failures: int = 0
    locked_until: datetime | None = None
    active: bool = True

    @property
    def member(self) -> StaffMember:
        """The person, without what only signing in needs."""
        return StaffMember(self.username, self.name, self.role)

    def locked_at(self, now: datetime) -> bool:
        """Tell whether guessing is stopped at `now`."""
        return self.locked_until is not None and now < self.locked_until

    def failed(self, now: datetime) -> Account:
        """Count a wrong attempt; the fifth locks. While locked nothing counts, so that the lock does end."""
        if self.locked_at(now):
            return self
        if self.failures + 1 < MAX_FAILURES:
            return replace(self, failures=self.failures + 1)
        return replace(self, failures=0, locked_until=now + LOCKED_FOR)

    def proven(self, step: int | None = None) -> Account:
        """Forget wrong attempts after a right one, and use up the step of its code if there was one."""
        return replace(self, failures=0, locked_until=None, totp_step=self.totp_step if step is None else step)


@dataclass(frozen=True)
class StaffSession:
    """One sign-in; the token itself is not kept, only its hash."""

    token_hash: str
    username: str
    created_at: datetime
    used_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None

    def holds_at(self, now: datetime, idle: timedelta) -> bool:
        """Tell whether it is still good at `now`, when it ends after `idle` without use."""
        return self.revoked_at is None and now < self.expires_at and now < self.used_at + idle


def read_username(text: str) -> str:
    """Read a username as people type it.

    Raises:
        InvalidUsername: It does not look like one.
    """
    username = text.strip().lower()
    if not 3 <= len(username) <= 64 or not _USERNAME.fullmatch(username):
        raise InvalidUsername
    return username


def normal_password(text: str) -> str:
    """Write a password in one way: keyboards differ in how they compose the same letter (NIST SP 800-63B, 3.1.1.2)."""
    return unicodedata.normalize("NFKC", text)


def check_password(text: str, username: str) -> None:
    """Refuse a new password that is easy to guess; length counts, not the mix of characters (NIST SP 800-63B, 3.1.1.2).

    Raises:
        WeakPassword: It is too short or too long, holds the username, or is among those everybody tries first.
    """
    password = normal_password(text)
    plain = password.casefold()
    if len(password) < PASSWORD_MIN:
        raise WeakPassword(reason="too_short", minimum=PASSWORD_MIN)
    if len(password) > PASSWORD_MAX:
        raise WeakPassword(reason="too_long", maximum=PASSWORD_MAX)
    if username in plain:
        raise WeakPassword(reason="holds_username")
    if plain in _COMMON or len(set(plain)) < 4:
        raise WeakPassword(reason="common")
