"""Puts the Sanic app together."""

from __future__ import annotations

import asyncio
from typing import Any

import structlog
from sanic import Sanic
from sanic.response import BaseHTTPResponse

from claims.adapters.clock import Clock, utc_now
from claims.adapters.customer_tokens import CustomerTokens
from claims.adapters.events import EventSender
from claims.adapters.files import EvidenceFiles
from claims.adapters.identity_tokens import host_tokens
from claims.adapters.ids import Ids, RandomIds
from claims.adapters.mail import Mailer, SmtpMailer
from claims.adapters.operator_policies import operator_policies
from claims.adapters.passwords import Passwords
from claims.adapters.scanner import Clamd
from claims.adapters.second_factor import SecondFactor
from claims.api import (
    audit,
    claims,
    conversations,
    drafts,
    evidence,
    evidence_files,
    figures,
    health,
    identity,
    metrics,
    openapi,
    policies,
    staff,
    staff_accounts,
    staff_claims,
    staff_policies,
)
from claims.api.metrics import measure
from claims.service.background import Background
from claims.service.periodic import Periodic
from claims.service.services import Services
from claims.settings import Settings
from common.database import make_engine
from common.errors import install_errors, require_bearer
from content.responses import Responses

_BLUEPRINTS = (
    identity,
    policies,
    drafts,
    claims,
    evidence,
    evidence_files,
    conversations,
    staff,
    staff_accounts,
    staff_claims,
    staff_policies,
    audit,
    figures,
    metrics,
    health,
    openapi,
)
# Sixty answers of 4000 characters of four bytes fit, and nothing much larger.
_LARGEST_BODY = 1024 * 1024


def create_app(
    settings: Settings,
    *,
    clock: Clock = utc_now,
    ids: Ids | None = None,
    mailer: Mailer | None = None,
    passwords: Passwords | None = None,
    name: str = "claims",
    periodic: bool = True,
) -> Sanic[Any, Any]:
    """Make the app.

    Args:
        settings: The settings of the service.
        clock: Tells the time.
        ids: Makes ids and codes; from the operating system's randomness when not given.
        mailer: Sends mails; through the mail server of the settings when not given.
        passwords: Hashes passwords; with the parameters of the library when not given.
        name: The app's name, which must be unique in a process.
        periodic: Whether the app does what nobody asks for: sending mails and events, reminding, scanning.
    """
    app: Sanic[Any, Any] = Sanic(name, configure_logging=False)
    app.config.REQUEST_MAX_SIZE = _LARGEST_BODY
    app.config.ACCESS_LOG = False
    app.config.MOTD = False
    # Read now, so that a broken file stops the start and not the first mail.
    Responses.load()
    app.ctx.services = join(settings, clock=clock, ids=ids, mailer=mailer, passwords=passwords)
    install_errors(app)
    measure(app)
    require_bearer(app, settings.service_tokens, open_paths=("/v1/openapi.json", "/health/", "/metrics"))
    for module in _BLUEPRINTS:
        app.blueprint(module.blueprint)
    app.register_middleware(_forbid_caching, "response")
    app.before_server_start(_warn)
    if periodic:
        app.ctx.periodic = Periodic(app.ctx.services)
        app.after_server_start(_begin)
        app.before_server_stop(_end)
    app.after_server_stop(_stop)
    return app


def join(
    settings: Settings,
    *,
    clock: Clock = utc_now,
    ids: Ids | None = None,
    mailer: Mailer | None = None,
    passwords: Passwords | None = None,
) -> Services:
    """Make the adapters that the settings ask for; the arguments are as for `create_app`."""
    return Services(
        settings=settings,
        engine=make_engine(settings.database_url),
        clock=clock,
        ids=ids or RandomIds(),
        mailer=mailer or SmtpMailer(settings),
        tokens=CustomerTokens(settings.token_secret, clock),
        passwords=passwords or Passwords(),
        second_factor=SecondFactor(settings.token_secret),
        background=Background(),
        files=EvidenceFiles(settings),
        scanner=Clamd(settings.clamav) if settings.clamav else None,
        policy_source=operator_policies(settings, clock),
        host_tokens=host_tokens(settings),
        events=EventSender(settings.events_url, settings.events_secret) if settings.events_url else None,
    )


async def _forbid_caching(_: Any, response: BaseHTTPResponse) -> None:
    response.headers["cache-control"] = "no-store"
    response.headers["x-content-type-options"] = "nosniff"


async def _warn(app: Sanic[Any, Any]) -> None:
    services: Services = app.ctx.services
    if services.scanner is None and not services.settings.demo:
        structlog.get_logger().warning("evidence.no_scanner", setting="CLAIMS_CLAMAV")


async def _begin(app: Sanic[Any, Any]) -> None:
    app.ctx.periodic.start()


async def _end(app: Sanic[Any, Any]) -> None:
    await asyncio.to_thread(app.ctx.periodic.stop)


async def _stop(app: Sanic[Any, Any]) -> None:
    services: Services = app.ctx.services
    await services.background.close()
    services.engine.dispose()
