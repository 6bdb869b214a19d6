"""Claims as staff work on them: found, read, decided, assessed and handed over."""

from __future__ import annotations

import asyncio
from decimal import Decimal

from msgspec import UNSET
from sanic import Blueprint, HTTPResponse, Request

from claims.adapters.claim_search import Wanted, place_in
from claims.api import staff_claims_schemas as schemas
from claims.api.bodies import answer
from claims.api.claim_views import row_view, staff_view
from claims.api.operations import Operation, serve, services_of
from claims.api.paging import part, place_of
from claims.domain.lifecycle import Step
from claims.domain.policies import policy_reference
from claims.domain.staff import Permission, StaffMember
from claims.service import decisions
from claims.service.claim_reading import StaffFilter, read_any_claim, search_claims

blueprint = Blueprint("staff_claims")

_CLAIM = "/v1/staff/claims/<reference:str>"


@serve(
    blueprint,
    Operation(
        "GET",
        "/v1/staff/claims",
        "Claims of all customers, the newest first or (order=urgent) those first whose payout is due first.",
        query=schemas.StaffClaimsQuery,
        answers={200: schemas.StaffClaimList},
        errors={422: ("invalid_policy_reference",)},
        staff=Permission.READ_CLAIMS,
    ),
)
async def search(request: Request, staff: StaffMember, query: schemas.StaffClaimsQuery) -> HTTPResponse:
    """List claims."""
    wanted = _wanted(query)
    found = await asyncio.to_thread(
        search_claims, services_of(request), wanted, place_of(query.after), query.limit + 1, staff.actor
    )
    urgent = query.order == "urgent"
    shown, following = part(found, query.limit, lambda row: place_in(row.claim, urgent_first=urgent))
    return answer(schemas.StaffClaimList([row_view(row) for row in shown], following))


@serve(
    blueprint,
    Operation(
        "GET",
        _CLAIM,
        "Everything about one claim.",
        answers={200: schemas.StaffClaim},
        errors={404: ("claim_not_found",)},
        staff=Permission.READ_CLAIMS,
    ),
)
async def read(request: Request, reference: str, staff: StaffMember) -> HTTPResponse:
    """Show a claim."""
    return await _show(request, reference, staff)


@serve(
    blueprint,
    Operation(
        "POST",
        f"{_CLAIM}/transitions",
        "Take a claim one step further, or open it again; some steps need a reason, an approval needs an amount.",
        body=schemas.TransitionRequest,
        answers={200: schemas.StaffClaim},
        errors={
            404: ("claim_not_found",),
            409: ("version_conflict", "step_not_possible", "facts_needed", "limit_exceeded"),
            422: ("text_needed", "invalid_amount"),
        },
        staff=Permission.WORK_ON_CLAIMS,
    ),
)
async def move(request: Request, reference: str, staff: StaffMember, body: schemas.TransitionRequest) -> HTTPResponse:
    """Take a step."""
    amount = None if body.amount is UNSET else Decimal(str(body.amount))
    step = Step(body.to, body.version, body.reason, amount)
    await asyncio.to_thread(decisions.move_claim, services_of(request), reference.upper(), step, staff)
    return await _show(request, reference, staff)


@serve(
    blueprint,
    Operation(
        "PATCH",
        f"{_CLAIM}/assessment",
        "Establish facts; they hold over the customer's answers, and the cover is checked again.",
        body=schemas.Assessment,
        answers={200: schemas.StaffClaim},
        errors={
            404: ("claim_not_found",),
            409: ("version_conflict", "claim_fixed"),
            422: ("invalid_facts",),
        },
        staff=Permission.WORK_ON_CLAIMS,
    ),
)
async def assess(request: Request, reference: str, staff: StaffMember, body: schemas.Assessment) -> HTTPResponse:
    """Establish facts."""
    await asyncio.to_thread(
        decisions.assess_claim,
        services_of(request),
        reference.upper(),
        body.facts,
        body.reason,
        body.version,
        staff,
    )
    return await _show(request, reference, staff)


@serve(
    blueprint,
    Operation(
        "PUT",
        f"{_CLAIM}/handler",
        "Give a claim to a handler, or to nobody.",
        body=schemas.HandlerChange,
        answers={200: schemas.StaffClaim},
        errors={
            404: ("claim_not_found",),
            409: ("version_conflict", "claim_fixed"),
            422: ("unknown_handler",),
        },
        staff=Permission.WORK_ON_CLAIMS,
    ),
)
async def assign(request: Request, reference: str, staff: StaffMember, body: schemas.HandlerChange) -> HTTPResponse:
    """Hand a claim over."""
    await asyncio.to_thread(
        decisions.assign_claim, services_of(request), reference.upper(), body.handler, body.version, staff
    )
    return await _show(request, reference, staff)


def _wanted(query: schemas.StaffClaimsQuery) -> StaffFilter:
    wanted = Wanted(
        status=None if query.status is UNSET else query.status,
        handler=None if query.handler is UNSET else query.handler,
        incident=None if query.incident is UNSET else query.incident,
        policy_reference=None if query.policy_reference is UNSET else policy_reference(query.policy_reference),
        urgent_first=query.order == "urgent",
    )
    return StaffFilter(wanted, None if query.overdue is UNSET else query.overdue)


async def _show(request: Request, reference: str, staff: StaffMember) -> HTTPResponse:
    shown = await asyncio.to_thread(read_any_claim, services_of(request), reference.upper(), staff.actor)
    return answer(staff_view(shown))
