"""How often one session or one address may do something; kept in memory."""

from __future__ import annotations

import ipaddress
import math
import time
from collections import deque
from collections.abc import Callable


class Limit:
    """At most `most` events in any `seconds`, for every key by itself."""

    def __init__(self, most: int, seconds: float = 60.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._seconds, self._clock = most, seconds, clock
        self._events: dict[str, deque[float]] = {}
        self._swept = clock()

    def take(self, key: str, times: int = 1) -> int:
        """Count one event; 0 if it is within the limit, else the seconds until the next one is.

        Args:
            key: Whose.
            times: How many times the limit it is for this key.
        """
        now = self._clock()
        self._sweep(now)
        events = self._events.setdefault(key, deque())
        while events and events[0] <= now - self._seconds:
            events.popleft()
        if len(events) >= self._most * times:
            return max(1, math.ceil(events[0] + self._seconds - now))
        events.append(now)
        return 0

    def _sweep(self, now: float) -> None:
        # Keys that have been quiet go, so that memory does not grow with every visitor there ever was.
        if now - self._swept < self._seconds:
            return
        self._swept = now
        self._events = {key: events for key, events in self._events.items() if events[-1] > now - self._seconds}


def address_key(address: str) -> str:
    """One key for all addresses of one customer: with IPv6 that is a /64."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 6:
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
