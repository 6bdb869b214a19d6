"""Turning a draft into a claim, exactly once, and reading claims."""

from __future__ import annotations

import structlog

from claims.adapters.errors import ConcurrentWrite
from claims.adapters.idempotency import KeyRecord
from claims.domain.claims import Claim, Draft, claim_from
from claims.domain.eligibility import Finding, check
from claims.domain.facts import read_facts
from claims.service.idempotency import KeyedRequest, earlier_request
from claims.service.services import Services
from claims.service.unit_of_work import UnitOfWork, again_when_beaten


def submit_draft(
    services: Services, draft_id: str, policy_reference: str, version: int, request: KeyedRequest
) -> tuple[Claim, bool]:
    """Submit a draft; whatever the finding says, it becomes a claim that a person decides on.

    Returns:
        The claim, and whether this call made it: a repeat, with whatever key, gets the same claim.

    Raises:
        DraftNotFound: There is none for this customer.
        VersionConflict: It was changed since `version`.
        IdempotencyKeyReused: The key came with another request before.
    """

    def work() -> tuple[Claim, bool]:
        with services.unit() as unit:
            draft = unit.drafts.get(draft_id, policy_reference)
            keyed = earlier_request(unit, policy_reference, request)
            existing = unit.claims.of_draft(draft_id)
            claim = existing or _make_claim(services, unit, draft, version)
            if keyed is None:
                record = KeyRecord(request.body_hash, claim.reference, services.now())
                unit.keys.add(policy_reference, request.key, record)
            unit.commit()
            return claim, existing is None

    claim, created = again_when_beaten(work)
    if created:
        structlog.get_logger().info("claim.submitted", claim=claim.reference, draft=draft_id)
    return claim, created


def _make_claim(services: Services, unit: UnitOfWork, draft: Draft, version: int) -> Claim:
    now = services.now()
    submitted = draft.submitted(version, now)
    reference = services.ids.reference(services.today().year)
    if unit.claims.exists(reference):
        raise ConcurrentWrite
    claim = claim_from(submitted, reference, _finding(services, unit, draft), now)
    unit.drafts.save(submitted)
    unit.claims.add(claim)
    return claim


def _finding(services: Services, unit: UnitOfWork, draft: Draft) -> Finding:
    policy = unit.policies.get(draft.policy_reference)
    past = unit.policies.past_claims(draft.policy_reference)
    # An answer in free words is no fact, but no reason to turn a claim away either: the person reads it.
    facts, _ = read_facts(draft.answers, [person.id for person in policy.persons])
    return check(policy, past, draft.incident, facts, services.today())


def read_claim(services: Services, reference: str, policy_reference: str) -> Claim:
    """Read a claim.

    Raises:
        ClaimNotFound: There is none for this customer.
    """
    with services.unit() as unit:
        return unit.claims.get(reference, policy_reference)


def list_claims(services: Services, policy_reference: str) -> list[Claim]:
    """List the claims of a policy."""
    with services.unit() as unit:
        return unit.claims.of_policy(policy_reference)
