"""Turning a draft into a claim, exactly once."""

from __future__ import annotations

import structlog

from claims.adapters.errors import ConcurrentWrite
from claims.adapters.idempotency import KeyRecord
from claims.domain.actors import Actor
from claims.domain.claims import Change, Claim, Draft, claim_from
from claims.service.findings import find_cover
from claims.service.idempotency import KeyedRequest, earlier_request
from claims.service.policies import refresh_policy
from claims.service.recording import Made, record
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
        PolicySourceUnavailable: The operator's system does not answer, and our copy of the policy is too old.
    """
    # Also when the operator no longer knows the policy: what was begun reaches a person, with the policy as we knew it.
    refresh_policy(services, policy_reference)

    def work() -> tuple[Claim, bool]:
        with services.unit() as unit:
            draft = unit.drafts.get(draft_id, policy_reference)
            keyed = earlier_request(unit, policy_reference, request)
            existing = unit.claims.of_draft(draft_id)
            # A repeat gets the claim as it was made: the same answer, whatever became of the claim since.
            claim = unit.claims.as_submitted(existing) if existing else _make_claim(services, unit, draft, version)
            if keyed is None:
                made = KeyRecord(request.body_hash, claim.reference, services.now())
                unit.keys.add(policy_reference, request.key, made)
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
    finding = find_cover(services, unit, draft.policy_reference, draft.incident, draft.answers)
    claim = claim_from(submitted, reference, finding, now)
    unit.drafts.save(submitted)
    return record(services, unit, claim, Made(Actor.customer(draft.policy_reference), Change.SUBMITTED))
