"""Who may call what: every call of the desk says which permission it needs, and is refused before it does anything."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, TypeVar

from sanic import Request

from bot.desk.desk import Desk
from bot.desk.sessions import COOKIE
from bot.desk.takeover import AlreadyTaken, DeskError, NotOwner
from bot.log.model import UnknownConversation
from bot.webchat.origins import is_own
from common.errors import ApiError, Conflict, Forbidden, NotFound, Unprocessable

WRITE_HEADER = "x-desk"
_SAFE = ("GET", "HEAD")
# What is not there, and what cannot be done with the values given; everything else is a matter of the moment.
_NOT_FOUND = {"message_not_found", "callback_not_found", "attachment_not_found"}
_NOT_POSSIBLE = {
    "facts_too_long": "That is too much for one hand-back; leave out what matters least.",
    "unknown_attachment": "A file is not there, was sent before, or is not yours to send.",
    "client_id_reused": "This client_id belongs to a message with other files.",
}

T = TypeVar("T")
# A stream answers by itself and returns nothing.
Handler = Callable[..., Awaitable[T]]


def desk_of(request: Request) -> Desk:
    """The desk of the bot that serves this request."""
    desk: Desk = request.app.ctx.desk
    return desk


def needs(*permissions: str) -> Callable[[Handler[T]], Handler[T]]:
    """Let a call through to members of staff whose role has one of the permissions; none means any member.

    The handler gets the request, the desk and the member, then what its address holds.
    """

    def guard(handler: Handler[T]) -> Handler[T]:
        @wraps(handler)
        async def guarded(request: Request, **places: Any) -> T:
            check_write(request)
            desk = desk_of(request)
            member = await desk.sessions.member(str(request.cookies.get(COOKIE) or ""))
            if permissions and not any(member.may(each) for each in permissions):
                raise Forbidden("not_allowed", "Your role does not allow this.")
            await desk.sign_of_life(member)
            return await refusing(handler(request, desk, member, **places))

        return guarded

    return guard


def check_write(request: Request) -> None:
    """Refuse what another site makes a browser of the staff do: it cannot send this header, nor our Origin.

    Raises:
        Forbidden: The header is missing, or the Origin is another one.
    """
    if request.method in _SAFE:
        return
    if request.headers.get(WRITE_HEADER) != "1":
        raise Forbidden("desk_header_needed", "Send the header X-Desk: 1.")
    origin = request.headers.get("origin")
    if origin is not None and not is_own(origin, request.host):
        raise Forbidden("foreign_origin", "This site may not use the desk.")


async def refusing(work: Awaitable[T]) -> T:
    """Await `work`; what the desk refuses becomes an answer."""
    try:
        return await work
    except UnknownConversation:
        raise NotFound("conversation_not_found", "There is no such conversation.") from None
    except DeskError as error:
        raise _answer_of(error) from None


def _answer_of(error: DeskError) -> ApiError:
    if isinstance(error, AlreadyTaken | NotOwner):
        return Conflict(error.code, "Somebody else has this conversation, or it changed.", **error.details)
    if error.code in _NOT_FOUND:
        return NotFound(error.code, "There is no such thing in this conversation.")
    if error.code in _NOT_POSSIBLE:
        return Unprocessable(error.code, _NOT_POSSIBLE[error.code])
    return Conflict(error.code, "This is not possible any more.")
