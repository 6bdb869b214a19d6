"""What the API answers about evidence."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from claims.domain.evidence import EvidenceState, EvidenceType


class EvidenceItem(Struct, frozen=True):
    id: str
    name: str
    type: EvidenceType
    size: int
    state: EvidenceState
    uploaded_at: datetime


class EvidenceList(Struct, frozen=True):
    evidence: list[EvidenceItem]


class StaffEvidenceItem(EvidenceItem, frozen=True):
    """`state` unscanned means that nobody looked for viruses; `copy_type` is what the content is served as."""

    sha256: str
    uploaded_by: str
    copy_type: EvidenceType


class StaffEvidenceList(Struct, frozen=True):
    evidence: list[StaffEvidenceItem]
