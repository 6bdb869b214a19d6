"""Drafts: the answers of an intake so far, and their submission."""

from __future__ import annotations

import asyncio

from msgspec import UNSET
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import empty

from claims.adapters.places import Place
from claims.api import schemas
from claims.api.bodies import answer, idempotency, own_policy
from claims.api.operations import Operation, serve, services_of
from claims.api.paging import part, place_of
from claims.api.views import claim_view, draft_view
from claims.service import drafts
from claims.service.submission import submit_draft

blueprint = Blueprint("drafts")

_DRAFT = "/v1/drafts/<draft:str>"


@serve(
    blueprint,
    Operation(
        "POST",
        "/v1/drafts",
        "Open a draft; the same Idempotency-Key with the same body gets the same answer and no second draft.",
        body=schemas.NewDraftBody,
        answers={201: schemas.Draft},
        errors={
            403: ("other_policy",),
            404: ("policy_not_found",),
            422: ("invalid_policy_reference", "idempotency_key_missing", "idempotency_key_reused"),
            503: ("policy_source_unavailable",),
        },
        customer=True,
        delivers=True,
        keyed=True,
    ),
)
async def open_one(request: Request, customer: str, body: schemas.NewDraftBody) -> HTTPResponse:
    """Open a draft."""
    reference = own_policy(body.policy_reference, customer)
    new = drafts.NewDraft(reference, body.incident, body.conversation, body.language)
    keyed = idempotency(request, "open_draft")
    draft = await asyncio.to_thread(drafts.open_draft, services_of(request), new, keyed)
    return answer(draft_view(draft), status=201)


@serve(
    blueprint,
    Operation(
        "GET",
        "/v1/drafts",
        "The customer's drafts that are not submitted.",
        query=schemas.OfPolicy,
        answers={200: schemas.DraftList},
        errors={403: ("other_policy",), 422: ("invalid_policy_reference",)},
        customer=True,
    ),
)
async def list_open(request: Request, customer: str, query: schemas.OfPolicy) -> HTTPResponse:
    """List drafts."""
    reference = own_policy(query.policy_reference, customer)
    found = await asyncio.to_thread(
        drafts.list_drafts, services_of(request), reference, place_of(query.after), query.limit + 1
    )
    shown, following = part(found, query.limit, lambda row: Place(row.updated_at, row.id))
    return answer(schemas.DraftList([draft_view(draft) for draft in shown], following))


@serve(
    blueprint,
    Operation(
        "GET",
        _DRAFT,
        "One draft.",
        answers={200: schemas.Draft},
        errors={404: ("draft_not_found",)},
        customer=True,
    ),
)
async def read_one(request: Request, draft: str, customer: str) -> HTTPResponse:
    """Show a draft."""
    found = await asyncio.to_thread(drafts.read_draft, services_of(request), draft, customer)
    return answer(draft_view(found))


@serve(
    blueprint,
    Operation(
        "PATCH",
        _DRAFT,
        "Add or correct answers (null takes one back), or change the incident.",
        body=schemas.DraftChange,
        answers={200: schemas.Draft},
        errors={
            404: ("draft_not_found",),
            409: ("version_conflict", "already_submitted"),
            422: ("too_many_answers",),
        },
        customer=True,
        delivers=True,
    ),
)
async def amend(request: Request, draft: str, customer: str, body: schemas.DraftChange) -> HTTPResponse:
    """Change a draft."""
    incident = None if body.incident is UNSET else body.incident
    changed = await asyncio.to_thread(
        drafts.amend_draft, services_of(request), draft, customer, body.answers, body.version, incident
    )
    return answer(draft_view(changed))


@serve(
    blueprint,
    Operation(
        "DELETE",
        _DRAFT,
        "Drop a draft.",
        answers={204: None},
        errors={404: ("draft_not_found",), 409: ("already_submitted",)},
        customer=True,
    ),
)
async def drop(request: Request, draft: str, customer: str) -> HTTPResponse:
    """Drop a draft."""
    await asyncio.to_thread(drafts.drop_draft, services_of(request), draft, customer)
    return empty()


@serve(
    blueprint,
    Operation(
        "POST",
        f"{_DRAFT}/submission",
        "Submit a draft: 201 with the claim, 200 with the same claim for every repeat.",
        body=schemas.Submission,
        answers={201: schemas.Claim, 200: schemas.Claim},
        errors={
            404: ("draft_not_found",),
            409: ("version_conflict",),
            422: ("idempotency_key_missing", "idempotency_key_reused"),
            503: ("policy_source_unavailable",),
        },
        customer=True,
        delivers=True,
        keyed=True,
    ),
)
async def submit(request: Request, draft: str, customer: str, body: schemas.Submission) -> HTTPResponse:
    """Submit a draft."""
    keyed = idempotency(request, f"submit_draft {draft}")
    claim, created = await asyncio.to_thread(submit_draft, services_of(request), draft, customer, body.version, keyed)
    return answer(claim_view(claim), status=201 if created else 200)
