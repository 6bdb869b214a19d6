"""The webchat's HTTP calls, as docs/contracts.md lists them."""

from __future__ import annotations

from sanic import Blueprint, HTTPResponse, Request, json

from bot.log.inbound import open_conversation, store_inbound
from bot.log.model import Accepted, Conversation, Inbound, PayloadNotOffered, ReusedId
from bot.log.reads import messages_after
from bot.parts import Parts, parts_of
from bot.sentences import RATE_LIMITED
from bot.webchat import rules, wire
from bot.webchat.limits import Limit, address_key
from bot.webchat.origins import preflight_headers
from bot.webchat.session import check_origin, check_running, require_session
from bot.webchat.stream import follow
from bot.webchat.tokens import COOKIE, new_conversation_id
from common.errors import TooMany, Unprocessable

webchat = Blueprint("webchat", url_prefix="/webchat")


@webchat.post("/sessions")
async def open_session(request: Request) -> HTTPResponse:
    """Open a conversation; its welcome is asked of the engine at once."""
    parts = parts_of(request)
    check_origin(request)
    check_running(parts)
    language = _language(request, rules.read_body(request.body or b"{}", rules.NewSession).language)
    _check_limit(parts, parts.session_limit, address_key(request.client_ip), language)
    conversation = new_conversation_id()
    await parts.to_the_end(_open(parts, conversation, language))
    token = parts.tokens.make(conversation)
    response = json({"conversation": conversation, "token": token, "language": language}, status=201)
    response.add_cookie(
        COOKIE,
        token,
        path="/webchat",
        httponly=True,
        samesite="Lax",
        secure=parts.settings.cookie_secure,
        max_age=parts.settings.session_days * 86_400,
    )
    return response


@webchat.post("/messages")
async def send_message(request: Request) -> HTTPResponse:
    """Take a customer's message, once per client_id."""
    parts = parts_of(request)
    check_origin(request)
    conversation = await require_session(request)
    _check_limit(parts, parts.message_limit, conversation.id, conversation.language)
    message = rules.check_message(rules.read_body(request.body, rules.NewMessage))
    inbound = Inbound(conversation.id, message.client_id, message.text, message.payload)
    accepted = await parts.to_the_end(_take(parts, inbound))
    return json(wire.accepted_json(accepted), status=202)


@webchat.get("/messages")
async def read_messages(request: Request) -> HTTPResponse:
    """The messages after a sequence number, for clients that cannot keep a stream open."""
    parts = parts_of(request)
    conversation = await require_session(request)
    after = rules.read_after(request.args.get("after") or "")
    # Asked before the log is read: "no longer typing" then means that the answer is among the messages.
    typing = parts.hub.is_typing(conversation.id)
    found = await parts.log.run(messages_after, conversation.id, after)
    return json({"messages": [wire.message_json(message) for message in found], "typing": typing})


@webchat.get("/events")
async def events(request: Request) -> None:
    """The conversation as server-sent events, from where the client left off."""
    parts = parts_of(request)
    conversation = await require_session(request)
    after = rules.read_position(request.headers.get("last-event-id", ""), request.args.get("after") or "")
    _check_streams(parts, conversation)
    stream = parts.hub.open(conversation.id)
    try:
        response = await request.respond(
            content_type="text/event-stream; charset=utf-8",
            headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"},
        )
        await follow(parts, conversation.id, after, stream, response.send)
        await response.eof()
    finally:
        parts.hub.close(conversation.id, stream)


@webchat.options("/sessions", name="ask_sessions")
@webchat.options("/messages", name="ask_messages")
@webchat.options("/events", name="ask_events")
async def preflight(request: Request) -> HTTPResponse:
    """A browser asks whether a page of another site may call us."""
    allowed = parts_of(request).settings.allowed_origins
    return HTTPResponse(status=204, headers=preflight_headers(request.headers.get("origin"), allowed))


async def _open(parts: Parts, conversation: str, language: str) -> None:
    await parts.log.run(open_conversation, conversation, "web", language, parts.log.clock())
    parts.workers.wake(conversation)


async def _take(parts: Parts, inbound: Inbound) -> Accepted:
    try:
        accepted = await parts.log.run(store_inbound, inbound, parts.log.clock())
    except ReusedId:
        raise Unprocessable("client_id_reused", "This client_id belongs to another message.") from None
    except PayloadNotOffered:
        raise rules.unknown_payload() from None
    if not accepted.repeated:
        parts.metrics.messages.labels("in", "web").inc()
        parts.hub.messages(inbound.conversation)
        parts.workers.wake(inbound.conversation)
    return accepted


def _language(request: Request, asked: str | None) -> str:
    accepted = rules.accepted_languages(request.headers.get("accept-language", ""))
    return rules.choose_language(asked, accepted, parts_of(request).settings.default_language)


def _check_limit(parts: Parts, limit: Limit, key: str, language: str) -> None:
    seconds = limit.take(key)
    if seconds:
        text = parts.sentences.say(RATE_LIMITED, language).text
        raise TooMany("rate_limited", "Too many requests; wait and try again.", retry_after=seconds, text=text)


def _check_streams(parts: Parts, conversation: Conversation) -> None:
    if parts.hub.count(conversation.id) >= parts.settings.streams_per_session:
        raise TooMany("too_many_streams", "This conversation holds too many event streams open.")
