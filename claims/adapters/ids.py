"""Everything that is left to chance."""

from __future__ import annotations

import secrets
from typing import Protocol

from claims.domain.references import claim_reference


class Ids(Protocol):
    """Makes ids, codes and references; tests bring their own."""

    def token(self) -> str:
        """Make an id nobody can guess."""

    def code(self) -> str:
        """Make a one-time code of six digits."""

    def reference(self, year: int) -> str:
        """Make a claim reference."""


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
