"""What staff do with a claim: take it through its steps, establish facts, hand it to somebody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from claims.domain.claims import Change, Claim, ClaimStatus
from claims.domain.errors import FactsNeeded, InvalidFacts, LimitExceeded, UnknownHandler
from claims.domain.facts import FACT_NAMES, read_facts
from claims.domain.lifecycle import Step, assessed, assigned, moved
from claims.domain.staff import PERMISSIONS, Permission, StaffMember
from claims.service.findings import find_cover, limits_beside
from claims.service.recording import Made, record
from claims.service.services import Services
from claims.service.unit_of_work import UnitOfWork


def move_claim(services: Services, reference: str, step: Step, member: StaffMember) -> Claim:
    """Take a claim one step further, or open it again.

    Raises:
        ClaimNotFound: There is none.
        NotAllowed: Their role does not allow this step.
        StepNotPossible: The claim cannot take it.
        VersionConflict: Somebody changed the claim since.
        TextNeeded: The step needs a reason.
        InvalidAmount: The step needs another amount, or none.
        FactsNeeded: It cannot be approved before these are known.
        LimitExceeded: More is approved than is left of a yearly limit.
    """
    with services.unit() as unit:
        if step.to is ClaimStatus.APPROVED:
            # Before the claim itself is held: whoever approves takes these two in the same order.
            unit.claims.hold_limits(unit.claims.get(reference).policy_reference)
        claim = moved(unit.claims.held(reference), step, member, services.now())
        if claim.status is ClaimStatus.APPROVED:
            _keep_within_limits(services, unit, claim)
            claim = check_again(services, unit, claim)
        kept = record(services, unit, claim, Made(member.actor, Change.MOVED, step.reason.strip()), to=step.to.value)
        unit.commit()
        return kept


def assess_claim(
    services: Services,
    reference: str,
    facts: Mapping[str, str | None],
    reason: str,
    version: int,
    member: StaffMember,
) -> Claim:
    """Set facts that hold over the customer's answers, and check the cover again; None takes a fact back.

    Raises:
        ClaimNotFound: There is none.
        VersionConflict: Somebody changed the claim since.
        ClaimFixed: It is decided or withdrawn.
        InvalidFacts: Some are no facts, or have a value that cannot be read.
    """
    with services.unit() as unit:
        held = unit.claims.held(reference)
        claim = assessed(held, facts, version, services.now())
        _check_facts(unit, claim, facts)
        found = check_again(services, unit, claim)
        kept = record(services, unit, found, Made(member.actor, Change.ASSESSED, reason.strip()), facts=sorted(facts))
        unit.commit()
        return kept


def assign_claim(services: Services, reference: str, handler: str | None, version: int, member: StaffMember) -> Claim:
    """Give a claim to a handler, or to nobody.

    Raises:
        ClaimNotFound: There is none.
        VersionConflict: Somebody changed the claim since.
        ClaimFixed: It is closed.
        UnknownHandler: The account is not there, not active, or not for claims.
    """
    with services.unit() as unit:
        username = None if handler is None else handler.strip().lower()
        claim = assigned(unit.claims.held(reference), username, version, services.now())
        account = None if username is None else unit.staff.find(username)
        workable = account is not None and account.active and Permission.WORK_ON_CLAIMS in PERMISSIONS[account.role]
        if username is not None and not workable:
            raise UnknownHandler
        kept = record(services, unit, claim, Made(member.actor, Change.ASSIGNED), handler=username)
        unit.commit()
        return kept


def check_again(services: Services, unit: UnitOfWork, claim: Claim) -> Claim:
    """Check the cover of a claim with its answers as they hold now."""
    found = find_cover(services, unit, claim.policy_reference, claim.incident, claim.established, but=claim.reference)
    return replace(claim, latest_finding=found)


def _check_facts(unit: UnitOfWork, claim: Claim, facts: Mapping[str, str | None]) -> None:
    persons = [person.id for person in unit.policies.get(claim.policy_reference).persons]
    _, unreadable = read_facts(facts, persons)
    wrong = [name for name in FACT_NAMES if name in unreadable]
    # Names that are no facts are not repeated: they are what somebody typed.
    if wrong or not set(facts) <= set(FACT_NAMES):
        raise InvalidFacts(facts=wrong)


def _keep_within_limits(services: Services, unit: UnitOfWork, claim: Claim) -> None:
    """Hold the approved amount against what is left, while nobody else can approve for this policy."""
    day, amount = claim.incident_date, claim.approved_amount or Decimal(0)
    if day is None:
        # Without it nobody can say which year's limit it takes from.
        raise FactsNeeded(facts=["incident_date"])
    for limit in limits_beside(services, unit, claim, day):
        too_much = limit.left is not None and amount > limit.left
        if too_much or limit.claims_left == 0:
            left = None if limit.left is None else f"{limit.left:.2f}"
            raise LimitExceeded(limit=limit.name, left=left, currency="EUR", claims_left=limit.claims_left)
