"""What a customer does with evidence: give it, see what is there, take it back while nothing is submitted."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Literal

from claims.adapters.file_types import recognise
from claims.adapters.uploads import Upload
from claims.domain.actors import Actor
from claims.domain.errors import EvidenceEmpty, EvidenceNotFound, TooManyFiles
from claims.domain.evidence import (
    Evidence,
    EvidenceState,
    EvidenceType,
    expect_taking_evidence,
)
from claims.service.evidence_storing import new_keys, scan, store
from claims.service.services import Services
from claims.service.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Home:
    """The draft or claim of a customer that evidence belongs to.

    Attributes:
        by: Who gives it, when that is not the identified customer.
    """

    kind: Literal["draft", "claim"]
    id: str
    policy_reference: str
    by: Actor | None = None

    @property
    def subject(self) -> str:
        """As the audit trail names it."""
        return f"{self.kind}:{self.id}"

    @property
    def customer(self) -> Actor:
        """Whose it is."""
        return Actor.customer(self.policy_reference)

    @property
    def giver(self) -> Actor:
        """Who gives evidence, as far as it is known."""
        return self.by or self.customer


def expect_open(services: Services, home: Home) -> None:
    """Refuse before anything is sent what would be refused afterwards.

    Raises:
        DraftNotFound: There is no such draft for this customer.
        ClaimNotFound: There is no such claim for this customer.
        AlreadySubmitted: The draft became a claim; evidence goes there.
        EvidenceClosed: The claim is closed or withdrawn.
    """
    with services.unit() as unit:
        _hold(unit, home)


def add_evidence(services: Services, home: Home, upload: Upload) -> tuple[Evidence, bool]:
    """Keep a file: the original untouched, and of an image a copy without metadata.

    Returns:
        The evidence, and whether it is new: the same file again is the same evidence.

    Raises:
        ClaimsError: As for `expect_open`.
        EvidenceEmpty: There is nothing in it.
        EvidenceTypeRefused: It is nothing that is taken.
        TooManyFiles: There are enough.
        EvidenceStoreUnavailable: It cannot be stored now.
    """
    if upload.size == 0:
        raise EvidenceEmpty
    draft_id, same = _look(services, home, upload)
    if same is not None:
        return same, False
    kind = recognise(upload.file)
    evidence = _describe(services, home, upload, draft_id, kind, scan(services, upload))
    return store(services, evidence, upload, partial(_keep, services, home, evidence))


def list_evidence(services: Services, home: Home) -> list[Evidence]:
    """List the evidence of a draft or claim; the limit on files keeps the list short.

    Raises:
        DraftNotFound: There is no such draft for this customer.
        ClaimNotFound: There is no such claim for this customer.
    """
    with services.unit() as unit:
        if home.kind == "draft":
            draft_id = unit.drafts.get(home.id, home.policy_reference).id
        else:
            draft_id = unit.claims.get(home.id, home.policy_reference).draft_id
        found = unit.evidence.of_draft(draft_id)
        unit.audit.add(home.customer, "evidence_listed", home.subject, services.now(), files=len(found))
        unit.commit()
        return found


def remove_evidence(services: Services, draft_id: str, policy_reference: str, evidence_id: str) -> None:
    """Take evidence back from a draft.

    Raises:
        DraftNotFound: There is no such draft for this customer.
        AlreadySubmitted: It became a claim.
        EvidenceNotFound: The draft has no such evidence.
    """
    home = Home("draft", draft_id, policy_reference)
    with services.unit() as unit:
        _hold(unit, home)
        evidence = unit.evidence.get(evidence_id)
        if evidence.draft_id != draft_id:
            raise EvidenceNotFound
        unit.evidence.remove(evidence)
        note_removed(services, unit, home, evidence)
        unit.commit()
    services.files.remove(evidence.keys)


def note_removed(services: Services, unit: UnitOfWork, home: Home, evidence: Evidence) -> None:
    """Write into the audit trail that a customer took evidence away."""
    details = {"evidence": evidence.id, "sha256": evidence.sha256}
    unit.audit.add(home.customer, "evidence_removed", home.subject, services.now(), **details)


def _hold(unit: UnitOfWork, home: Home) -> str:
    """Hold a draft or claim that takes evidence until the unit of work ends, so that files are counted one by one."""
    if home.kind == "draft":
        draft = unit.drafts.get(home.id, home.policy_reference)
        draft.expect_open()
        return draft.id
    claim = unit.claims.held(home.id, home.policy_reference)
    expect_taking_evidence(claim.status)
    return claim.draft_id


def _look(services: Services, home: Home, upload: Upload) -> tuple[str, Evidence | None]:
    with services.unit() as unit:
        draft_id = _hold(unit, home)
        same = unit.evidence.same(draft_id, upload.sha256)
        if same is None:
            _expect_room(services, unit, draft_id)
        return draft_id, same


def _expect_room(services: Services, unit: UnitOfWork, draft_id: str) -> None:
    limit = services.settings.evidence_max_files
    if unit.evidence.count(draft_id) >= limit:
        raise TooManyFiles(limit=limit)


def _describe(
    services: Services, home: Home, upload: Upload, draft_id: str, kind: EvidenceType, state: EvidenceState
) -> Evidence:
    original, copy = new_keys(services, kind, state)
    return Evidence(
        id=services.ids.token(),
        policy_reference=home.policy_reference,
        draft_id=draft_id,
        name=upload.name,
        content_type=kind,
        size=upload.size,
        sha256=upload.sha256,
        state=state,
        uploaded_at=services.now(),
        uploaded_by=str(home.giver),
        original=original,
        copy=copy,
    )


def _keep(services: Services, home: Home, evidence: Evidence) -> tuple[Evidence, bool]:
    with services.unit() as unit:
        draft_id = _hold(unit, home)
        same = unit.evidence.same(draft_id, evidence.sha256)
        if same is not None:
            return same, False
        _expect_room(services, unit, draft_id)
        unit.evidence.add(evidence)
        details = {"evidence": evidence.id, "sha256": evidence.sha256, "state": evidence.state.value}
        unit.audit.add(home.giver, "evidence_added", home.subject, evidence.uploaded_at, **details)
        unit.commit()
        return evidence, True
