"""Who is asking: the conversation a request belongs to."""

from __future__ import annotations

from sanic import Request

from bot.log.model import Conversation
from bot.log.rows import find
from bot.parts import Parts, parts_of
from bot.webchat.origins import is_welcome
from bot.webchat.tokens import COOKIE
from common.errors import Forbidden, Unauthorised, Unavailable


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
