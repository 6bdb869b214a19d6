"""Files from a conversation: they go to its draft or claim, or are held until there is one.

Whoever writes in a conversation need not be identified yet. So this door only takes: nothing of a claim is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import structlog

from claims.adapters.file_types import recognise
from claims.adapters.uploads import Upload
from claims.domain.actors import Actor
from claims.domain.claims import Draft
from claims.domain.errors import (
    AlreadySubmitted,
    ClaimNotFound,
    DraftNotFound,
    EvidenceClosed,
    EvidenceEmpty,
    TooManyFiles,
)
from claims.domain.evidence import CLOSED, HELD_FOR, Evidence, EvidenceState, EvidenceType, HeldEvidence
from claims.service.evidence import Home, add_evidence
from claims.service.evidence_storing import new_keys, scan, store
from claims.service.services import Services
from claims.service.unit_of_work import UnitOfWork, again_when_beaten

_LOOKS = 3
_UPKEEP = Actor.system("upkeep")


@dataclass(frozen=True)
class Destination:
    """Where evidence of a conversation goes now.

    Attributes:
        home: The draft or claim; None: it is held.
        claims: The references of all claims of the conversation, the newest first.
    """

    home: Home | None
    claims: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """draft, claim or held."""
        return self.home.kind if self.home else "held"

    @property
    def reference(self) -> str | None:
        """The claim it goes to, if it is one."""
        return self.home.id if self.home and self.home.kind == "claim" else None


@dataclass(frozen=True)
class Given:
    """A file that was taken; `created` is False for one that was there already."""

    evidence: Evidence | HeldEvidence
    destination: Destination
    created: bool


def find_destination(services: Services, conversation: str) -> Destination:
    """Find where evidence of a conversation goes."""
    with services.unit() as unit:
        return _destination(unit, conversation)


def give(services: Services, conversation: str, upload: Upload, *, coming: bool = False) -> Given:
    """Keep a file for the draft or claim of a conversation, or hold it.

    Args:
        services: What is needed.
        conversation: Whose.
        upload: The file.
        coming: It is for a draft that is about to be made: it is held for that one.

    Raises:
        EvidenceEmpty: There is nothing in it.
        EvidenceTypeRefused: It is nothing that is taken.
        TooManyFiles: There are enough.
        EvidenceStoreUnavailable: It cannot be stored now.
    """
    for _ in range(_LOOKS - 1):
        try:
            return _give(services, conversation, upload, coming=coming)
        except (DraftNotFound, ClaimNotFound, AlreadySubmitted, EvidenceClosed):
            # Submitted, dropped or closed at this very moment: there is another place for it now.
            continue
    return _give(services, conversation, upload, coming=coming)


def attach_held(services: Services, unit: UnitOfWork, draft: Draft) -> None:
    """Make the files a conversation gave before evidence of its new draft."""
    _attach(services, unit, Home("draft", draft.id, draft.policy_reference), draft.id, draft.conversation)


def settle_held(services: Services) -> None:
    """Attach what was held while a draft was being made, and delete what waited too long."""
    with services.unit() as unit:
        late = unit.held.with_draft()
    for conversation in late:
        services.files.remove(again_when_beaten(partial(_settle, services, conversation)))
    with services.unit() as unit:
        expired = [held for held in unit.held.before(services.now() - HELD_FOR) if unit.held.take(held)]
        for held in expired:
            details = {"evidence": held.id, "sha256": held.sha256}
            unit.audit.add(_UPKEEP, "evidence_expired", f"conversation:{held.conversation}", services.now(), **details)
        unit.commit()
    services.files.remove(key for held in expired for key in held.keys)
    if expired:
        structlog.get_logger().info("evidence.expired", files=len(expired))


def _destination(unit: UnitOfWork, conversation: str) -> Destination:
    """The open draft or claim on which something happened last: a draft that was put aside stays aside."""
    draft, claims = unit.drafts.newest_open_in(conversation), unit.claims.in_conversation(conversation)
    references, giver = tuple(claim.reference for claim in claims), Actor.conversation(conversation)
    claim = next((claim for claim in claims if claim.status not in CLOSED), None)
    if draft is not None and (claim is None or draft.updated_at >= claim.submitted_at):
        return Destination(Home("draft", draft.id, draft.policy_reference, giver), references)
    home = None if claim is None else Home("claim", claim.reference, claim.policy_reference, giver)
    return Destination(home, references)


def _give(services: Services, conversation: str, upload: Upload, *, coming: bool) -> Given:
    destination = Destination(None) if coming else find_destination(services, conversation)
    if destination.home is not None:
        evidence, created = add_evidence(services, destination.home, upload)
        return Given(evidence, destination, created)
    held, created = _hold(services, conversation, upload)
    return Given(held, destination, created)


def _hold(services: Services, conversation: str, upload: Upload) -> tuple[HeldEvidence, bool]:
    if upload.size == 0:
        raise EvidenceEmpty
    with services.unit() as unit:
        same = _same_or_room(services, unit, conversation, upload.sha256)
    if same is not None:
        return same, False
    held = _describe(services, conversation, upload, recognise(upload.file), scan(services, upload))
    return store(services, held, upload, partial(_keep, services, held))


def _same_or_room(services: Services, unit: UnitOfWork, conversation: str, sha256: str) -> HeldEvidence | None:
    same, limit = unit.held.same(conversation, sha256), services.settings.evidence_max_files
    if same is None and unit.held.count(conversation) >= limit:
        raise TooManyFiles(limit=limit)
    return same


def _describe(
    services: Services, conversation: str, upload: Upload, kind: EvidenceType, state: EvidenceState
) -> HeldEvidence:
    original, copy = new_keys(services, kind, state)
    return HeldEvidence(
        id=services.ids.token(),
        conversation=conversation,
        name=upload.name,
        content_type=kind,
        size=upload.size,
        sha256=upload.sha256,
        state=state,
        uploaded_at=services.now(),
        original=original,
        copy=copy,
    )


def _keep(services: Services, held: HeldEvidence) -> tuple[HeldEvidence, bool]:
    with services.unit() as unit:
        same = _same_or_room(services, unit, held.conversation, held.sha256)
        if same is not None:
            return same, False
        unit.held.add(held)
        actor, details = Actor.conversation(held.conversation), {"evidence": held.id, "sha256": held.sha256}
        unit.audit.add(actor, "evidence_held", str(actor), held.uploaded_at, state=held.state.value, **details)
        unit.commit()
        return held, True


def _settle(services: Services, conversation: str) -> list[str]:
    with services.unit() as unit:
        home = _destination(unit, conversation).home
        if home is None:
            return []
        draft_id = home.id if home.kind == "draft" else unit.claims.held(home.id).draft_id
        doubles = _attach(services, unit, home, draft_id, conversation)
        unit.commit()
        return doubles


def _attach(services: Services, unit: UnitOfWork, home: Home, draft_id: str, conversation: str) -> list[str]:
    """Move what is held; returns the keys of what is there already."""
    doubles: list[str] = []
    room = services.settings.evidence_max_files - unit.evidence.count(draft_id)
    for held in unit.held.of(conversation)[: max(room, 0)]:
        if not unit.held.take(held):
            continue
        if unit.evidence.same(draft_id, held.sha256) is not None:
            doubles.extend(held.keys)
            continue
        evidence = held.given_for(draft_id, home.policy_reference)
        unit.evidence.add(evidence)
        details = {"evidence": evidence.id, "sha256": evidence.sha256, "state": evidence.state.value}
        giver = Actor.conversation(conversation)
        unit.audit.add(giver, "evidence_added", home.subject, services.now(), **details)
    return doubles
