"""Hashes and checks passwords of staff with argon2."""

from __future__ import annotations

from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from claims.domain.accounts import normal_password

# Each takes 64 MiB while it runs: many attempts at once must not take all the memory there is.
_AT_ONCE = 4


class Passwords:
    """Hashes passwords; the parameters travel with each hash, so they can be raised later."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turns = BoundedSemaphore(_AT_ONCE)
        self._nobody = self._hasher.hash("nobody has this password")

    def hash(self, password: str) -> str:
        """Hash a new password."""
        with self._turns:
            return self._hasher.hash(normal_password(password))

    def right(self, password_hash: str | None, password: str) -> bool:
        """Check a password.

        Args:
            password_hash: None for an account that does not exist: the answer is no, after the same work.
            password: As it was typed.
        """
        try:
            with self._turns:
                right = self._hasher.verify(password_hash or self._nobody, normal_password(password))
        except (VerificationError, InvalidHashError):
            return False
        return right and password_hash is not None

    def outdated(self, password_hash: str) -> bool:
        """Tell whether a hash was made with other parameters than those of today."""
        return self._hasher.check_needs_rehash(password_hash)
