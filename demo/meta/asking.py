"""What the Graph API's calls have in common: who asks, for what, with which body."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

from sanic import Request
from sanic.exceptions import SanicException

from demo.meta.accounts import PAGE_ID
from demo.meta.errors import GraphError, named, wrong_parameter
from demo.meta.hall import Hall
from demo.meta.model import User
from demo.meta.outgoing import Upload

ME = ("me", PAGE_ID)


def authorise(request: Request, hall: Hall) -> str:
    """Whose token this is: `messenger` or `whatsapp`.

    Raises:
        GraphError: Nobody's, or the proof of the app's secret is wrong.
    """
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    token = given if scheme.lower() == "bearer" else str(request.args.get("access_token") or "")
    known = {"messenger": hall.settings.page_token, "whatsapp": hall.settings.whatsapp_token}
    same = (name for name, value in known.items() if hmac.compare_digest(token.encode(), value.encode()))
    whose = next(same, None)
    if whose is None:
        raise named("token_invalid")
    proof = request.args.get("appsecret_proof")
    right = hmac.new(hall.settings.app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()
    if proof is not None and proof != right:
        raise wrong_parameter("Invalid appsecret_proof provided in the API argument")
    return whose


def body_of(request: Request) -> Any:
    """The body as JSON; the fields of a form, where a file comes with them, are the same in another dress.

    Raises:
        GraphError: It is none.
    """
    try:
        if _is_form(request):
            return {name: _field(values[0]) for name, values in (request.form or {}).items()}
        return request.json
    except SanicException:
        raise wrong_parameter("The request body is not valid JSON.") from None


def file_of(request: Request, name: str) -> Upload | None:
    """The file of a form, if there is one of that name."""
    found = request.files.get(name) if _is_form(request) and request.files else None
    if found is None:
        return None
    return Upload(found.name, (found.type or "").partition(";")[0].strip(), found.body)


def _is_form(request: Request) -> bool:
    return (request.content_type or "").startswith("multipart/form-data")


def _field(value: str) -> Any:
    try:
        return json.loads(value) if value.startswith("{") else value
    except ValueError:
        raise wrong_parameter("A field of the form is not valid JSON.") from None


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
