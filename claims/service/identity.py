"""Asking for a one-time code, mailing it, and giving it back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import structlog

from claims.adapters.mail import code_mail
from claims.domain import identity
from claims.domain.errors import CodeExpired
from claims.domain.identity import Challenge
from claims.domain.policies import Policy, policy_reference
from claims.service.services import Services

_KEPT = timedelta(days=1)


@dataclass(frozen=True)
class CodeRequest:
    """Who asks for a code, and the code made for them."""

    challenge: Challenge
    date_of_birth: date
    language: str
    code: str


@dataclass(frozen=True)
class Identified:
    """A customer who gave the right code."""

    customer_token: str
    expires_at: datetime
    policy: Policy


def ask_code(services: Services, reference: str, born: str, language: str) -> CodeRequest:
    """Make a challenge; whether the policy exists is not even looked up here, so that timing cannot tell.

    Raises:
        InvalidPolicyReference: The reference does not look like one.
        InvalidDate: The date of birth is no date in the past.
        TooManyCodes: Enough codes were asked for this reference in the last hour.
    """
    now = services.now()
    reference = policy_reference(reference)
    birth = identity.date_of_birth(born, services.today())
    code = services.ids.code()
    secret = services.settings.token_secret
    challenge = identity.new_challenge(services.ids.token(), reference, code, secret, now)
    with services.unit() as unit:
        identity.allow_another_code(unit.challenges.count_since(reference, now - identity.CODES_WINDOW))
        unit.challenges.forget_before(now - _KEPT)
        unit.challenges.add(challenge)
        unit.commit()
    return CodeRequest(challenge, birth, language, code)


def send_code(services: Services, request: CodeRequest) -> None:
    """Mail the code to the address on file, if the policy exists and the date of birth is right."""
    with services.unit() as unit:
        policy = unit.policies.find(request.challenge.policy_reference)
        if policy is None or not policy.identified_by(request.date_of_birth, services.today()):
            return
        # Through a fresh read: a wrong code may have been counted in the meantime.
        unit.challenges.save(replace(unit.challenges.get(request.challenge.id), matched=True))
        unit.commit()
    minutes = int(identity.CODE_VALID.total_seconds()) // 60
    services.mailer.send(code_mail(policy.email, request.code, minutes, request.language))
    structlog.get_logger().info("identity.code_sent")


def verify_code(services: Services, challenge_id: str, code: str) -> Identified:
    """Try a code.

    Raises:
        ChallengeNotFound: There is no such challenge.
        WrongCode: It is wrong, and there are tries left.
        TooManyTries: It was wrong too often; the challenge is dead.
        CodeExpired: It was used or is too old.
    """
    now = services.now()
    with services.unit() as unit:
        challenge = unit.challenges.get(challenge_id)
        after, problem = identity.try_code(challenge, code, services.settings.token_secret, now)
        unit.challenges.save(after)
        policy = None if problem else unit.policies.get(challenge.policy_reference)
        unit.commit()
    if problem or policy is None:
        raise problem or CodeExpired
    token = services.tokens.issue(policy.reference)
    return Identified(token, now + identity.CUSTOMER_TOKEN_VALID, policy)
