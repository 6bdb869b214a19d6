"""The Graph API's calls, as far as a bot needs them."""

from __future__ import annotations

import hashlib
from typing import Any

from sanic import Blueprint, HTTPResponse, Request, json

from demo.meta import page_calls
from demo.meta.accounts import PAGE_ID, PAGE_NAME, PHONE_NUMBER, PHONE_NUMBER_ID, WABA_ID
from demo.meta.asking import ME, authorise, body_of, file_of, person, text_of, unknown
from demo.meta.errors import GraphError, named, wrong_parameter
from demo.meta.failing import fail
from demo.meta.hall import Hall, hall_of
from demo.meta.model import User
from demo.meta.sending import send, upload

graph = Blueprint("graph")

_OWNERSHIP = ("pass_thread_control", "take_thread_control", "release_thread_control")


async def call(request: Request, version: str, node: str, edge: str) -> HTTPResponse:
    """Every call on something of the page or the number."""
    return await _answered(request, f"{node}/{edge}", lambda hall: _edge(request, hall, node, edge))


async def look_up(request: Request, version: str, node: str) -> HTTPResponse:
    """A person, a file, the page or the number."""
    return await _answered(request, node, lambda hall: _node(request, hall, node))


graph.add_route(call, "/<version:v[0-9]+\\.[0-9]+>/<node:str>/<edge:str>", methods=["GET", "POST", "DELETE"])
graph.add_route(look_up, "/<version:v[0-9]+\\.[0-9]+>/<node:str>")


async def _answered(request: Request, what: str, work: Any) -> HTTPResponse:
    hall = hall_of(request)
    try:
        answer: HTTPResponse = await work(hall)
    except GraphError as error:
        answer = json(error.body(hall.new_id()[:11]), status=error.status)
    hall.note_call(request.method, what, answer.status, _said(request))
    return answer


def _said(request: Request) -> Any:
    try:
        said = body_of(request) if request.body else None
    except GraphError:
        return None
    file = file_of(request, "filedata") or file_of(request, "file")
    return said if file is None else {"fields": said, "file": [file.name, file.type, len(file.body)]}


async def _edge(request: Request, hall: Hall, node: str, edge: str) -> HTTPResponse:
    whose = authorise(request, hall)
    if edge == "messages" and request.method == "POST":
        return await send(request, hall, node, whose)
    if edge == "media" and request.method == "POST" and whose == "whatsapp":
        return await upload(request, hall, node)
    if whose != "messenger" and node != WABA_ID:
        raise named("permission")
    if edge == "messenger_profile" and node in ME:
        return page_calls.profile(request, hall)
    if edge == "subscribed_apps" and node in (*ME, WABA_ID):
        return page_calls.subscriptions(request, hall, node)
    if edge == "personas" and node in ME:
        return page_calls.personas(request, hall)
    if edge in _OWNERSHIP and node in ME and request.method == "POST":
        return page_calls.ownership(request, hall, edge)
    if edge == "thread_owner" and node in ME:
        user = person(hall, "messenger", text_of(request.args.get("recipient")))
        owner = [{"thread_owner": {"app_id": user.owner}}] if user.owner else []
        return json({"data": owner})
    raise unknown(f"{node}/{edge}")


async def _node(request: Request, hall: Hall, node: str) -> HTTPResponse:
    whose = authorise(request, hall)
    if node in ME and whose == "messenger":
        return json({"id": PAGE_ID, "name": PAGE_NAME})
    if node == PHONE_NUMBER_ID and whose == "whatsapp":
        shown = {"display_phone_number": f"+{PHONE_NUMBER}", "verified_name": PAGE_NAME, "quality_rating": "GREEN"}
        return json({"id": node, **shown})
    if node in hall.world.media and whose == "whatsapp":
        return await _media(request, hall, node)
    fault = hall.faults.take("profile")
    failed = await fail(request, fault, after=False) or await fail(request, fault, after=True)
    if failed is not None:
        return failed
    return json(_described(person(hall, whose, node), text_of(request.args.get("fields"))))


def _described(user: User, fields: str) -> dict[str, str]:
    first, _, last = user.name.partition(" ")
    known = {"first_name": first, "last_name": last, "name": user.name, "locale": user.locale, "profile_pic": ""}
    asked = [name.strip() for name in fields.split(",") if name.strip()] or ["first_name", "last_name"]
    unknown = [name for name in asked if name not in (*known, "id")]
    if unknown:
        raise wrong_parameter(f"Tried accessing nonexisting field ({unknown[0]}) on node type (User)")
    return {name: known[name] for name in asked if name in known} | {"id": user.id}


async def _media(request: Request, hall: Hall, node: str) -> HTTPResponse:
    fault = hall.faults.take("media")
    failed = await fail(request, fault, after=False) or await fail(request, fault, after=True)
    if failed is not None:
        return failed
    media = hall.world.media[node]
    if media.platform != "whatsapp":
        raise named("media_missing")
    media.key, media.url_at = hall.new_id(), hall.now()
    described = {"mime_type": media.type, "sha256": hashlib.sha256(media.body).hexdigest()}
    described |= {"id": node, "messaging_product": "whatsapp"}
    return json(
        {"url": f"{hall.address}/whatsapp_business/attachments/{media.key}", "file_size": len(media.body)} | described
    )
