"""The webchat's HTTP calls, as docs/contracts.md lists them."""

from __future__ import annotations

from sanic import Blueprint, HTTPResponse, Request, json

from bot.log.inbound import open_conversation, store_inbound
from bot.log.model import Accepted, Conversation, Inbound, PayloadNotOffered, ReusedId, UnknownAttachment
from bot.log.reads import messages_after
from bot.parts import Parts, parts_of
from bot.webchat import file_calls, rules, seen, visit_calls, wire
from bot.webchat.limits import address_key
from bot.webchat.origins import preflight_headers
from bot.webchat.session import check_limit, check_origin, check_running, require_session, set_cookie
from bot.webchat.stream import follow, standing_of
from bot.webchat.tokens import new_conversation_id
from bot.webchat.visits import note_page, page_address
from common.errors import TooMany, Unprocessable

webchat = Blueprint("webchat", url_prefix="/webchat")


@webchat.post("/sessions")
async def open_session(request: Request) -> HTTPResponse:
    """Open a conversation; its welcome is asked of the engine at once."""
    parts = parts_of(request)
    check_origin(request)
    check_running(parts)
    asked = rules.read_body(request.body or b"{}", rules.NewSession)
    language = _language(request, asked.language)
    check_limit(parts, parts.session_limit, address_key(request.client_ip), language)
    conversation = new_conversation_id()
    await parts.to_the_end(_open(parts, conversation, language, page_address(asked.page)))
    token = parts.tokens.make(conversation)
    opened = {"conversation": conversation, "token": token, "language": language}
    if request.headers.get("sec-fetch-site") == "same-origin":
        # Here the cookie always travels: no script needs to see a token, ours neither.
        del opened["token"]
    response = json(opened, status=201)
    set_cookie(request, response, token)
    return response


@webchat.post("/messages")
async def send_message(request: Request) -> HTTPResponse:
    """Take a customer's message, once per client_id."""
    parts = parts_of(request)
    check_origin(request)
    conversation = await require_session(request)
    check_limit(parts, parts.message_limit, conversation.id, conversation.language)
    message = rules.check_message(rules.read_body(request.body, rules.NewMessage))
    files = tuple(message.attachments)
    inbound = Inbound(conversation.id, message.client_id, message.text, message.payload, attachments=files)
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
    standing = await standing_of(parts, conversation.id, after)
    shown = {"messages": [wire.message_json(message) for message in found], "typing": typing}
    files = [wire.attachment_json(file) for file in standing.files]
    return json(shown | {"agent": standing.agent, "attachments": files})


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


async def preflight(request: Request) -> HTTPResponse:
    """A browser asks whether a page of another site may call us."""
    allowed = parts_of(request).settings.allowed_origins
    return HTTPResponse(status=204, headers=preflight_headers(request.headers.get("origin"), allowed))


_OTHERS = (
    (visit_calls.typing, "POST", "/typing"),
    (seen.seen, "POST", "/seen"),
    (visit_calls.rating, "POST", "/rating"),
    (visit_calls.end, "POST", "/end"),
    (visit_calls.transcript, "GET", "/transcript"),
    (visit_calls.identify, "POST", "/identify"),
    (file_calls.take_back, "DELETE", "/attachments/<file_id:str>"),
)
for _handler, _method, _path in _OTHERS:
    webchat.add_route(_handler, _path, methods=[_method])
webchat.add_route(file_calls.give, "/attachments", methods=["POST"], stream=True)
webchat.add_route(file_calls.fetch, "/attachments/<file_id:str>", methods=["GET"])
_PATHS = ("/sessions", "/messages", "/events", "/attachments", *(path for _, _, path in _OTHERS))
for _number, _path in enumerate(_PATHS):
    webchat.add_route(preflight, _path, methods=["OPTIONS"], name=f"ask{_number}")


async def _open(parts: Parts, conversation: str, language: str, page: str | None) -> None:
    await parts.log.run(open_conversation, conversation, "web", language, parts.log.clock())
    if page is not None:
        await parts.log.run(note_page, conversation, page)
    parts.workers.wake(conversation)


async def _take(parts: Parts, inbound: Inbound) -> Accepted:
    try:
        accepted = await parts.log.run(store_inbound, inbound, parts.log.clock())
    except ReusedId:
        raise Unprocessable("client_id_reused", "This client_id belongs to another message.") from None
    except PayloadNotOffered:
        raise rules.unknown_payload() from None
    except UnknownAttachment:
        raise Unprocessable("unknown_attachment", "A file is not there, or was sent before.") from None
    if not accepted.repeated:
        parts.carrier.wake()
        parts.metrics.messages.labels("in", "web").inc()
        parts.hub.messages(inbound.conversation)
        parts.workers.wake(inbound.conversation)
    return accepted


def _language(request: Request, asked: str | None) -> str:
    accepted = rules.accepted_languages(request.headers.get("accept-language", ""))
    return rules.choose_language(asked, accepted, parts_of(request).settings.default_language)


def _check_streams(parts: Parts, conversation: Conversation) -> None:
    if parts.hub.count(conversation.id) >= parts.settings.streams_per_session:
        raise TooMany("too_many_streams", "This conversation holds too many event streams open.")
