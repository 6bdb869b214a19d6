"""`GET` and `POST /webhooks/meta`: the handshake, and the batches of events."""

from __future__ import annotations

import time
from typing import Any

import structlog
from sanic import Blueprint, HTTPResponse, Request, json, text

from bot.meta.parse import parse
from bot.meta.service import MetaService
from bot.meta.signature import is_handshake, is_signed
from common.errors import ApiError, Forbidden, Unavailable

# Fifty long messages, each letter escaped; Meta sends no more than that at once.
LARGEST_BODY = 4 * 1024 * 1024

log = structlog.get_logger()


class TooLarge(ApiError):
    status = 413


def make_webhook(service: MetaService) -> Blueprint:
    """The blueprint."""
    webhook = Blueprint("meta", url_prefix="/webhooks")

    async def handshake(request: Request) -> HTTPResponse:
        mode, token = request.args.get("hub.mode"), request.args.get("hub.verify_token")
        if not is_handshake(mode, token, service.settings.verify_token):
            raise Forbidden("verification_failed", "The verify token is not ours.")
        return text(request.args.get("hub.challenge") or "")

    async def receive(request: Request) -> HTTPResponse:
        begun = time.monotonic()
        body = await _read(request)
        if not is_signed(body, request.headers.get("x-hub-signature-256"), service.settings.app_secret):
            raise Forbidden("signature_invalid", "A valid X-Hub-Signature-256 is needed.")
        if service.stopping:
            # Meta sends it again to the next process.
            raise Unavailable("stopping", "The service is restarting.")
        await service.to_the_end(service.take(parse(body)))
        service.counts.answered(time.monotonic() - begun)
        return json({"status": "received"})

    webhook.add_route(handshake, "/meta", methods=["GET"], name="handshake")
    webhook.add_route(receive, "/meta", methods=["POST"], name="receive", stream=True)
    return webhook


async def _read(request: Request) -> bytes:
    """The raw body, which is larger than what customers may send.

    Raises:
        TooLarge: It is larger than Meta's.
    """
    parts, size = [], 0
    stream: Any = request.stream
    while (part := await stream.read()) is not None:
        size += len(part)
        if size > LARGEST_BODY:
            raise TooLarge("too_large", "The request is too large.")
        parts.append(part)
    return b"".join(parts)
