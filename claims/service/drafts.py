"""Opening, reading, changing and dropping drafts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from claims.adapters.idempotency import KeyRecord
from claims.adapters.places import Place
from claims.domain.claims import Draft
from claims.domain.incidents import Incident
from claims.service.conversation_evidence import attach_held
from claims.service.evidence import Home, note_removed
from claims.service.idempotency import KeyedRequest, earlier_request
from claims.service.policies import ensure_policy
from claims.service.services import Services
from claims.service.unit_of_work import again_when_beaten


@dataclass(frozen=True)
class NewDraft:
    """What a draft begins with."""

    policy_reference: str
    incident: Incident
    conversation: str
    language: str

    def draft(self, draft_id: str, now: datetime) -> Draft:
        """Make the draft."""
        return Draft(draft_id, self.policy_reference, self.incident, self.conversation, self.language, now, now)


def open_draft(services: Services, new: NewDraft, request: KeyedRequest) -> Draft:
    """Open a draft, once for each Idempotency-Key: a repeat gets the same answer.

    Raises:
        PolicyNotFound: There is no such policy any more.
        IdempotencyKeyReused: The key came with another request before.
        PolicySourceUnavailable: The operator's system does not answer, and our copy of the policy is too old.
    """
    ensure_policy(services, new.policy_reference)

    def work() -> Draft:
        with services.unit() as unit:
            unit.policies.get(new.policy_reference)
            before = earlier_request(unit, new.policy_reference, request)
            if before is not None:
                return new.draft(before.made, before.created_at)
            draft = new.draft(services.ids.token(), services.now())
            unit.drafts.add(draft)
            record = KeyRecord(request.body_hash, draft.id, draft.created_at)
            unit.keys.add(new.policy_reference, request.key, record)
            attach_held(services, unit, draft)
            unit.commit()
            return draft

    return again_when_beaten(work)


def read_draft(services: Services, draft_id: str, policy_reference: str) -> Draft:
    """Read a draft.

    Raises:
        DraftNotFound: There is none for this customer.
    """
    with services.unit() as unit:
        return unit.drafts.get(draft_id, policy_reference)


def list_drafts(services: Services, policy_reference: str, place: Place | None, limit: int) -> list[Draft]:
    """List the drafts that are not submitted, the last changed first."""
    with services.unit() as unit:
        return unit.drafts.open_of(policy_reference, place, limit)


def amend_draft(
    services: Services,
    draft_id: str,
    policy_reference: str,
    answers: Mapping[str, str | None],
    version: int,
    incident: Incident | None = None,
) -> Draft:
    """Add or correct answers; None takes one back.

    Raises:
        DraftNotFound: There is none for this customer.
        VersionConflict: It was changed since `version`.
        AlreadySubmitted: It became a claim.
        TooManyAnswers: It would hold too many.
    """

    def work() -> Draft:
        with services.unit() as unit:
            draft = unit.drafts.get(draft_id, policy_reference)
            changed = draft.amended(answers, version, services.now(), incident)
            unit.drafts.save(changed)
            unit.commit()
            return changed

    return again_when_beaten(work)


def drop_draft(services: Services, draft_id: str, policy_reference: str) -> None:
    """Delete a draft with its evidence; of the evidence the trail tells.

    Raises:
        DraftNotFound: There is none for this customer.
        AlreadySubmitted: It became a claim.
    """
    with services.unit() as unit:
        draft = unit.drafts.get(draft_id, policy_reference)
        draft.expect_open()
        removed = unit.evidence.remove_all(draft.id)
        unit.drafts.remove(draft)
        for evidence in removed:
            note_removed(services, unit, Home("draft", draft.id, policy_reference), evidence)
        unit.commit()
    services.files.remove(key for evidence in removed for key in evidence.keys)
