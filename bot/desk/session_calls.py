"""Signing in to the desk and out, presence, and canned replies."""

from __future__ import annotations

from contextlib import suppress

from sanic import HTTPResponse, Request, json
from sanic.response import empty
from sqlalchemy import Connection, select

from bot.desk import bodies
from bot.desk.audit import audit
from bot.desk.canned import Reply
from bot.desk.desk import Desk
from bot.desk.guard import check_write, desk_of, needs
from bot.desk.members import ANSWER, READ, SUPERVISE, Member
from bot.desk.queue import PRESENT_FOR
from bot.desk.sessions import COOKIE
from bot.desk.tables import desk_presence
from bot.desk.views import at, member_json
from bot.desk.work import AVAILABLE, AWAY, set_presence
from bot.log.tables import conversations
from bot.parts import parts_of
from bot.webchat.limits import address_key
from bot.webchat.rules import read_body
from common.errors import ApiError, TooMany

PATH = "/desk"


async def sign_in(request: Request) -> HTTPResponse:
    """Sign in with password and second factor; the session is a cookie no script can read."""
    check_write(request)
    desk, settings = desk_of(request), parts_of(request).settings
    seconds = desk.sign_in_limit.take(address_key(request.client_ip))
    if seconds:
        raise TooMany("rate_limited", "Too many attempts; wait and try again.", retry_after=seconds)
    body = read_body(request.body, bodies.SignIn)
    cookie, member = await desk.sessions.open(body.username, body.password, body.code)
    await desk.change(_signed_in, desk, member)
    response = json(member_json(member), status=201)
    response.add_cookie(
        COOKIE, cookie, path=PATH, httponly=True, samesite="Strict", secure=settings.cookie_secure, max_age=8 * 3_600
    )
    return response


@needs()
async def who_am_i(request: Request, desk: Desk, member: Member) -> HTTPResponse:
    """Who is signed in."""
    return json(member_json(member))


async def sign_out(request: Request) -> HTTPResponse:
    """End the session; who has conversations still has them, until the timer finds them away."""
    check_write(request)
    desk, cookie = desk_of(request), str(request.cookies.get(COOKIE) or "")
    # Over already, or the claims backend does not answer: the cookie goes all the same.
    with suppress(ApiError):
        await _leave(desk, await desk.sessions.member(cookie))
    with suppress(ApiError):
        await desk.sessions.close(cookie)
    response = empty()
    response.delete_cookie(COOKIE, path=PATH)
    return response


@needs(READ)
async def list_staff(request: Request, desk: Desk, member: Member) -> HTTPResponse:
    """Who is there, and how many conversations each has."""
    return json({"staff": await desk.read(_staff, desk)})


@needs(ANSWER)
async def set_state(request: Request, desk: Desk, member: Member) -> HTTPResponse:
    """Say that one takes conversations, or does not."""
    body = read_body(request.body, bodies.Presence)
    state = bodies.check_choice(body.state, (AVAILABLE, AWAY), "invalid_state")
    await desk.change(set_presence, member, state, desk.now())
    return json({"state": state})


@needs(ANSWER, SUPERVISE)
async def list_canned(request: Request, desk: Desk, member: Member) -> HTTPResponse:
    """Canned replies in a language that hold all words searched for."""
    language, words = request.args.get("language") or "en", (request.args.get("q") or "")[:100]
    return json({"replies": [_reply(each) for each in desk.canned.find(language, words)]})


async def _leave(desk: Desk, member: Member) -> None:
    if member.may(ANSWER):
        await desk.act(member, "desk_signed_out", f"staff:{member.username}", set_presence, member, AWAY, desk.now())


def _signed_in(connection: Connection, desk: Desk, member: Member) -> None:
    now = desk.now()
    if member.may(ANSWER):
        set_presence(connection, member, AVAILABLE, now)
    audit(connection, desk.settings.desk_secret, member, "desk_signed_in", f"staff:{member.username}", now)


def _staff(connection: Connection, desk: Desk) -> list[dict[str, object]]:
    now = desk.now()
    owned = connection.execute(select(conversations.c.owner).where(conversations.c.mode == "human")).scalars().all()
    rows = connection.execute(select(desk_presence).order_by(desk_presence.c.name)).mappings()
    return [
        {
            "username": row["username"],
            "name": row["name"],
            "role": row["role"],
            "state": row["state"] if row["seen_at"] > now - PRESENT_FOR else "gone",
            "seen_at": at(row["seen_at"]),
            "conversations": owned.count(row["username"]),
        }
        for row in rows
    ]


def _reply(reply: Reply) -> dict[str, str]:
    return {"key": reply.key, "title": reply.title, "text": reply.text}
