"""Reading a policy and checking what it covers."""

from __future__ import annotations

from collections.abc import Mapping

from claims.domain.eligibility import Finding, check
from claims.domain.errors import InvalidFacts
from claims.domain.facts import read_facts
from claims.domain.incidents import Incident
from claims.domain.policies import Policy
from claims.service.policies import ensure_policy
from claims.service.services import Services


def read_policy(services: Services, reference: str) -> Policy:
    """Read a policy.

    Raises:
        PolicyNotFound: There is none any more.
        PolicySourceUnavailable: The operator's system does not answer, and our copy of the policy is too old.
    """
    ensure_policy(services, reference)
    with services.unit() as unit:
        return unit.policies.get(reference)


def check_cover(services: Services, reference: str, incident: Incident, answers: Mapping[str, str | None]) -> Finding:
    """Check whether an incident looks covered, from the facts among the answers so far.

    Raises:
        PolicyNotFound: There is none any more.
        InvalidFacts: A fact has a value that cannot be read.
        PolicySourceUnavailable: The operator's system does not answer, and our copy of the policy is too old.
    """
    ensure_policy(services, reference)
    with services.unit() as unit:
        policy = unit.policies.get(reference)
        past = unit.policies.past_claims(reference) + unit.claims.past_claims(reference)
    facts, unreadable = read_facts(answers, [person.id for person in policy.persons])
    if unreadable:
        raise InvalidFacts(facts=list(unreadable))
    return check(policy, past, incident, facts, services.today(), services.rules)
