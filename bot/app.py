"""Makes the Sanic app: routes, errors, headers, and what happens at start and stop."""

from __future__ import annotations

from typing import Any

from sanic import Sanic

from bot.claim_events import make_claim_events
from bot.desk.api import install_desk
from bot.desk.window import Windows
from bot.health import Readiness, health
from bot.internal import make_internal
from bot.meta.install import install_meta
from bot.meta.settings import MetaSettings
from bot.pages import make_pages
from bot.parts import Parts
from bot.security import install_headers
from bot.webchat.routes import webchat
from common.errors import install_errors

LARGEST_BODY = 64 * 1024


def create_app(parts: Parts, name: str = "bot", meta: MetaSettings | None = None) -> Sanic[Any, Any]:
    """Make the app around its parts."""
    app: Sanic[Any, Any] = Sanic(name, configure_logging=False)
    app.config.REQUEST_MAX_SIZE = LARGEST_BODY
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = parts.settings.stop_seconds
    app.config.ACCESS_LOG = False
    app.config.MOTD = False
    if parts.settings.proxies:
        app.config.PROXIES_COUNT = parts.settings.proxies
    app.ctx.parts = parts
    app.ctx.readiness = Readiness(parts.settings, parts.log)
    install_errors(app)
    install_headers(app, parts.settings)
    settings = parts.settings
    app.blueprint([webchat, make_internal(settings), make_claim_events(settings), health, make_pages(parts.site)])
    meta = meta or MetaSettings()
    install_desk(app, parts, Windows(template=bool(meta.whatsapp_template)))
    install_meta(app, parts, meta)
    app.after_server_start(_start)
    app.before_server_stop(_stop)
    app.after_server_stop(_close)
    return app


async def _start(app: Sanic[Any, Any]) -> None:
    parts: Parts = app.ctx.parts
    parts.carrier.start()
    await parts.workers.start()


async def _stop(app: Sanic[Any, Any]) -> None:
    """Take nothing new, let running turns end and tell their readers, then close the streams."""
    parts: Parts = app.ctx.parts
    await parts.carrier.stop(parts.settings.stop_seconds)
    await parts.workers.stop(parts.settings.stop_seconds)
    parts.hub.close_all()


async def _close(app: Sanic[Any, Any]) -> None:
    parts: Parts = app.ctx.parts
    await parts.engine.close()
    await parts.carrier.claims.close()
    await app.ctx.readiness.close()
    parts.log.close()
