"""Registers a route together with its description, so that the published document cannot leave one out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

import msgspec
from sanic import Blueprint, HTTPResponse, Request

from claims.adapters.customer_tokens import TokenExpired, TokenInvalid
from claims.adapters.errors import ConcurrentWrite
from claims.api.bodies import read_body, read_query
from claims.api.errors import api_error
from claims.domain.errors import ClaimsError
from claims.domain.staff import Permission, StaffMember
from claims.service.services import Services
from claims.service.staff import SessionInvalid, allowed
from common.errors import Unauthorised

View = Callable[..., Awaitable[HTTPResponse]]


@dataclass(frozen=True)
class Operation:
    """What one route takes and answers.

    Attributes:
        answers: The body for each status that is not an error; None for an empty one.
        errors: The codes a caller must be ready for, beside those every call can answer.
        customer: The call needs X-Customer-Token; the view gets the policy reference it is bound to.
        delivers: The call hands over what the customer said while identified, so a token of the last days will
            do: it may come late from a caller that had to wait for us. It shows no more than that draft.
        keyed: The call needs an Idempotency-Key.
        staff: The call needs X-Staff-Session of somebody whose role allows this; the view gets the staff member.
        query: The parameters of the query, as a struct; the view gets one.
        content_type: Of the answer, where it is no JSON; its schema is then a string.
        upload: The body is a file, streamed; the view reads it from the request.
        service_token: The call needs the token of a service.
    """

    method: str
    path: str
    summary: str
    answers: Mapping[int, type[msgspec.Struct] | None]
    body: type[msgspec.Struct] | None = None
    query: type[msgspec.Struct] | None = None
    errors: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    customer: bool = False
    delivers: bool = False
    keyed: bool = False
    staff: Permission | None = None
    upload: bool = False
    content_type: str = "application/json"
    service_token: bool = True


OPERATIONS: list[Operation] = []


def serve(blueprint: Blueprint, operation: Operation) -> Callable[[View], View]:
    """Register a view for `operation` on `blueprint` and in the published document."""
    OPERATIONS.append(operation)

    def register(view: View) -> View:
        @wraps(view)
        async def handle(request: Request, **arguments: Any) -> HTTPResponse:
            if operation.customer:
                arguments["customer"] = _customer(request, late=operation.delivers)
            if operation.staff is not None:
                arguments["staff"] = await asyncio.to_thread(_staff, request, operation.staff)
            if operation.query is not None:
                arguments["query"] = read_query(request.get_args(keep_blank_values=True), operation.query)
            if operation.body is not None:
                arguments["body"] = read_body(request.body, operation.body)
            try:
                return await view(request, **arguments)
            except (ClaimsError, ConcurrentWrite) as error:
                raise api_error(error) from error

        blueprint.add_route(
            handle, operation.path, methods=[operation.method], name=view.__name__, stream=operation.upload
        )
        return view

    return register


def services_of(request: Request) -> Services:
    """Find the services of the app that serves `request`."""
    services: Services = request.app.ctx.services
    return services


def _customer(request: Request, *, late: bool) -> str:
    try:
        return services_of(request).tokens.read(request.headers.get("x-customer-token", ""), late=late)
    except TokenExpired:
        raise Unauthorised("customer_token_expired", "The customer must identify again.") from None
    except TokenInvalid:
        raise Unauthorised("customer_token_invalid", "A valid X-Customer-Token is needed.") from None


def _staff(request: Request, permission: Permission) -> StaffMember:
    try:
        return allowed(services_of(request), request.headers.get("x-staff-session", ""), permission)
    except SessionInvalid:
        raise Unauthorised("staff_session_invalid", "A valid X-Staff-Session is needed; sign in again.") from None
    except ClaimsError as error:
        raise api_error(error) from error
