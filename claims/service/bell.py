"""Wakes the threads that send as soon as there is something to send."""

from __future__ import annotations

from threading import Condition


class Bell:
    """Rung by whoever filled the outbox; everybody who waits hears every ring, also one while they were busy."""

    def __init__(self) -> None:
        self._condition, self._rings = Condition(), 0

    def ring(self) -> None:
        """Wake everybody."""
        with self._condition:
            self._rings += 1
            self._condition.notify_all()

    def wait(self, heard: int, seconds: float) -> int:
        """Wait for a ring after the first `heard` ones, `seconds` at most; returns how many there were by then."""
        with self._condition:
            self._condition.wait_for(lambda: self._rings > heard, seconds)
            return self._rings
