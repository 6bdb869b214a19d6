"""The calls that send: limits, windows and rates hold as documented."""

from __future__ import annotations

from typing import Any

from sanic import HTTPResponse, Request, json

from demo.meta import messenger, whatsapp
from demo.meta.accounts import APP_ID, PHONE_NUMBER_ID
from demo.meta.asking import ME, body_of, file_of, person, unknown
from demo.meta.errors import named, wrong_parameter, wrong_value
from demo.meta.failing import fail
from demo.meta.hall import Hall
from demo.meta.model import Media, User
from demo.meta.outgoing import Outgoing
from demo.meta.shapes import Malformed


async def send(request: Request, hall: Hall, node: str, whose: str) -> HTTPResponse:
    """A call to send something, for the page or for the number."""
    if node not in (ME if whose == "messenger" else (PHONE_NUMBER_ID,)):
        raise unknown(node)
    fault = hall.faults.take("action" if _is_action(request) else "send")
    failed = await fail(request, fault, after=False)
    if failed is None:
        done = _send_messenger(request, hall) if whose == "messenger" else _send_whatsapp(request, hall)
        failed = await fail(request, fault, after=True)
        return failed or json(done)
    return failed


def _is_action(request: Request) -> bool:
    body = body_of(request)
    return isinstance(body, dict) and not {"sender_action", "status"}.isdisjoint(body)


def _send_messenger(request: Request, hall: Hall) -> dict[str, Any]:
    try:
        message = messenger.read(body_of(request), file_of(request, "filedata"))
    except Malformed as error:
        raise wrong_parameter(str(error)) from None
    behaviour, now = hall.behaviour, hall.now()
    if not hall.rates.take("page", behaviour.page_per_second, behaviour.page_per_second, now):
        raise named("rate_page")
    user = person(hall, "messenger", message.to)
    if user.blocked:
        raise named("unreachable")
    if user.owner not in ("", APP_ID):
        raise named("another_app")
    if message.action:
        hall.stage.acts(user, message.action)
        return {"recipient_id": user.id}
    if message.persona and message.persona not in hall.world.personas:
        raise wrong_parameter("Param persona_id is not a persona of this page.")
    if _outside(user, message, now):
        raise named("outside_window")
    hall.complaints += [f"title cut: {title}" for title in message.shortened]
    file = message.file
    kept = hall.keep_media("messenger", file.name, file.type, file.body) if file else None
    item = hall.stage.app_sends(user, message, kept)
    return {"recipient_id": user.id, "message_id": item.id}


def _send_whatsapp(request: Request, hall: Hall) -> dict[str, Any]:
    body = body_of(request)
    try:
        message = whatsapp.read(body)
    except Malformed as error:
        raise wrong_value(str(error)) from None
    if message.action:
        return _whatsapp_action(hall, message)
    behaviour, now = hall.behaviour, hall.now()
    if not hall.rates.take("number", behaviour.number_per_second, behaviour.number_per_second, now):
        raise named("rate_number")
    pair = behaviour.pair_burst
    if pair and not hall.rates.take(f"pair {message.to}", pair, 1 / 6, now):
        raise named("rate_pair")
    if "template" in body and whatsapp.template_key(body["template"])[0] not in hall.templates:
        raise named("template_missing")
    file = _uploaded(hall, message)
    contact = {"input": message.to, "wa_id": message.to}
    answer: dict[str, Any] = {"messaging_product": "whatsapp", "contacts": [contact]}
    user = hall.world.users.get(message.to)
    if user is None or user.platform != "whatsapp":
        raise named("undeliverable", "The recipient's number is not known here.")
    problem = named("undeliverable") if user.blocked else named("reengagement")
    if not user.blocked and not _outside(user, message, now):
        return answer | {"messages": [{"id": hall.stage.app_sends(user, message, file).id}]}
    if not behaviour.late_errors:
        raise problem
    return answer | {"messages": [{"id": hall.stage.app_fails(user, message, problem).id}]}


def _uploaded(hall: Hall, message: Outgoing) -> Media | None:
    """The file a message of WhatsApp names; its kind must be one it can be shown as."""
    if not message.media:
        return None
    found = hall.world.media.get(message.media)
    if found is None or found.platform != "whatsapp":
        raise wrong_value(f"{message.media} is not the id of a media object.")
    if whatsapp.kind_of(found.type) != message.kind:
        raise wrong_value(f"Media of type {found.type} can not be sent as {message.kind}.")
    return found


async def upload(request: Request, hall: Hall, node: str) -> HTTPResponse:
    """A file for the number, which a message will name."""
    if node != PHONE_NUMBER_ID:
        raise unknown(node)
    fault = hall.faults.take("upload")
    failed = await fail(request, fault, after=False)
    if failed is not None:
        return failed
    try:
        file = whatsapp.read_upload(body_of(request), file_of(request, "file"))
    except Malformed as error:
        raise wrong_parameter(str(error)) from None
    kept = hall.keep_media("whatsapp", file.name, file.type, file.body)
    return await fail(request, fault, after=True) or json({"id": kept.id})


def _whatsapp_action(hall: Hall, message: Outgoing) -> dict[str, Any]:
    people = (user for user in hall.world.users.values() if user.platform == "whatsapp")
    known = (user for user in people for item in user.items if item.id == message.read_id and item.author == "user")
    user = next(known, None)
    if user is None:
        raise wrong_value("The message_id is not one of a received message.")
    hall.stage.acts(user, message.action)
    return {"success": True}


def _outside(user: User, message: Outgoing, now: float) -> bool:
    return message.reply_window is not None and now - user.wrote_at > message.reply_window
