"""News of a claim: the claims backend tells what changed, signed, and the customer hears it in the conversation."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sanic import Blueprint, HTTPResponse, Request, json
from sqlalchemy import Connection
from standardwebhooks import Webhook, WebhookVerificationError

from bot.internal import LONGEST_KEY, show
from bot.log.inbound import store_notice
from bot.log.model import Accepted, UnknownConversation
from bot.log.rows import lock
from bot.parts import Parts, parts_of
from bot.sentences import NEWS, Sentences
from bot.settings import BotSettings
from bot.webchat.rules import clean, read_body
from bot.webchat.wire import accepted_json
from common.errors import NotFound, Unauthorised, Unprocessable

# How long news waits for the answer of a turn; the claims backend waits longer for us.
NEWS_WAITS_SECONDS = 4.0


class Claim(msgspec.Struct):
    """The claim an event is about."""

    reference: str
    conversation: str


class ClaimEvent(msgspec.Struct):
    """Body of POST /claim-events; it holds more, of which the sentences need nothing."""

    id: str
    type: str
    claim: Claim
    text_values: dict[str, str] = {}


def make_claim_events(settings: BotSettings) -> Blueprint:
    """The blueprint; without a secret there is no such address."""
    events = Blueprint("claim_events")
    if settings.events_secret:
        webhook = Webhook(settings.events_secret)

        async def handle(request: Request) -> HTTPResponse:
            return await hear(request, webhook)

        events.add_route(handle, "/claim-events", methods=["POST"], name="hear")
    return events


async def hear(request: Request, webhook: Webhook) -> HTTPResponse:
    """Tell the customer; the same event again is answered with where the message stands."""
    _verify(request, webhook)
    event = read_body(request.body, ClaimEvent)
    name = event.type.replace("claim.", "claim_news_", 1)
    # The signature covers the id in the header; a repeat must not pass for another event by the one in the body.
    if event.id != request.headers["webhook-id"] or not 0 < len(event.id) <= LONGEST_KEY:
        raise Unprocessable("invalid_event", f"id must be that of the header, {LONGEST_KEY} characters at most.")
    if name not in NEWS or not event.text_values.keys() >= set(NEWS[name]):
        raise Unprocessable("unknown_event", "There is no sentence for this event, or a value is missing.")
    parts = parts_of(request)
    accepted = await parts.to_the_end(_tell(parts, name, event))
    return json(accepted_json(accepted), status=200 if accepted.repeated else 201)


def _verify(request: Request, webhook: Webhook) -> None:
    """Refuse what the claims backend did not sign within the last five minutes."""
    try:
        webhook.verify(request.body, dict(request.headers), json_parse=False)
    # The library lets pass what it meets in headers and bodies that are no text or no base64.
    except (WebhookVerificationError, ValueError):
        raise Unauthorised("signature_invalid", "A valid signature of the last five minutes is needed.") from None


async def _tell(parts: Parts, name: str, event: ClaimEvent) -> Accepted:
    conversation = event.claim.conversation
    await parts.hub.quiet(conversation, NEWS_WAITS_SECONDS)
    try:
        accepted = await parts.log.run(_store, name, event, parts.sentences, parts.log.clock())
    except UnknownConversation:
        raise NotFound("conversation_not_found", "There is no such conversation.") from None
    show(parts, conversation, accepted)
    return accepted


def _store(connection: Connection, name: str, event: ClaimEvent, sentences: Sentences, now: datetime) -> Accepted:
    """Add the sentence in the language the conversation has by now."""
    conversation = event.claim.conversation
    values = {key: clean(value) for key, value in event.text_values.items()}
    says = sentences.say(name, lock(connection, conversation).language, **values)
    return store_notice(connection, conversation, f"event:{event.id}", says, now)
