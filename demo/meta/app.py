"""Makes the stand-in's Sanic app."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from sanic import Blueprint, HTTPResponse, Request, Sanic, json, raw
from sanic.response import BaseHTTPResponse

from common.certificates import trusted
from common.errors import Forbidden, NotFound, install_errors
from demo.meta.control import control
from demo.meta.dispatch import Dispatcher
from demo.meta.files import files
from demo.meta.graph import graph
from demo.meta.hall import Hall
from demo.meta.model import load, save
from demo.meta.play import LARGEST_FILE, play
from demo.meta.settings import Settings

_PAGE = Path(__file__).parent / "page"
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' blob:; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}
_HERE = ("127.0.0.1", "localhost")


def create_app(settings: Settings, address: str, name: str = "meta") -> Sanic[Any, Any]:
    """Make the app.

    Args:
        settings: What the launcher told.
        address: Where this app is reached, for the addresses of files.
        name: Sanic wants one of its own for each app in a process.
    """
    app: Sanic[Any, Any] = Sanic(name, configure_logging=False)
    app.config.MOTD = False
    app.config.ACCESS_LOG = False
    app.config.REQUEST_MAX_SIZE = LARGEST_FILE + 64 * 1024
    install_errors(app)
    app.register_middleware(_only_from_here, "request")
    app.register_middleware(_add_headers, "response")
    app.blueprint([play, control, files, graph, _pages()])

    async def start(app: Sanic[Any, Any]) -> None:
        app.ctx.client = httpx.AsyncClient(trust_env=False, verify=trusted())

        def behaviour() -> Any:
            return app.ctx.hall.behaviour

        secrets = (settings.app_secret, settings.verify_token)
        dispatcher = Dispatcher(app.ctx.client, settings.webhook_url, *secrets, behaviour)
        app.ctx.hall = Hall(settings, load(Path(settings.dir)), dispatcher, address)
        dispatcher.start()

    async def stop(app: Sanic[Any, Any]) -> None:
        await app.ctx.hall.dispatcher.stop()
        await app.ctx.client.aclose()
        save(app.ctx.hall.world, Path(settings.dir))

    app.before_server_start(start)
    app.before_server_stop(stop)
    return app


def _pages() -> Blueprint:
    pages = Blueprint("pages")
    known = {path.name: path.read_bytes() for path in _PAGE.iterdir() if path.suffix in _TYPES}

    async def page(_: Request, name: str = "index.html") -> HTTPResponse:
        if name not in known:
            raise NotFound("not_found", "There is no such page.")
        return raw(known[name], content_type=f"{_TYPES[Path(name).suffix]}; charset=utf-8")

    async def health(_: Request) -> HTTPResponse:
        return json({"status": "ok"})

    pages.add_route(page, "/")
    pages.add_route(page, "/page/<name:str>", name="file")
    pages.add_route(health, "/health")
    return pages


async def _only_from_here(request: Request) -> None:
    """No page of another site may act for the people here, whatever name it found for this machine."""
    if urlsplit(f"//{request.headers.get('host', '')}").hostname not in _HERE:
        raise Forbidden("wrong_host", "The stand-in is for this machine only.")
    origin = request.headers.get("origin")
    if origin is not None and origin != f"http://{request.headers.get('host')}":
        raise Forbidden("wrong_origin", "The stand-in takes no calls from other sites.")


async def _add_headers(_: Request, response: BaseHTTPResponse) -> None:
    response.headers.update(_HEADERS)
