"""The widget's files and the demo page, read once at start; what was not read then cannot be served."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
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
ENTRY = "cyber-care-chat.js"
LOADER = "loader.js"
BUILT = "built"
# Public files: a page of another site loads them as modules, which browsers only take with this header, also on the
# redirect that leads to them.
_OPEN = {"Access-Control-Allow-Origin": "*"}
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
    """A file as it is served; `packed` is its gzip, None where that is not smaller."""

    body: bytes
    content_type: str
    packed: bytes | None = None


@dataclass(frozen=True)
class Site:
    """All files, by their path below `widget/` and `demo/`."""

    version: str
    widget: Mapping[str, File]
    demo: Mapping[str, File]


def load_site(web: Path = WEB, *, demo: bool) -> Site:
    """Read the files; the version is a hash of the widget's content."""
    widget = _built(web, read_folder(web / "widget"))
    version = hash_of(widget)
    pages = read_folder(web / "demo") if demo else {}
    return Site(version, _files(widget, version), _files(pages, version))


def make_pages(site: Site) -> Blueprint:
    """Routes for the widget, and for the demo page if there is one."""
    pages = Blueprint("pages")

    async def loader(request: Request) -> HTTPResponse:
        return serve(request, site.widget, LOADER, _SHORT)

    async def widget(request: Request, version: str, path: str) -> HTTPResponse:
        if version == site.version:
            return serve(request, site.widget, path, _FOREVER)
        # A page that was open before an update still asks for the old version.
        if path not in site.widget:
            raise _not_found()
        return redirect(f"/widget/{site.version}/{path}", headers={"Cache-Control": "no-store", **_OPEN})

    async def demo(request: Request, path: str = "") -> HTTPResponse:
        return serve(request, site.demo, path or "index.html", _ASK)

    pages.add_route(loader, "/widget/loader.js", methods=["GET", "HEAD"])
    pages.add_route(widget, "/widget/<version:str>/<path:path>", methods=["GET", "HEAD"])
    if site.demo:
        pages.add_route(demo, "/", methods=["GET", "HEAD"], name="home")
        pages.add_route(demo, "/demo", methods=["GET", "HEAD"], name="demo_home")
        pages.add_route(demo, "/demo/<path:path>", methods=["GET", "HEAD"])
    return pages


def serve(request: Request, files: Mapping[str, File], path: str, caching: str) -> HTTPResponse:
    """One of the files, packed for those who take it.

    Raises:
        NotFound: There is no such file.
    """
    file = files.get(path)
    if file is None:
        raise _not_found()
    headers = {"Cache-Control": caching, **_OPEN}
    body = file.body
    if file.packed is not None:
        headers["Vary"] = "Accept-Encoding"
        if takes_gzip(request.headers.get("accept-encoding", "")):
            body = file.packed
            headers["Content-Encoding"] = "gzip"
    return raw(body, content_type=file.content_type, headers=headers)


def takes_gzip(accepted: str) -> bool:
    """Whether an Accept-Encoding header allows gzip; a weight of zero forbids it."""
    weights = {}
    for part in accepted[:500].lower().split(","):
        coding, _, weight = part.partition(";")
        weights[coding.strip()] = weight.replace(" ", "")
    weight = weights.get("gzip", weights.get("*", "q=0"))
    return re.fullmatch(r"q=0(\.0*)?", weight) is None


def _not_found() -> NotFound:
    return NotFound("not_found", "There is no such file.")


def read_folder(folder: Path) -> dict[str, bytes]:
    """All files below a folder but hidden ones, by their path in it."""
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())
    names = {path.relative_to(folder).as_posix(): path for path in paths}
    return {name: path.read_bytes() for name, path in names.items() if not _is_hidden(name)}


def built_from(web: Path = WEB) -> str:
    """The first line of files that were built from the widget's modules as they are now."""
    return f"/* {hash_of(read_folder(web / 'widget'))} */"


def _built(web: Path, modules: dict[str, bytes]) -> dict[str, bytes]:
    """The small files that were built from these modules; if there are none, the modules, which do the same."""
    built = read_folder(web / BUILT)
    mark = f"/* {hash_of(modules)} */".encode()
    return built if built and all(body.startswith(mark) for body in built.values()) else modules


def _is_hidden(name: str) -> bool:
    return any(part.startswith(".") for part in name.split("/"))


def hash_of(files: Mapping[str, bytes]) -> str:
    """The version of these files: the same for the same content."""
    digest = hashlib.sha256()
    for name, body in files.items():
        digest.update(f"{name}\0{len(body)}\0".encode() + body)
    return digest.hexdigest()[:12]


def _files(bodies: Mapping[str, bytes], version: str) -> dict[str, File]:
    return {name: file_of(name, _fill(name, body, version)) for name, body in bodies.items()}


def file_of(name: str, body: bytes) -> File:
    """A file as it is served."""
    packed = gzip.compress(body, 9, mtime=0)
    return File(body, _content_type(name), packed if len(packed) < len(body) else None)


def _fill(name: str, body: bytes, version: str) -> bytes:
    if name == LOADER or name.endswith(".html"):
        return body.replace(_TOKEN, version.encode())
    return body


def _content_type(name: str) -> str:
    known = _TYPES.get(Path(name).suffix.lower())
    return known or mimetypes.guess_type(name)[0] or "application/octet-stream"
