"""Who is asking: the conversation a request belongs to."""

from __future__ import annotations

from sanic import HTTPResponse, Request

from bot.log.model import Conversation
from bot.log.rows import find
from bot.parts import Parts, parts_of
from bot.sentences import RATE_LIMITED
from bot.webchat.limits import Limit
from bot.webchat.origins import is_own, is_welcome
from bot.webchat.tokens import COOKIE
from common.errors import Forbidden, TooMany, Unauthorised, Unavailable


def check_origin(request: Request) -> None:
    """Refuse what another site makes a customer's browser do.

    Raises:
        Forbidden: The Origin is neither ours nor allowed.
    """
    allowed = parts_of(request).settings.allowed_origins
    if not is_welcome(request.headers.get("origin"), request.host, allowed):
        raise Forbidden("foreign_origin", "This site may not use this conversation.")


def check_running(parts: Parts) -> None:
    """Take nothing new while the service stops; a client asks again and meets the next one.

    Raises:
        Unavailable: The service is stopping.
    """
    if parts.workers.stopping:
        raise Unavailable("stopping", "The service is restarting; ask again in a moment.")


def check_limit(parts: Parts, limit: Limit, key: str, language: str, times: int = 1) -> None:
    """Count something a customer does.

    Raises:
        TooMany: It was done too often; the answer says so in their language, and when to go on.
    """
    seconds = limit.take(key, times)
    if seconds:
        text = parts.sentences.say(RATE_LIMITED, language).text
        raise TooMany("rate_limited", "Too many requests; wait and try again.", retry_after=seconds, text=text)


def set_cookie(request: Request, response: HTTPResponse, token: str) -> None:
    """Give the token to the browser where no script can read it.

    A page of another site gets it partitioned: the browser keeps it for that site only, and sends it from there.
    """
    settings = parts_of(request).settings
    origin = request.headers.get("origin")
    foreign = origin is not None and not is_own(origin, request.host) and settings.cookie_secure
    response.add_cookie(
        COOKIE,
        token,
        # A partitioned cookie has a name that no other host can set, which goes with the whole of a site only.
        path="/" if foreign else "/webchat",
        host_prefix=foreign,
        httponly=True,
        samesite="None" if foreign else "Lax",
        partitioned=foreign,
        secure=settings.cookie_secure,
        max_age=settings.session_days * 86_400,
    )


async def require_session(request: Request) -> Conversation:
    """The conversation of the request's token.

    Raises:
        Unauthorised: There is no token, or it does not stand for a conversation.
    """
    parts = parts_of(request)
    check_running(parts)
    conversation_id = parts.tokens.read(_token(request))
    found = None if conversation_id is None else await parts.log.run(find, conversation_id)
    if found is None:
        raise Unauthorised("invalid_session", "A valid session token is needed.")
    return found


def _token(request: Request) -> str:
    """The Bearer token, or else the cookie's; never a query's, which ends up in logs."""
    header = request.headers.get("authorization")
    if header is not None:
        scheme, _, token = header.partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""
    return str(request.cookies.get(COOKIE) or "")
