"""Claim references that survive being read out on the phone."""

from __future__ import annotations

from collections.abc import Callable

ALPHABET = "2346789ACDEFGHJKMNPQRTVWXY"
"""Without 0 O, 1 I L, 5 S, B (like 8), U (like V) and Z (like 2), which people mix up."""

LENGTH = 6


def claim_reference(year: int, choose: Callable[[str], str]) -> str:
    """Make a reference such as CC-2026-7K4M2P.

    Args:
        year: The year of the submission.
        choose: Picks one character of the alphabet; given from outside so that tests know what comes.
    """
    return f"CC-{year}-{''.join(choose(ALPHABET) for _ in range(LENGTH))}"
