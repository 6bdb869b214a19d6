"""Is the service up, and can it work."""

from __future__ import annotations

import asyncio

from sanic import Blueprint, HTTPResponse, Request
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from claims.adapters.tables import policies
from claims.api import schemas
from claims.api.bodies import answer
from claims.api.operations import Operation, serve, services_of
from claims.service.services import Services
from common.errors import Unavailable

blueprint = Blueprint("health")


@serve(
    blueprint,
    Operation("GET", "/health/live", "The process answers.", answers={200: schemas.Health}, service_token=False),
)
async def live(request: Request) -> HTTPResponse:
    """Tell that the process is up."""
    return answer(schemas.Health("live"))


@serve(
    blueprint,
    Operation(
        "GET",
        "/health/ready",
        "The database answers and has its tables.",
        answers={200: schemas.Health},
        errors={503: ("not_ready",)},
        service_token=False,
    ),
)
async def ready(request: Request) -> HTTPResponse:
    """Tell whether the service can work."""
    try:
        await asyncio.to_thread(_select, services_of(request))
    except SQLAlchemyError:
        raise Unavailable("not_ready", "The database cannot be read.") from None
    return answer(schemas.Health("ready"))


def _select(services: Services) -> None:
    with services.engine.connect() as connection:
        connection.execute(select(policies.c.reference).limit(1))
