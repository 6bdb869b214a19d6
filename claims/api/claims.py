"""Submitted claims."""

from __future__ import annotations

import asyncio

from sanic import Blueprint, HTTPResponse, Request

from claims.api import schemas
from claims.api.bodies import answer, own_policy
from claims.api.operations import Operation, serve, services_of
from claims.api.views import claim_view
from claims.service.submission import list_claims, read_claim

blueprint = Blueprint("claims")


@serve(
    blueprint,
    Operation(
        "GET",
        "/v1/claims/<reference:str>",
        "One claim.",
        answers={200: schemas.Claim},
        errors={404: ("claim_not_found",)},
        customer=True,
    ),
)
async def read(request: Request, reference: str, customer: str) -> HTTPResponse:
    """Show a claim."""
    claim = await asyncio.to_thread(read_claim, services_of(request), reference.upper(), customer)
    return answer(claim_view(claim))


@serve(
    blueprint,
    Operation(
        "GET",
        "/v1/claims",
        "The customer's claims, the newest first.",
        query=("policy_reference",),
        answers={200: schemas.ClaimList},
        errors={403: ("other_policy",), 422: ("invalid_policy_reference",)},
        customer=True,
    ),
)
async def list_all(request: Request, customer: str) -> HTTPResponse:
    """List claims."""
    reference = own_policy(request.args.get("policy_reference", ""), customer)
    found = await asyncio.to_thread(list_claims, services_of(request), reference)
    return answer(schemas.ClaimList([claim_view(claim) for claim in found]))
