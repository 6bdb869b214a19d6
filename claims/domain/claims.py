"""Drafts a customer can change, and the claims they become."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from claims.domain.eligibility import Finding
from claims.domain.errors import AlreadySubmitted, TooManyAnswers, VersionConflict
from claims.domain.facts import Incident

MAX_ANSWERS = 60


class DraftStatus(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"


@dataclass(frozen=True)
class Draft:
    """The answers of one intake so far.

    Attributes:
        version: Moves with every change, so that two writers cannot overwrite each other unseen.
    """

    id: str
    policy_reference: str
    incident: Incident
    conversation: str
    language: str
    created_at: datetime
    updated_at: datetime
    status: DraftStatus = DraftStatus.DRAFT
    answers: Mapping[str, str] = field(default_factory=dict)
    version: int = 1

    def amended(
        self, answers: Mapping[str, str | None], version: int, now: datetime, incident: Incident | None = None
    ) -> Draft:
        """Add or correct answers; None takes an answer back.

        Raises:
            AlreadySubmitted: The draft became a claim.
            VersionConflict: Somebody changed it since `version`.
            TooManyAnswers: It would hold too many answers.
        """
        self._expect(version)
        merged = {key: text for key, text in {**self.answers, **answers}.items() if text is not None}
        if len(merged) > MAX_ANSWERS:
            raise TooManyAnswers(limit=MAX_ANSWERS)
        return replace(
            self, answers=merged, version=self.version + 1, updated_at=now, incident=incident or self.incident
        )

    def submitted(self, version: int, now: datetime) -> Draft:
        """Close the draft.

        Raises:
            AlreadySubmitted: The draft became a claim before.
            VersionConflict: Somebody changed it since `version`.
        """
        self._expect(version)
        return replace(self, status=DraftStatus.SUBMITTED, version=self.version + 1, updated_at=now)

    def expect_open(self) -> None:
        """Refuse to go on when the draft became a claim.

        Raises:
            AlreadySubmitted: It did.
        """
        if self.status is DraftStatus.SUBMITTED:
            raise AlreadySubmitted

    def _expect(self, version: int) -> None:
        self.expect_open()
        if version != self.version:
            raise VersionConflict(version=self.version)


@dataclass(frozen=True)
class Claim:
    """What reached the insurer: the answers as they were, and what the check of cover found then."""

    reference: str
    draft_id: str
    policy_reference: str
    incident: Incident
    conversation: str
    language: str
    submitted_at: datetime
    answers: Mapping[str, str]
    finding: Finding
    status: str = "submitted"


def claim_from(draft: Draft, reference: str, finding: Finding, now: datetime) -> Claim:
    """Make the claim a submitted draft becomes."""
    return Claim(
        reference=reference,
        draft_id=draft.id,
        policy_reference=draft.policy_reference,
        incident=draft.incident,
        conversation=draft.conversation,
        language=draft.language,
        submitted_at=now,
        answers=dict(draft.answers),
        finding=finding,
    )
