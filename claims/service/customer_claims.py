"""What customers do with a claim of theirs: withdraw it, add a remark, answer what they were asked."""

from __future__ import annotations

from collections.abc import Mapping

from claims.domain.actors import Actor
from claims.domain.claims import Change, Claim
from claims.domain.lifecycle import answered, remarked, withdrawn
from claims.service.decisions import check_again
from claims.service.recording import Made, record
from claims.service.services import Services


def withdraw_claim(services: Services, reference: str, policy_reference: str, remark: str, version: int) -> Claim:
    """Withdraw a claim, until it is decided.

    Raises:
        ClaimNotFound: There is none for this customer.
        VersionConflict: It was changed since `version`.
        StepNotPossible: It is decided.
    """
    with services.unit() as unit:
        claim = withdrawn(unit.claims.held(reference, policy_reference), version, services.now())
        made = Made(Actor.customer(policy_reference), Change.MOVED, remark.strip())
        kept = record(services, unit, claim, made, to=claim.status.value)
        unit.commit()
        return kept


def add_remark(services: Services, reference: str, policy_reference: str, remark: str, version: int) -> Claim:
    """Add a remark, until the claim is closed.

    Raises:
        ClaimNotFound: There is none for this customer.
        VersionConflict: It was changed since `version`.
        ClaimFixed: It is closed.
        TextNeeded: The remark is empty.
    """
    with services.unit() as unit:
        claim = remarked(unit.claims.held(reference, policy_reference), remark, version, services.now())
        kept = record(services, unit, claim, Made(Actor.customer(policy_reference), Change.REMARKED, remark.strip()))
        unit.commit()
        return kept


def answer_request(
    services: Services,
    reference: str,
    policy_reference: str,
    answers: Mapping[str, str | None],
    remark: str,
    version: int,
) -> Claim:
    """Answer what was asked; the claim goes back to review and its cover is checked again.

    Raises:
        ClaimNotFound: There is none for this customer.
        VersionConflict: It was changed since `version`.
        StepNotPossible: Nothing is asked.
        TextNeeded: There is neither an answer nor a remark.
        TooManyAnswers: It would hold too many.
    """
    with services.unit() as unit:
        held = unit.claims.held(reference, policy_reference)
        claim = check_again(services, unit, answered(held, answers, remark, version, services.now()))
        made = Made(Actor.customer(policy_reference), Change.ANSWERED, remark.strip())
        kept = record(services, unit, claim, made, to=claim.status.value)
        unit.commit()
        return kept
