"""The customer's policy, and the quick check of what it covers."""

from __future__ import annotations

import asyncio

from sanic import Blueprint, HTTPResponse, Request

from claims.api import schemas
from claims.api.bodies import answer, own_policy
from claims.api.operations import Operation, serve, services_of
from claims.api.views import eligibility_view, policy_view
from claims.service.cover import check_cover, read_policy

blueprint = Blueprint("policies")


@serve(
    blueprint,
    Operation(
        "GET",
        "/v1/policies/<reference:str>",
        "The customer's policy and the people on it.",
        answers={200: schemas.Policy},
        errors={
            403: ("other_policy",),
            404: ("policy_not_found",),
            422: ("invalid_policy_reference",),
            503: ("policy_source_unavailable",),
        },
        customer=True,
    ),
)
async def read(request: Request, reference: str, customer: str) -> HTTPResponse:
    """Show the policy."""
    services = services_of(request)
    policy = await asyncio.to_thread(read_policy, services, own_policy(reference, customer))
    return answer(policy_view(policy, services.today()))


@serve(
    blueprint,
    Operation(
        "POST",
        "/v1/eligibility",
        "Check whether an incident looks covered. A finding, never a refusal: any draft can be submitted.",
        body=schemas.EligibilityQuestion,
        answers={200: schemas.Eligibility},
        errors={
            403: ("other_policy",),
            404: ("policy_not_found",),
            422: ("invalid_policy_reference", "invalid_facts"),
            503: ("policy_source_unavailable",),
        },
        customer=True,
    ),
)
async def check(request: Request, customer: str, body: schemas.EligibilityQuestion) -> HTTPResponse:
    """Check cover."""
    reference = own_policy(body.policy_reference, customer)
    finding = await asyncio.to_thread(check_cover, services_of(request), reference, body.incident, body.facts)
    return answer(eligibility_view(finding))
