"""What the Graph API's calls have in common: who asks, for what, with which body."""

from __future__ import annotations

from typing import Any

from sanic import Request
from sanic.exceptions import SanicException

from demo.meta.accounts import PAGE_ID
from demo.meta.errors import GraphError, named, wrong_parameter
from demo.meta.hall import Hall
from demo.meta.model import User

ME = ("me", PAGE_ID)


def body_of(request: Request) -> Any:
    """The body as JSON.

    Raises:
        GraphError: It is none.
    """
    try:
        return request.json
    except SanicException:
        raise wrong_parameter("The request body is not valid JSON.") from None


def text_of(value: Any) -> str:
    """A query parameter, or nothing."""
    return value if isinstance(value, str) else ""


def person(hall: Hall, platform: str, id: str) -> User:
    """Somebody on this platform.

    Raises:
        GraphError: Nobody has this id.
    """
    user = hall.world.users.get(id)
    if user is None or user.platform != platform:
        raise named("no_such_user")
    return user


def unknown(what: str) -> GraphError:
    """What Meta says of an id it does not know."""
    return GraphError(400, 100, f"Unsupported request. Object with ID '{what}' does not exist.", 33)
