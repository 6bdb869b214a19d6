"""Checking cover inside a unit of work, with everything that already takes from the yearly limits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from claims.domain.claims import Claim
from claims.domain.eligibility import Finding, check
from claims.domain.facts import read_facts
from claims.domain.incidents import Incident
from claims.domain.limits import Limit, PastClaim, limits_on
from claims.service.services import Services
from claims.service.unit_of_work import UnitOfWork


def past_claims(unit: UnitOfWork, policy_reference: str, but: str = "") -> tuple[PastClaim, ...]:
    """Read everything that takes from the yearly limits: what the insurer handled before, and our own claims.

    Args:
        unit: The unit of work to read in.
        policy_reference: Whose policy.
        but: The reference of a claim that must not count.
    """
    return unit.policies.past_claims(policy_reference) + unit.claims.past_claims(policy_reference, but)


def limits_beside(services: Services, unit: UnitOfWork, claim: Claim, day: date) -> tuple[Limit, ...]:
    """Work out what other claims leave of the yearly limits for a claim about an incident on `day`."""
    policy = unit.policies.get(claim.policy_reference)
    past = past_claims(unit, claim.policy_reference, claim.reference)
    return limits_on(services.rules, policy, claim.incident, day, past)


def find_cover(
    services: Services,
    unit: UnitOfWork,
    policy_reference: str,
    incident: Incident,
    answers: Mapping[str, str],
    but: str = "",
) -> Finding:
    """Check cover for answers that may hold anything.

    An answer in free words is no fact, but no reason to turn a claim away either: the person reads it.

    Args:
        services: The adapters.
        unit: The unit of work to read in.
        policy_reference: Whose policy.
        incident: What happened.
        answers: The answers, as they hold.
        but: The reference of the claim itself, which must not take from the limit it is held against.

    Raises:
        PolicyNotFound: There is no such policy any more.
    """
    policy = unit.policies.get(policy_reference)
    past = past_claims(unit, policy_reference, but)
    facts, _ = read_facts(answers, [person.id for person in policy.persons])
    return check(policy, past, incident, facts, services.today(), services.rules)
