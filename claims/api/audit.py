"""The audit trail, for those who watch over it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import Any

from sanic import Blueprint, HTTPResponse, Request

from claims.adapters.places import Place
from claims.api import staff_schemas
from claims.api.bodies import answer
from claims.api.operations import Operation, serve, services_of
from claims.api.paging import part, place_of
from claims.domain.staff import Permission, StaffMember
from claims.service.audit import read_trail
from common.errors import Unprocessable

blueprint = Blueprint("audit")

# A number an entry can have on both databases.
_DIGITS = 9


@serve(
    blueprint,
    Operation(
        "GET",
        "/v1/staff/audit",
        "What was read and changed, the newest first; reading it is an entry too.",
        query=staff_schemas.AuditQuery,
        answers={200: staff_schemas.AuditList},
        staff=Permission.READ_AUDIT,
    ),
)
async def read(request: Request, staff: StaffMember, query: staff_schemas.AuditQuery) -> HTTPResponse:
    """List entries."""
    look = partial(
        read_trail, before=_number(place_of(query.after)), subject=query.subject or None, actor=query.actor or None
    )
    found = await asyncio.to_thread(look, services_of(request), staff, query.limit + 1)
    shown, following = part(found, query.limit, lambda entry: Place(entry["at"], str(entry["number"])))
    return answer(staff_schemas.AuditList([_view(entry) for entry in shown], following))


def _number(place: Place | None) -> int | None:
    if place is None:
        return None
    if not (place.id.isascii() and place.id.isdigit() and len(place.id) <= _DIGITS):
        raise Unprocessable("invalid_query", "`after` is not what an answer said.", field="$.after")
    return int(place.id)


def _view(entry: Mapping[str, Any]) -> staff_schemas.AuditEntry:
    return staff_schemas.AuditEntry(
        number=entry["number"],
        at=entry["at"],
        actor=entry["actor"],
        action=entry["action"],
        subject=entry["subject"],
        details=entry["details"],
        hash=entry["hash"],
    )
