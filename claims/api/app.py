"""Puts the Sanic app together."""

from __future__ import annotations

from typing import Any

from sanic import Sanic
from sanic.response import BaseHTTPResponse

from claims.adapters.clock import Clock, utc_now
from claims.adapters.customer_tokens import CustomerTokens
from claims.adapters.ids import Ids, RandomIds
from claims.adapters.mail import Mailer, SmtpMailer
from claims.api import claims, drafts, health, identity, openapi, policies
from claims.service.background import Background
from claims.service.services import Services
from claims.settings import Settings
from common.database import make_engine
from common.errors import install_errors, require_bearer
from content.responses import Responses

_BLUEPRINTS = (identity, policies, drafts, claims, health, openapi)
# Sixty answers of 4000 characters of four bytes fit, and nothing much larger.
_LARGEST_BODY = 1024 * 1024


def create_app(
    settings: Settings,
    *,
    clock: Clock = utc_now,
    ids: Ids | None = None,
    mailer: Mailer | None = None,
    name: str = "claims",
) -> Sanic[Any, Any]:
    """Make the app.

    Args:
        settings: The settings of the service.
        clock: Tells the time.
        ids: Makes ids and codes; from the operating system's randomness when not given.
        mailer: Sends mails; through the mail server of the settings when not given.
        name: The app's name, which must be unique in a process.
    """
    app: Sanic[Any, Any] = Sanic(name, configure_logging=False)
    app.config.REQUEST_MAX_SIZE = _LARGEST_BODY
    app.config.ACCESS_LOG = False
    app.config.MOTD = False
    # Read now, so that a broken file stops the start and not the first mail.
    Responses.load()
    app.ctx.services = Services(
        settings=settings,
        engine=make_engine(settings.database_url),
        clock=clock,
        ids=ids or RandomIds(),
        mailer=mailer or SmtpMailer(settings),
        tokens=CustomerTokens(settings.token_secret, clock),
        background=Background(),
    )
    install_errors(app)
    require_bearer(app, settings.service_tokens, open_paths=("/v1/openapi.json", "/health/"))
    for module in _BLUEPRINTS:
        app.blueprint(module.blueprint)
    app.register_middleware(_forbid_caching, "response")
    app.after_server_stop(_stop)
    return app


async def _forbid_caching(_: Any, response: BaseHTTPResponse) -> None:
    response.headers["cache-control"] = "no-store"
    response.headers["x-content-type-options"] = "nosniff"


async def _stop(app: Sanic[Any, Any]) -> None:
    services: Services = app.ctx.services
    await services.background.close()
    services.engine.dispose()
