"""Evidence: the files a customer gives for a claim, what they may be, and who may not read them yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from claims.domain.actors import Actor
from claims.domain.claims import ClaimStatus
from claims.domain.errors import EvidenceClosed, EvidenceNotReadable
from common.file_types import FileType

CLOSED = frozenset({ClaimStatus.WITHDRAWN, ClaimStatus.CLOSED})
"""A claim in one of these takes no more evidence."""


class EvidenceState(StrEnum):
    """What is known about a file: nothing yet, no virus found, a virus found, or that nobody will look."""

    QUARANTINED = "quarantined"
    CLEAN = "clean"
    INFECTED = "infected"
    UNSCANNED = "unscanned"


# The kinds of files are the same at every door.
EvidenceType = FileType

COPY_TYPES: Mapping[EvidenceType, EvidenceType] = {
    EvidenceType.JPEG: EvidenceType.JPEG,
    EvidenceType.HEIC: EvidenceType.JPEG,
    EvidenceType.WEBP: EvidenceType.WEBP,
    EvidenceType.PNG: EvidenceType.PNG,
    EvidenceType.GIF: EvidenceType.PNG,
}
"""What the copy of an image is; other files have no copy, staff see them as they came."""

_ENDINGS: Mapping[EvidenceType, tuple[str, ...]] = {
    EvidenceType.JPEG: (".jpg", ".jpeg"),
    EvidenceType.PNG: (".png",),
    EvidenceType.WEBP: (".webp",),
    EvidenceType.GIF: (".gif",),
    EvidenceType.HEIC: (".heic", ".heif"),
    EvidenceType.PDF: (".pdf",),
    EvidenceType.TEXT: (".txt", ".log"),
    EvidenceType.EMAIL: (".eml",),
}


HELD_FOR = timedelta(days=30)
"""How long a file waits for a claim of its conversation before it is deleted."""


@dataclass(frozen=True)
class Evidence:
    """One file.

    Attributes:
        draft_id: A claim keeps the id of its draft, so the evidence of both is one list.
        name: For display only; where the file lies has nothing to do with it.
        size: Bytes of the original.
        original: The key of the untouched file in the store.
        copy: The key of the copy without metadata that staff see; None when there is none.
    """

    id: str
    policy_reference: str
    draft_id: str
    name: str
    content_type: EvidenceType
    size: int
    sha256: str
    state: EvidenceState
    uploaded_at: datetime
    uploaded_by: str
    original: str
    copy: str | None

    @property
    def keys(self) -> tuple[str, ...]:
        """Everything of it in the store."""
        return (self.original,) if self.copy is None else (self.original, self.copy)

    @property
    def shown_type(self) -> EvidenceType:
        """The type of what staff see."""
        return self.content_type if self.copy is None else COPY_TYPES[self.content_type]

    def expect_readable(self) -> None:
        """Refuse to hand out what is not checked yet, or infected.

        Raises:
            EvidenceNotReadable: It is one of these.
        """
        if self.state not in (EvidenceState.CLEAN, EvidenceState.UNSCANNED):
            raise EvidenceNotReadable(state=self.state.value)


@dataclass(frozen=True)
class HeldEvidence:
    """A file given in a conversation that has no draft or claim yet; the attributes are as for Evidence."""

    id: str
    conversation: str
    name: str
    content_type: EvidenceType
    size: int
    sha256: str
    state: EvidenceState
    uploaded_at: datetime
    original: str
    copy: str | None

    @property
    def keys(self) -> tuple[str, ...]:
        """Everything of it in the store."""
        return (self.original,) if self.copy is None else (self.original, self.copy)

    def given_for(self, draft_id: str, policy_reference: str) -> Evidence:
        """Make it evidence of a draft, or of the claim the draft became."""
        return Evidence(
            id=self.id,
            policy_reference=policy_reference,
            draft_id=draft_id,
            name=self.name,
            content_type=self.content_type,
            size=self.size,
            sha256=self.sha256,
            state=self.state,
            uploaded_at=self.uploaded_at,
            uploaded_by=str(Actor.conversation(self.conversation)),
            original=self.original,
            copy=self.copy,
        )


def expect_taking_evidence(status: ClaimStatus) -> None:
    """Refuse evidence for a claim that is over.

    Raises:
        EvidenceClosed: It is closed or withdrawn.
    """
    if status in CLOSED:
        raise EvidenceClosed


def download_name(name: str, kind: EvidenceType) -> str:
    """Give a name the ending of what the file is: a text that is called `invoice.bat` must not run when opened."""
    endings = _ENDINGS[kind]
    return name if name.lower().endswith(endings) else name + endings[0]
