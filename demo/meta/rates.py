"""Rate limits: a bucket that fills again with time."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Bucket:
    """So many at once, then so many a second.

    Attributes:
        most: What it holds when full.
        per_second: How fast it fills.
    """

    most: float
    per_second: float
    left: float = -1.0
    at: float = 0.0

    def take(self, now: float) -> bool:
        """Take one; False when there is none."""
        passed = max(0.0, now - self.at)
        self.left = self.most if self.left < 0 else min(self.most, self.left + passed * self.per_second)
        self.at = now
        if self.left < 1:
            return False
        self.left -= 1
        return True


class Rates:
    """A bucket for each page, number and pair."""

    def __init__(self) -> None:
        self._buckets: dict[str, Bucket] = {}

    def take(self, key: str, most: float, per_second: float, now: float) -> bool:
        """Take one from the bucket `key`; a changed limit makes a new one."""
        bucket = self._buckets.get(key)
        if bucket is None or (bucket.most, bucket.per_second) != (most, per_second):
            bucket = self._buckets[key] = Bucket(most, per_second)
        return bucket.take(now)

    def forget(self) -> None:
        """Fill all buckets."""
        self._buckets.clear()
