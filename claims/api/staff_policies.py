"""Policies as staff look at them, and the check of cover for an intake that is under way."""

from __future__ import annotations

import asyncio

from sanic import Blueprint, HTTPResponse, Request

from claims.api import staff_policies_schemas as schemas
from claims.api.bodies import answer
from claims.api.operations import Operation, serve, services_of
from claims.api.policy_views import staff_policy_view
from claims.api.schemas import Eligibility
from claims.api.views import eligibility_view
from claims.domain.policies import policy_reference
from claims.domain.staff import Permission, StaffMember
from claims.service.policy_reading import check_any_cover, read_any_policy

blueprint = Blueprint("staff_policies")

_POLICY = "/v1/staff/policies/<reference:str>"
_ERRORS = {
    404: ("policy_not_found",),
    422: ("invalid_policy_reference",),
    503: ("policy_source_unavailable",),
}


@serve(
    blueprint,
    Operation(
        "GET",
        _POLICY,
        "A policy: whom it insures, its period and payment, what is left of its yearly limits, its latest claims.",
        answers={200: schemas.StaffPolicy},
        errors=_ERRORS,
        staff=Permission.READ_CLAIMS,
    ),
)
async def read(request: Request, reference: str, staff: StaffMember) -> HTTPResponse:
    """Show a policy."""
    known = policy_reference(reference)
    shown = await asyncio.to_thread(read_any_policy, services_of(request), known, staff.actor)
    return answer(staff_policy_view(shown))


@serve(
    blueprint,
    Operation(
        "POST",
        f"{_POLICY}/eligibility",
        "Check whether an incident looks covered, from the answers of an intake as they are; free words are no facts.",
        body=schemas.CoverQuestion,
        answers={200: Eligibility},
        errors=_ERRORS,
        staff=Permission.READ_CLAIMS,
    ),
)
async def check(request: Request, reference: str, staff: StaffMember, body: schemas.CoverQuestion) -> HTTPResponse:
    """Check cover."""
    known = policy_reference(reference)
    finding = await asyncio.to_thread(
        check_any_cover, services_of(request), known, body.incident, body.facts, staff.actor
    )
    return answer(eligibility_view(finding))
