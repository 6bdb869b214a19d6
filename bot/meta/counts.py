"""What is counted of messengers, for `GET /metrics`."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5)


class Counts:
    """The counters of one service."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._webhook = Histogram(
            "bot_meta_webhook_seconds", "Time until Meta has its 200.", buckets=_SECONDS, registry=registry
        )
        self._parts = Counter(
            "bot_meta_deliveries",
            "Calls to send a part of a message: sent, or why not.",
            ["channel", "outcome"],
            registry=registry,
        )

    def answered(self, seconds: float) -> None:
        """Meta has its answer."""
        self._webhook.observe(seconds)

    def sent(self, channel: str, outcome: str) -> None:
        """A part was sent, or not."""
        self._parts.labels(channel, outcome).inc()
