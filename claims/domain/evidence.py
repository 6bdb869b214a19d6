"""Evidence: the files a customer gives for a claim, what they may be, and who may not read them yet."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from claims.domain.claims import ClaimStatus
from claims.domain.errors import EvidenceClosed, EvidenceNotReadable

MAX_NAME = 150
"""Characters of a file name that are kept; the ending stays."""

_CLOSED = frozenset({ClaimStatus.WITHDRAWN, ClaimStatus.CLOSED})
_NAMELESS = "file"


class EvidenceState(StrEnum):
    """What is known about a file: nothing yet, no virus found, a virus found, or that nobody will look."""

    QUARANTINED = "quarantined"
    CLEAN = "clean"
    INFECTED = "infected"
    UNSCANNED = "unscanned"


class EvidenceType(StrEnum):
    """The kinds of files that are taken, as told from their content.

    Screenshots, photos, bank statements, saved chats and saved mails are what the police and Safeonweb ask victims to
    keep (https://safeonweb.be/en/when-file-report). What can run or be opened as a page is not among them.
    """

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    GIF = "image/gif"
    HEIC = "image/heic"
    PDF = "application/pdf"
    TEXT = "text/plain"
    EMAIL = "message/rfc822"


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


def expect_taking_evidence(status: ClaimStatus) -> None:
    """Refuse evidence for a claim that is over.

    Raises:
        EvidenceClosed: It is closed or withdrawn.
    """
    if status in _CLOSED:
        raise EvidenceClosed


def clean_name(text: str) -> str:
    """Make a file name fit to be shown: no folders, nothing invisible, not too long.

    Characters without a glyph go, also those that turn the direction of writing: they make `exe.jpg` of `gpj.exe`.
    """
    name = re.split(r"[/\\]", unicodedata.normalize("NFC", text))[-1]
    seen = "".join(" " if character.isspace() else character for character in name)
    seen = "".join(character for character in seen if unicodedata.category(character)[0] != "C")
    seen = re.sub(" +", " ", seen).strip(" .")
    if len(seen) > MAX_NAME:
        stem, dot, ending = seen.rpartition(".")
        ending = (dot + ending)[:10] if stem else ""
        seen = seen[: MAX_NAME - len(ending)] + ending
    return seen or _NAMELESS


def download_name(name: str, kind: EvidenceType) -> str:
    """Give a name the ending of what the file is: a text that is called `invoice.bat` must not run when opened."""
    endings = _ENDINGS[kind]
    return name if name.lower().endswith(endings) else name + endings[0]
