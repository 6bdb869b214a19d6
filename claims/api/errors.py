"""Gives every kind of domain error its HTTP status."""

from __future__ import annotations

from claims.adapters.errors import ConcurrentWrite
from claims.domain import errors
from common.errors import ApiError, Conflict, Forbidden, NotFound, TooMany, Unauthorised, Unavailable, Unprocessable

_KINDS: tuple[tuple[type[errors.ClaimsError], type[ApiError]], ...] = (
    (errors.Missing, NotFound),
    (errors.Unproven, Unauthorised),
    (errors.Denied, Forbidden),
    (errors.StateConflict, Conflict),
    (errors.Invalid, Unprocessable),
    (errors.LimitReached, TooMany),
    (errors.OutOfReach, Unavailable),
)


def api_error(error: errors.ClaimsError | ConcurrentWrite) -> ApiError:
    """Translate what went wrong inside into what the caller is told."""
    if isinstance(error, ConcurrentWrite):
        return Unavailable("busy", "Others are writing the same thing right now; nothing was changed, try again.")
    kind = next(api for inner, api in _KINDS if isinstance(error, inner))
    return kind(error.code, error.message, **error.details)
