"""What tests command: behaviour, faults, the clock, and what they look at afterwards."""

from __future__ import annotations

from typing import Any

import msgspec
from sanic import Blueprint, HTTPResponse, Request, json

from common.errors import BadRequest
from demo.meta.accounts import APP_ID, INBOX_APP_ID
from demo.meta.behaviour import Behaviour, Fault
from demo.meta.hall import hall_of
from demo.meta.play import read, user_of

control = Blueprint("control", url_prefix="/control")


class Clock(msgspec.Struct, forbid_unknown_fields=True):
    """How far the stand-in's clock is ahead."""

    ahead: float


class Templates(msgspec.Struct, forbid_unknown_fields=True):
    """Approved templates of WhatsApp."""

    names: list[str]


class Whose(msgspec.Struct, forbid_unknown_fields=True):
    """Who has a thread: `bot`, `inbox` or nobody (`idle`)."""

    owner: str


class Blocked(msgspec.Struct, forbid_unknown_fields=True):
    """Whether a person blocked the business."""

    blocked: bool


@control.post("/behaviour")
async def behave(request: Request) -> HTTPResponse:
    """Change some of the behaviour; answers with all of it."""
    hall = hall_of(request)
    try:
        given = msgspec.json.decode(request.body, type=dict[str, Any])
        hall.behaviour = msgspec.convert(msgspec.to_builtins(hall.behaviour) | given, Behaviour)
    except msgspec.DecodeError as error:
        raise BadRequest("invalid_behaviour", str(error)) from None
    hall.dispatcher.wake()
    return json(msgspec.to_builtins(hall.behaviour))


@control.post("/faults")
async def break_down(request: Request) -> HTTPResponse:
    """Let some coming calls fail."""
    hall_of(request).faults.add(read(request, Fault))
    return HTTPResponse(status=204)


@control.post("/clock")
async def set_clock(request: Request) -> HTTPResponse:
    """Move the stand-in's clock: windows close, addresses expire."""
    hall_of(request).ahead = read(request, Clock).ahead
    return HTTPResponse(status=204)


@control.post("/templates")
async def approve(request: Request) -> HTTPResponse:
    """Name the approved templates."""
    hall_of(request).templates = set(read(request, Templates).names)
    return HTTPResponse(status=204)


@control.post("/users/<id:str>/owner")
async def give_thread(request: Request, id: str) -> HTTPResponse:
    """Conversation routing gives a thread to somebody."""
    apps = {"bot": APP_ID, "inbox": INBOX_APP_ID, "idle": ""}
    owner = read(request, Whose).owner
    if owner not in apps:
        raise BadRequest("invalid_owner", "The owner is bot, inbox or idle.")
    hall_of(request).stage.changes_owner(user_of(request, id), apps[owner])
    return HTTPResponse(status=204)


@control.post("/users/<id:str>/blocked")
async def block(request: Request, id: str) -> HTTPResponse:
    """A person blocks the business, or no longer."""
    user_of(request, id).blocked = read(request, Blocked).blocked
    return HTTPResponse(status=204)


@control.post("/handshake")
async def shake_hands(request: Request) -> HTTPResponse:
    """Ask the webhook whether it is the one."""
    return json({"connected": await hall_of(request).dispatcher.handshake()})


@control.post("/flush")
async def flush(request: Request) -> HTTPResponse:
    """Send what is held back; answers with the first tries."""
    return json({"calls": await hall_of(request).dispatcher.flush()})


@control.post("/webhook")
async def send_raw(request: Request) -> HTTPResponse:
    """Send the body of this call, signed, as it is."""
    return json({"status": await hall_of(request).dispatcher.raw(request.body)})


@control.post("/reset")
async def reset(request: Request) -> HTTPResponse:
    """Back to the behaviour of the start; what people said stays."""
    hall = hall_of(request)
    hall.behaviour, hall.ahead = Behaviour(), 0.0
    hall.faults.waiting.clear()
    hall.calls.clear()
    hall.complaints.clear()
    hall.rates.forget()
    hall.dispatcher.forget()
    return HTTPResponse(status=204)


@control.get("/seen")
async def seen(request: Request) -> HTTPResponse:
    """The calls of the Graph API, those to the webhook, and what the platform put right silently."""
    hall = hall_of(request)
    return json(
        {
            "calls": list(hall.calls),
            "webhooks": list(hall.dispatcher.log),
            "held": hall.dispatcher.count_waiting(),
            "complaints": hall.complaints,
        }
    )
