"""`GET` and `POST /webhooks/meta`: the handshake, and the batches of events."""

from __future__ import annotations

import time

import structlog
from sanic import Blueprint, HTTPResponse, Request, json, text

from bot.meta.parse import parse
from bot.meta.service import MetaService
from bot.meta.signature import is_handshake, is_signed
from common.errors import Forbidden, Unavailable
from common.uploads import parts_of_body

# Fifty long messages, each letter escaped; Meta sends no more than that at once.
LARGEST_BODY = 4 * 1024 * 1024

log = structlog.get_logger()


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
        body = b"".join([part async for part in parts_of_body(request, LARGEST_BODY)])
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
