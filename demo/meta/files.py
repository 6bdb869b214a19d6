"""Where the bot fetches what people sent: a content network for Messenger, an address with a key for WhatsApp."""

from __future__ import annotations

from sanic import Blueprint, HTTPResponse, Request, raw, redirect

from demo.meta.asking import authorise
from demo.meta.behaviour import Fault
from demo.meta.errors import GraphError
from demo.meta.failing import fail
from demo.meta.hall import Hall, hall_of
from demo.meta.model import Media

files = Blueprint("files")


@files.get("/cdn/<key:str>")
async def content(request: Request, key: str) -> HTTPResponse:
    """A file of Messenger; who has the address has the file."""
    return await _serve(request, _find(hall_of(request), "messenger", key))


@files.get("/whatsapp_business/attachments/<key:str>")
async def attachment(request: Request, key: str) -> HTTPResponse:
    """A file of WhatsApp; the address holds for some minutes and the token is needed as well."""
    hall = hall_of(request)
    try:
        allowed = authorise(request, hall) == "whatsapp"
    except GraphError:
        allowed = False
    if not allowed:
        return HTTPResponse(status=401)
    media = _find(hall, "whatsapp", key)
    old = media is not None and hall.now() - media.url_at > hall.behaviour.url_minutes * 60
    return await _serve(request, None if old else media)


def _find(hall: Hall, platform: str, key: str) -> Media | None:
    kept = hall.world.media.values()
    return next((media for media in kept if media.key == key and media.platform == platform), None)


async def _serve(request: Request, media: Media | None) -> HTTPResponse:
    fault = hall_of(request).faults.take("file")
    try:
        failed = await fail(request, fault, after=False) or await fail(request, fault, after=True)
    except GraphError:
        failed = HTTPResponse(status=404)
    if failed is not None:
        return failed
    if fault is not None and fault.how == "redirect":
        return redirect(fault.location)
    if media is None:
        return HTTPResponse(status=404)
    return raw(_spoiled(media.body, fault), content_type=media.type)


def _spoiled(body: bytes, fault: Fault | None) -> bytes:
    return bytes(reversed(body)) if fault is not None and fault.how == "spoil" else body
