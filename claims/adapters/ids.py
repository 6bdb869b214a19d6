"""Everything that is left to chance."""

from __future__ import annotations

import secrets
from typing import Protocol

import pyotp

from claims.domain.references import ALPHABET, claim_reference


class Ids(Protocol):
    """Makes ids, codes and references; tests bring their own."""

    def token(self) -> str:
        """Make an id nobody can guess."""

    def code(self) -> str:
        """Make a one-time code of six digits."""

    def reference(self, year: int) -> str:
        """Make a claim reference."""

    def password(self) -> str:
        """Make a password for a first sign-in."""

    def totp_secret(self) -> str:
        """Make the secret of a second factor."""


class RandomIds:
    """Ids from the operating system's source of randomness."""

    def token(self) -> str:
        """Make an id nobody can guess."""
        return secrets.token_urlsafe(18)

    def code(self) -> str:
        """Make a one-time code of six digits."""
        return f"{secrets.randbelow(1_000_000):06d}"

    def reference(self, year: int) -> str:
        """Make a claim reference."""
        return claim_reference(year, secrets.choice)

    def password(self) -> str:
        """Make a password of 94 bits that can be read out on the phone."""
        return "-".join("".join(secrets.choice(ALPHABET) for _ in range(5)) for _ in range(4))

    def totp_secret(self) -> str:
        """Make the secret of a second factor, 160 bits in base 32 (RFC 4226, 4)."""
        return pyotp.random_base32()
