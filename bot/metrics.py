"""What is counted, without personal data, for `GET /metrics`."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 30)


class Metrics:
    """The counters of one running service, in a registry of their own so that tests can have several."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.messages = Counter(
            "bot_messages",
            "Messages stored, by direction and channel.",
            ["direction", "channel"],
            registry=self.registry,
        )
        self.turn_seconds = Histogram(
            "bot_turn_seconds", "Time the engine took for a turn.", buckets=_SECONDS, registry=self.registry
        )
        self.engine_failures = Counter(
            "bot_engine_failures", "Turns the engine did not answer, by kind.", ["kind"], registry=self.registry
        )
        self.handovers = Counter("bot_handover_requests", "Requests for a person.", registry=self.registry)
        self.drafts = Counter("bot_drafts", "Answers held back because a person took over.", registry=self.registry)
        self.queue = Gauge("bot_queue_length", "Messages waiting for an answer.", registry=self.registry)
        self.streams = Gauge("bot_event_streams", "Event streams held open.", registry=self.registry)
