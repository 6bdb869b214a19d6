"""The widget's files and the demo page, read once at start; what was not read then cannot be served."""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sanic import Blueprint, HTTPResponse, Request, raw, redirect

from common.errors import NotFound

WEB = Path(__file__).parent / "web"
_FOREVER = "public, max-age=31536000, immutable"
_SHORT = "public, max-age=300"
_ASK = "no-cache"
_TOKEN = b"{{widget_version}}"
# The machine's own table may know .js by an older name, or not at all.
_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".webmanifest": "application/manifest+json",
}


@dataclass(frozen=True)
class File:
    """A file as it is served."""

    body: bytes
    content_type: str


@dataclass(frozen=True)
class Site:
    """All files, by their path below `widget/` and `demo/`."""

    version: str
    widget: Mapping[str, File]
    demo: Mapping[str, File]


def load_site(web: Path = WEB, *, demo: bool) -> Site:
    """Read the files; the version is a hash of the widget's content."""
    widget = _read_folder(web / "widget")
    version = _hash(widget)
    pages = _read_folder(web / "demo") if demo else {}
    return Site(version, _files(widget, version), _files(pages, version))


def make_pages(site: Site) -> Blueprint:
    """Routes for the widget, and for the demo page if there is one."""
    pages = Blueprint("pages")

    async def loader(request: Request) -> HTTPResponse:
        return _serve(site.widget, "loader.js", _SHORT)

    async def widget(request: Request, version: str, path: str) -> HTTPResponse:
        if version == site.version:
            return _serve(site.widget, path, _FOREVER)
        # A page that was open before an update still asks for the old version.
        if path not in site.widget:
            raise _not_found()
        return redirect(f"/widget/{site.version}/{path}", headers={"Cache-Control": "no-store"})

    async def demo(request: Request, path: str = "") -> HTTPResponse:
        return _serve(site.demo, path or "index.html", _ASK)

    pages.add_route(loader, "/widget/loader.js", methods=["GET", "HEAD"])
    pages.add_route(widget, "/widget/<version:str>/<path:path>", methods=["GET", "HEAD"])
    if site.demo:
        pages.add_route(demo, "/", methods=["GET", "HEAD"], name="home")
        pages.add_route(demo, "/demo", methods=["GET", "HEAD"], name="demo_home")
        pages.add_route(demo, "/demo/<path:path>", methods=["GET", "HEAD"])
    return pages


def _serve(files: Mapping[str, File], path: str, caching: str) -> HTTPResponse:
    file = files.get(path)
    if file is None:
        raise _not_found()
    # These files are public; a page of another site may load them as modules or fonts.
    headers = {"Cache-Control": caching, "Access-Control-Allow-Origin": "*"}
    return raw(file.body, content_type=file.content_type, headers=headers)


def _not_found() -> NotFound:
    return NotFound("not_found", "There is no such file.")


def _read_folder(folder: Path) -> dict[str, bytes]:
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())
    names = {path.relative_to(folder).as_posix(): path for path in paths}
    return {name: path.read_bytes() for name, path in names.items() if not _is_hidden(name)}


def _is_hidden(name: str) -> bool:
    return any(part.startswith(".") for part in name.split("/"))


def _hash(files: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name, body in files.items():
        digest.update(f"{name}\0{len(body)}\0".encode() + body)
    return digest.hexdigest()[:12]


def _files(bodies: Mapping[str, bytes], version: str) -> dict[str, File]:
    return {name: File(_fill(name, body, version), _content_type(name)) for name, body in bodies.items()}


def _fill(name: str, body: bytes, version: str) -> bytes:
    if name == "loader.js" or name.endswith(".html"):
        return body.replace(_TOKEN, version.encode())
    return body


def _content_type(name: str) -> str:
    known = _TYPES.get(Path(name).suffix.lower())
    return known or mimetypes.guess_type(name)[0] or "application/octet-stream"
