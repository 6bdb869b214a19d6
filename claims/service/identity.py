"""Asking for a one-time code, mailing it and giving it back; or showing a signed identity token of the host page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

import structlog

from claims.adapters.mail import code_mail
from claims.domain import identity
from claims.domain.actors import Actor
from claims.domain.errors import CodeExpired, IdentityTokenInvalid, IdentityTokensOff
from claims.domain.identity import Challenge
from claims.domain.policies import Policy, policy_reference
from claims.service.policies import refresh_policy
from claims.service.services import Services
from claims.service.unit_of_work import UnitOfWork, again_when_beaten


@dataclass(frozen=True)
class CodeRequest:
    """Who asks for a code, and the code made for them."""

    challenge: Challenge
    date_of_birth: date
    language: str
    code: str


@dataclass(frozen=True)
class Identified:
    """A customer who gave the right code or a good identity token."""

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
    now, settings = services.now(), services.settings
    reference = policy_reference(reference)
    birth = identity.date_of_birth(born, services.today())
    code = services.ids.code()
    challenge = identity.new_challenge(services.ids.token(), reference, code, settings.token_secret, now)
    with services.unit() as unit:
        asked = unit.challenges.count_since(reference, now - identity.CODES_WINDOW)
        identity.allow_another_code(asked, settings.codes_per_policy)
        # Not before: the challenges of a day tell how many codes an address was sent.
        unit.challenges.forget_before(now - identity.ADDRESS_WINDOW)
        unit.challenges.add(challenge)
        unit.commit()
    return CodeRequest(challenge, birth, language, code)


def send_code(services: Services, request: CodeRequest) -> None:
    """Mail the code to the address on file, if the policy exists, the date of birth is right and it may have one more.

    Raises:
        PolicySourceUnavailable: The operator's system does not answer, and our copy is too old.
        OSError: The mail server does not take the mail.
    """
    reference, now = request.challenge.policy_reference, services.now()
    if not refresh_policy(services, reference):
        return
    with services.unit() as unit:
        policy = unit.policies.find(reference)
        if policy is None or not policy.identified_by(request.date_of_birth, services.today()):
            return
        address = identity.hash_address(policy.email, services.settings.token_secret)
        sent = unit.challenges.count_to_address(address, now - identity.ADDRESS_WINDOW)
        if sent >= services.settings.codes_per_address:
            structlog.get_logger().warning("identity.address_limit_reached", limit=services.settings.codes_per_address)
            return
        # Through a fresh read: a wrong code may have been counted in the meantime.
        challenge = unit.challenges.get(request.challenge.id)
        unit.challenges.save(replace(challenge, matched=True, address_hash=address))
        _note(unit, reference, "code_requested", now)
        unit.commit()
    minutes = int(identity.CODE_VALID.total_seconds()) // 60
    services.mailer.send(code_mail(policy.email, request.code, minutes, request.language))
    structlog.get_logger().info("identity.code_sent")


def verify_code(services: Services, challenge_id: str, code: str) -> Identified:
    """Try a code.

    The policy is not fetched again here: that was done when the code was sent, and a fetch that only happens for
    policies that exist would show in the time it takes.

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
        if policy is not None:
            _note(unit, policy.reference, "customer_identified", now, how="code")
        unit.commit()
    if problem or policy is None:
        raise problem or CodeExpired
    return _identified(services, policy, now)


def identify_by_token(services: Services, token: str) -> Identified:
    """Take a signed identity token of the host page instead of a code, once.

    Raises:
        IdentityTokensOff: This installation takes none.
        IdentityTokenInvalid: It is not good, was used before, or its policy is unknown; the answer does not say which.
        PolicySourceUnavailable: The operator's system does not answer, and our copy is too old.
    """
    if services.host_tokens is None:
        raise IdentityTokensOff
    now = services.now()
    claims = services.host_tokens.read(token, now)
    if not refresh_policy(services, claims.policy_reference):
        raise IdentityTokenInvalid

    def work() -> Policy:
        with services.unit() as unit:
            unit.used_tokens.use(claims, now)
            policy = unit.policies.find(claims.policy_reference)
            if policy is None:
                raise IdentityTokenInvalid
            _note(unit, policy.reference, "customer_identified", now, how="token")
            unit.commit()
            return policy

    return _identified(services, again_when_beaten(work), now)


def _identified(services: Services, policy: Policy, now: datetime) -> Identified:
    token = services.tokens.issue(policy.reference)
    return Identified(token, now + identity.CUSTOMER_TOKEN_VALID, policy)


def _note(unit: UnitOfWork, reference: str, action: str, now: datetime, **details: str) -> None:
    # Last in the unit of work: from here on all writers of the trail wait for this one.
    unit.audit.add(Actor.customer(reference), action, f"policy:{reference}", now, **details)
