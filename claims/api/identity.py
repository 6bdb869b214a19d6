"""Who are you: one-time codes to the address on file, or the word of the host page."""

from __future__ import annotations

import asyncio
from functools import partial

from sanic import Blueprint, HTTPResponse, Request

from claims.api import identity_schemas, schemas
from claims.api.bodies import answer
from claims.api.operations import Operation, serve, services_of
from claims.api.views import policy_view
from claims.service.identity import Identified, ask_code, identify_by_token, send_code, verify_code
from claims.service.services import Services

blueprint = Blueprint("identity")


@serve(
    blueprint,
    Operation(
        "POST",
        "/v1/identity/challenges",
        "Mail a one-time code to the address on file; the answer is the same whether the policy exists or not.",
        body=schemas.NewChallenge,
        answers={202: schemas.Challenge},
        errors={422: ("invalid_policy_reference", "invalid_date"), 429: ("too_many_codes",)},
    ),
)
async def ask(request: Request, body: schemas.NewChallenge) -> HTTPResponse:
    """Make a challenge and mail its code after the answer."""
    services = services_of(request)
    asked = await asyncio.to_thread(ask_code, services, body.policy_reference, body.date_of_birth, body.language)
    services.background.start("code_mail", partial(send_code, services, asked))
    return answer(schemas.Challenge(asked.challenge.id, asked.challenge.expires_at), status=202)


@serve(
    blueprint,
    Operation(
        "POST",
        "/v1/identity/challenges/<challenge:str>/verification",
        "Give the code back and get a customer token for the policy.",
        body=schemas.Code,
        answers={200: schemas.Verified},
        errors={
            404: ("challenge_not_found",),
            409: ("code_expired",),
            422: ("wrong_code",),
            429: ("too_many_tries",),
        },
    ),
)
async def verify(request: Request, challenge: str, body: schemas.Code) -> HTTPResponse:
    """Try a code."""
    services = services_of(request)
    done = await asyncio.to_thread(verify_code, services, challenge, body.code)
    return answer(_verified(services, done))


@serve(
    blueprint,
    Operation(
        "POST",
        "/v1/identity/tokens",
        "Hand in a signed identity token of the host page and get a customer token for the policy; each works once.",
        body=identity_schemas.IdentityToken,
        answers={200: schemas.Verified},
        errors={
            401: ("identity_token_invalid",),
            404: ("identity_tokens_off",),
            503: ("policy_source_unavailable",),
        },
    ),
)
async def take_token(request: Request, body: identity_schemas.IdentityToken) -> HTTPResponse:
    """Take an identity token."""
    services = services_of(request)
    done = await asyncio.to_thread(identify_by_token, services, body.token)
    return answer(_verified(services, done))


def _verified(services: Services, done: Identified) -> schemas.Verified:
    return schemas.Verified(done.customer_token, done.expires_at, policy_view(done.policy, services.today()))
