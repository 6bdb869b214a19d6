"""Puts Messenger and WhatsApp into the app, if a Page or a number is connected."""

from __future__ import annotations

from typing import Any

from sanic import Sanic

from bot.meta.graph import make_graph
from bot.meta.routes import make_webhook
from bot.meta.service import MetaService
from bot.meta.settings import MetaSettings
from bot.parts import Parts


def install_meta(app: Sanic[Any, Any], parts: Parts, settings: MetaSettings) -> None:
    """Open the door for Meta, if a Page or a number is connected."""
    if not settings.on:
        return
    service = MetaService(settings, parts, make_graph(settings, parts.files.folder.path))
    app.ctx.meta = service
    app.blueprint(make_webhook(service))

    async def start(_: Sanic[Any, Any]) -> None:
        await service.start()

    async def stop(_: Sanic[Any, Any]) -> None:
        await service.stop()

    async def close(_: Sanic[Any, Any]) -> None:
        await service.close()

    app.after_server_start(start)
    app.before_server_stop(stop)
    app.after_server_stop(close)
