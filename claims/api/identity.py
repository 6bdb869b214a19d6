"""Who are you: one-time codes to the address on file."""

from __future__ import annotations

import asyncio
from functools import partial

from sanic import Blueprint, HTTPResponse, Request

from claims.api import schemas
from claims.api.bodies import answer
from claims.api.operations import Operation, serve, services_of
from claims.api.views import policy_view
from claims.service.identity import ask_code, send_code, verify_code

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
    policy = policy_view(done.policy, services.today())
    return answer(schemas.Verified(done.customer_token, done.expires_at, policy))
