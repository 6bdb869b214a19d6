"""How long to wait before asking again."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass


def backoff(attempt: int, chance: float, *, first: float = 1.0, longest: float = 15.0) -> float:
    """Seconds to wait after failed attempt number `attempt` (from 1).

    Doubles up to `longest`; `chance` (0..1) takes off up to half, so that conversations do not all ask at once.
    """
    full = min(longest, first * 2.0 ** min(attempt - 1, 16))
    return full * (1 - chance / 2)


@dataclass(frozen=True)
class Pace:
    """Waiting, with time and chance that tests can replace."""

    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    chance: Callable[[], float] = random.random

    async def rest(self, attempt: int) -> None:
        """Wait after failed attempt number `attempt`."""
        await self.sleep(backoff(attempt, self.chance()))
