"""What is counted, without personal data, for `GET /metrics`."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, Histogram, generate_latest
from sanic import Blueprint, HTTPResponse, Request, Sanic
from sanic.response import BaseHTTPResponse, raw
from sqlalchemy import func, select

from claims.adapters.tables import claims, evidence, outbox
from claims.api.operations import Operation, serve, services_of
from claims.domain.claims import ClaimStatus
from claims.domain.evidence import EvidenceState
from claims.service.services import Services

blueprint = Blueprint("metrics")

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """The figures of one running service, in a registry of their own so that tests can have several."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.request_seconds = Histogram(
            "claims_request_seconds",
            "Time for an answer, by route, method and status.",
            ["route", "method", "status"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.claims = Gauge("claims_by_status", "Claims in each status.", ["status"], registry=self.registry)
        self.outbox = Gauge("claims_outbox", "Mails and events not sent, by state.", ["state"], registry=self.registry)
        self.evidence = Gauge("claims_evidence", "Pieces of evidence, by state.", ["state"], registry=self.registry)

    def read(self, services: Services) -> None:
        """Bring the gauges up to date."""
        with services.engine.connect() as connection:
            statuses = connection.execute(select(claims.c.status, func.count()).group_by(claims.c.status)).all()
            states = connection.execute(select(evidence.c.state, func.count()).group_by(evidence.c.state)).all()
            unsent = select(func.count()).select_from(outbox).where(outbox.c.sent_at.is_(None))
            failed = connection.execute(unsent.where(outbox.c.failed_at.is_not(None))).scalar_one()
            waiting = connection.execute(unsent.where(outbox.c.failed_at.is_(None))).scalar_one()
        # Each one, also what is not there any more: a gauge keeps its last value.
        found = {status: count for status, count in statuses}
        for status in ClaimStatus:
            self.claims.labels(status.value).set(found.get(status.value, 0))
        kept = {state: count for state, count in states}
        for state in EvidenceState:
            self.evidence.labels(state.value).set(kept.get(state.value, 0))
        self.outbox.labels("waiting").set(waiting)
        self.outbox.labels("failed").set(failed)


def measure(app: Sanic[Any, Any]) -> None:
    """Time every request of the app."""
    app.ctx.metrics = Metrics()

    async def begin(request: Request) -> None:
        request.ctx.began = time.perf_counter()

    async def end(request: Request, response: BaseHTTPResponse) -> None:
        # The route's pattern, never the address: that holds references.
        route = request.route.path if request.route else "none"
        took = time.perf_counter() - getattr(request.ctx, "began", time.perf_counter())
        app.ctx.metrics.request_seconds.labels(route, request.method, response.status).observe(took)

    app.register_middleware(begin, "request", priority=99)
    app.register_middleware(end, "response")


@serve(
    blueprint,
    Operation(
        "GET",
        "/metrics",
        "What is counted, for Prometheus.",
        answers={200: None},
        content_type="text/plain",
        service_token=False,
    ),
)
async def read(request: Request) -> HTTPResponse:
    """Answer Prometheus."""
    counted: Metrics = request.app.ctx.metrics
    await asyncio.to_thread(counted.read, services_of(request))
    return raw(generate_latest(counted.registry), content_type=CONTENT_TYPE_LATEST)
