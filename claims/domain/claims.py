"""Drafts a customer can change, and the claims they become."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from claims.domain.dates import iso_date
from claims.domain.eligibility import Finding
from claims.domain.errors import AlreadySubmitted, TooManyAnswers, VersionConflict
from claims.domain.incidents import Incident
from claims.domain.limits import PastClaim, PastClaimStatus

MAX_ANSWERS = 60


def with_answers(before: Mapping[str, str], answers: Mapping[str, str | None]) -> dict[str, str]:
    """Add or correct answers; None takes one back.

    Raises:
        TooManyAnswers: There would be too many.
    """
    merged = {key: text for key, text in {**before, **answers}.items() if text is not None}
    if len(merged) > MAX_ANSWERS:
        raise TooManyAnswers(limit=MAX_ANSWERS)
    return merged


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
        merged = with_answers(self.answers, answers)
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


class ClaimStatus(StrEnum):
    """Where a claim is in its life; before it is submitted it is a draft."""

    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    INFORMATION_REQUESTED = "information_requested"
    APPROVED = "approved"
    DECLINED = "declined"
    PAID = "paid"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


@dataclass(frozen=True)
class Claim:
    """What reached the insurer: the answers as they were, what the check of cover found, and what became of it.

    Attributes:
        version: Moves with every change, so that two members of staff cannot overwrite each other unseen.
        finding: What the check of cover found at submission, and all that the customer is shown of it.
        latest_finding: What it found since, with what staff established.
        assessment: Facts a member of staff established; they hold over the customer's answers.
        handler: The username of who handles it.
        approved_amount: EUR, from approval on; 0 is help without a payment.
        paid_amount: EUR that were paid; they stay paid when the claim is opened again.
        clock_from: The day the payout days are counted from; None while they do not run.
    """

    reference: str
    draft_id: str
    policy_reference: str
    incident: Incident
    conversation: str
    language: str
    submitted_at: datetime
    updated_at: datetime
    answers: Mapping[str, str]
    finding: Finding
    status: ClaimStatus = ClaimStatus.SUBMITTED
    version: int = 1
    assessment: Mapping[str, str] = field(default_factory=dict)
    handler: str | None = None
    approved_amount: Decimal | None = None
    paid_amount: Decimal | None = None
    latest_finding: Finding | None = None
    clock_from: date | None = None

    @property
    def established(self) -> dict[str, str]:
        """The answers as they hold: what staff established replaces what the customer said."""
        return {**self.answers, **self.assessment}

    @property
    def incident_date(self) -> date | None:
        """When it happened, if that is known."""
        return iso_date(self.established.get("incident_date", "").strip())

    @property
    def to_pay(self) -> Decimal:
        """What is approved and not paid yet, in EUR; never below zero."""
        return max(Decimal(0), (self.approved_amount or Decimal(0)) - (self.paid_amount or Decimal(0)))

    @property
    def as_past_claim(self) -> PastClaim | None:
        """What it takes from yearly limits: what is approved or was paid, whichever is more; None if neither is."""
        amounts = [amount for amount in (self.approved_amount, self.paid_amount) if amount is not None]
        if not amounts:
            return None
        status = PastClaimStatus.APPROVED if self.paid_amount is None else PastClaimStatus.PAID
        day = self.incident_date or self.submitted_at.date()
        return PastClaim(self.reference, self.incident, day, status, max(amounts))

    def expect(self, version: int) -> None:
        """Refuse a change that was made on an older version.

        Raises:
            VersionConflict: It was; the details hold the current one.
        """
        if version != self.version:
            raise VersionConflict(version=self.version)

    def changed(self, now: datetime, **changes: Any) -> Claim:
        """Make the next version."""
        return replace(self, version=self.version + 1, updated_at=now, **changes)


class Change(StrEnum):
    """What kind of change made a version."""

    SUBMITTED = "submitted"
    MOVED = "moved"
    ASSESSED = "assessed"
    ASSIGNED = "assigned"
    REMARKED = "remarked"
    ANSWERED = "answered"


@dataclass(frozen=True)
class ClaimVersion:
    """One version in the history of a claim: who made it, when and why, and the status it has since."""

    version: int
    at: datetime
    actor: str
    change: Change
    reason: str
    status: ClaimStatus


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
        updated_at=now,
        answers=dict(draft.answers),
        finding=finding,
    )
