"""Messages from behind the scenes: other services tell a customer something, exactly once."""

from __future__ import annotations

from typing import Any

import msgspec
from sanic import Blueprint, HTTPResponse, Request, json

from bot.log.inbound import store_notice
from bot.log.model import Accepted, Says, UnknownConversation
from bot.parts import Parts, parts_of
from bot.settings import BotSettings
from bot.webchat.rules import read_body
from bot.webchat.wire import accepted_json
from common.errors import NotFound, Unprocessable, require_bearer

LONGEST_KEY = 200


class Button(msgspec.Struct):
    """Something to press."""

    title: str
    payload: str


class Notice(msgspec.Struct):
    """Body of POST /internal/conversations/{id}/messages."""

    key: str
    text: str
    buttons: list[Button] = []
    card: dict[str, Any] | None = None


def make_internal(settings: BotSettings) -> Blueprint:
    """The blueprint, closed to everybody without the service token."""
    internal = Blueprint("internal", url_prefix="/internal")
    require_bearer(internal, (settings.internal_token,), open_paths=())
    internal.add_route(notify, "/conversations/<conversation:str>/messages", methods=["POST"])
    return internal


async def notify(request: Request, conversation: str) -> HTTPResponse:
    """Add a message; the same key again is answered with where the first one stands."""
    parts = parts_of(request)
    notice = read_body(request.body, Notice)
    if not 0 < len(notice.key) <= LONGEST_KEY or not notice.text.strip():
        raise Unprocessable("invalid_notice", f"key (1 to {LONGEST_KEY} characters) and text must not be empty.")
    accepted = await parts.to_the_end(_add(parts, conversation, notice))
    return json(accepted_json(accepted), status=200 if accepted.repeated else 201)


async def _add(parts: Parts, conversation: str, notice: Notice) -> Accepted:
    says = Says(notice.text, [msgspec.to_builtins(button) for button in notice.buttons], notice.card)
    try:
        accepted = await parts.log.run(store_notice, conversation, notice.key, says, parts.log.clock())
    except UnknownConversation:
        raise NotFound("conversation_not_found", "There is no such conversation.") from None
    show(parts, conversation, accepted)
    return accepted


def show(parts: Parts, conversation: str, accepted: Accepted) -> None:
    """Count a message from behind the scenes and show it to whoever reads, unless it was there before."""
    if not accepted.repeated:
        parts.metrics.messages.labels("out", conversation.partition(":")[0]).inc()
        parts.hub.messages(conversation)
