"""The customer's claims after their submission."""

from __future__ import annotations

import asyncio

from sanic import Blueprint, HTTPResponse, Request

from claims.adapters.claim_search import place_in
from claims.api import schemas
from claims.api import staff_claims_schemas as bodies
from claims.api.bodies import answer, own_policy
from claims.api.claim_views import details_view
from claims.api.operations import Operation, serve, services_of
from claims.api.paging import part, place_of
from claims.service import customer_claims
from claims.service.claim_reading import list_claims, read_claim

blueprint = Blueprint("claims")

_CLAIM = "/v1/claims/<reference:str>"


@serve(
    blueprint,
    Operation(
        "GET",
        _CLAIM,
        "One claim: its status, what was asked, until when it is to be paid, and claims that look like it.",
        answers={200: bodies.ClaimDetails},
        errors={404: ("claim_not_found",)},
        customer=True,
    ),
)
async def read(request: Request, reference: str, customer: str) -> HTTPResponse:
    """Show a claim."""
    return await _show(request, reference, customer)


@serve(
    blueprint,
    Operation(
        "GET",
        "/v1/claims",
        "The customer's claims, the newest first.",
        query=schemas.OfPolicy,
        answers={200: bodies.ClaimDetailsList},
        errors={403: ("other_policy",), 422: ("invalid_policy_reference",)},
        customer=True,
    ),
)
async def list_all(request: Request, customer: str, query: schemas.OfPolicy) -> HTTPResponse:
    """List claims."""
    reference = own_policy(query.policy_reference, customer)
    found = await asyncio.to_thread(
        list_claims, services_of(request), reference, place_of(query.after), query.limit + 1
    )
    shown, following = part(found, query.limit, lambda row: place_in(row.claim, urgent_first=False))
    return answer(bodies.ClaimDetailsList([details_view(row) for row in shown], following))


@serve(
    blueprint,
    Operation(
        "POST",
        f"{_CLAIM}/withdrawal",
        "Withdraw a claim, until it is decided.",
        body=bodies.Withdrawal,
        answers={200: bodies.ClaimDetails},
        errors={404: ("claim_not_found",), 409: ("version_conflict", "step_not_possible")},
        customer=True,
    ),
)
async def withdraw(request: Request, reference: str, customer: str, body: bodies.Withdrawal) -> HTTPResponse:
    """Withdraw a claim."""
    await asyncio.to_thread(
        customer_claims.withdraw_claim,
        services_of(request),
        reference.upper(),
        customer,
        body.remark,
        body.version,
    )
    return await _show(request, reference, customer)


@serve(
    blueprint,
    Operation(
        "POST",
        f"{_CLAIM}/remarks",
        "Add a remark for whoever handles the claim, until it is closed.",
        body=bodies.Remark,
        answers={200: bodies.ClaimDetails},
        errors={404: ("claim_not_found",), 409: ("version_conflict", "claim_fixed"), 422: ("text_needed",)},
        customer=True,
    ),
)
async def remark(request: Request, reference: str, customer: str, body: bodies.Remark) -> HTTPResponse:
    """Add a remark."""
    await asyncio.to_thread(
        customer_claims.add_remark, services_of(request), reference.upper(), customer, body.remark, body.version
    )
    return await _show(request, reference, customer)


@serve(
    blueprint,
    Operation(
        "POST",
        f"{_CLAIM}/answers",
        "Answer what was asked, with answers, a remark or both; the claim goes back to review.",
        body=bodies.RequestedAnswers,
        answers={200: bodies.ClaimDetails},
        errors={
            404: ("claim_not_found",),
            409: ("version_conflict", "step_not_possible"),
            422: ("text_needed", "too_many_answers"),
        },
        customer=True,
    ),
)
async def give_answers(request: Request, reference: str, customer: str, body: bodies.RequestedAnswers) -> HTTPResponse:
    """Answer a request."""
    await asyncio.to_thread(
        customer_claims.answer_request,
        services_of(request),
        reference.upper(),
        customer,
        body.answers,
        body.remark,
        body.version,
    )
    return await _show(request, reference, customer)


async def _show(request: Request, reference: str, customer: str) -> HTTPResponse:
    shown = await asyncio.to_thread(read_claim, services_of(request), reference.upper(), customer)
    return answer(details_view(shown))
