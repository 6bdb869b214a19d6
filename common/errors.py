"""One error shape for every API: {"error": {"code", "message", "details"}}.

ApiError                 anything a caller can be told
├── BadRequest           400, the request cannot be read
├── Unauthorised         401, no or wrong credentials
├── Forbidden            403, known but not allowed
├── NotFound             404
├── Conflict             409, the state does not allow it
├── Unprocessable        422, readable but not acceptable
├── TooMany              429, a limit is reached
└── Unavailable          503, something behind us is down
"""

from __future__ import annotations

import hmac
import re
from typing import Any

import structlog
from sanic import Blueprint, HTTPResponse, Request, Sanic, json
from sanic.exceptions import SanicException


class ApiError(Exception):
    """An error the caller may see: a stable code, a clear sentence, safe details.

    Attributes:
        code: Stable and machine-readable, for example `policy_not_found`.
        message: One sentence in English for a developer.
        details: Safe to show; never what a person typed.
    """

    status = 500

    def __init__(self, code: str, message: str, **details: Any) -> None:
        super().__init__(message)
        self.code, self.message, self.details = code, message, details


class BadRequest(ApiError):
    status = 400


class Unauthorised(ApiError):
    status = 401


class Forbidden(ApiError):
    status = 403


class NotFound(ApiError):
    status = 404


class Conflict(ApiError):
    status = 409


class Unprocessable(ApiError):
    status = 422


class TooMany(ApiError):
    status = 429


class Unavailable(ApiError):
    status = 503


def error_response(status: int, code: str, message: str, details: dict[str, Any] | None = None) -> HTTPResponse:
    """Render the one error shape."""
    return json({"error": {"code": code, "message": message, "details": details or {}}}, status=status)


def install_errors(app: Any) -> None:
    """Make the app answer every failure in the one error shape, without leaking what went wrong inside."""
    log = structlog.get_logger()

    async def on_error(request: Request, error: Exception) -> HTTPResponse:
        if isinstance(error, ApiError):
            return error_response(error.status, error.code, error.message, error.details)
        if isinstance(error, SanicException):
            status = error.status_code or 500
            if status < 500:
                code, message = _SANIC.get(status, ("bad_request", "The request cannot be read."))
                answer = error_response(status, code, message)
                if status == 405:
                    answer.headers["allow"] = ", ".join(_methods_of(request))
                return answer
        log.error("request.failed", path=request.path, kind=type(error).__name__, exc_info=error)
        return error_response(500, "internal_error", "Something failed on our side; nothing was changed.")

    app.exception(Exception)(on_error)


def _methods_of(request: Request) -> list[str]:
    """The methods an address takes; Sanic itself does not know them where several routes share one."""
    methods: set[str] = set()
    for route in request.app.router.routes:
        if re.fullmatch(re.sub(r"<[^>]+>", "[^/]+", f"/{route.path}"), request.path):
            methods |= route.methods
    return sorted(methods)


# Our own sentences: Sanic's repeat the address, which can hold a reference somebody typed.
_SANIC = {
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not take this method."),
    413: ("too_large", "The request is too large."),
    415: ("unsupported_media_type", "This kind of content is not taken here."),
}


def require_bearer(app: Sanic[Any, Any] | Blueprint, secrets: tuple[str, ...], *, open_paths: tuple[str, ...]) -> None:
    """Refuse every request without `Authorization: Bearer <one of secrets>`, except below `open_paths`."""

    async def check(request: Request) -> None:
        if request.path.startswith(open_paths):
            return
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        # Sanic keeps header bytes that are not UTF-8 as surrogates; without this they would be a 500.
        offered = given.encode(errors="surrogateescape")
        accepted = [hmac.compare_digest(offered, secret.encode()) for secret in secrets]
        if scheme.lower() != "bearer" or not any(accepted):
            raise Unauthorised("unauthorised", "A valid service token is needed.")

    app.on_request(check)
