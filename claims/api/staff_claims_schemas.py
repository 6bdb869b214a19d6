"""The bodies of the calls about claims after their submission: what customers may do, and what staff see and do."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from claims.api.schemas import Answers, Body, Claim, Eligibility, Key, Page, Reference, Text, Version
from claims.domain.claims import Change, ClaimStatus
from claims.domain.eligibility import Outcome
from claims.domain.facts import FACT_NAMES
from claims.domain.incidents import Incident

Euros = Annotated[
    str, Meta(pattern=r"^[0-9]{1,7}(\.[0-9]{1,2})?(?!\n)$", description="EUR; 0 for help without a payment.")
]
Username = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[^\x00]*$")]
EstablishedFacts = Annotated[
    dict[Key, Text | None],
    Meta(min_length=1, max_length=60, description=f"Any of {', '.join(FACT_NAMES)}; null takes one back."),
]
# Said on behalf of an insurer, and read in a mail.
Reason = Annotated[str, Meta(max_length=2000, pattern=r"^[^\x00]*$")]
NeededReason = Annotated[str, Meta(min_length=1, max_length=2000, pattern=r"^[^\x00]*$")]


class Withdrawal(Body, frozen=True):
    version: Version
    remark: Reason = ""


class Remark(Body, frozen=True):
    version: Version
    remark: NeededReason


class RequestedAnswers(Body, frozen=True):
    version: Version
    answers: Answers = field(default_factory=dict)
    remark: Reason = ""


class StaffClaimsQuery(Page, frozen=True, kw_only=True):
    status: ClaimStatus | UnsetType = UNSET
    handler: Username | UnsetType = UNSET
    incident: Incident | UnsetType = UNSET
    policy_reference: Reference | UnsetType = UNSET
    overdue: bool | UnsetType = UNSET
    order: Literal["newest", "urgent"] = "newest"


class TransitionRequest(Body, frozen=True):
    to: ClaimStatus
    version: Version
    reason: Reason = ""
    amount: Euros | UnsetType = UNSET


class Assessment(Body, frozen=True):
    facts: EstablishedFacts
    version: Version
    reason: NeededReason


class HandlerChange(Body, frozen=True):
    handler: Username | None
    version: Version


class PayoutDue(Struct, frozen=True):
    """Until when a payout is promised; while `running` is false the date moves on with the days."""

    due_on: date
    days_left: int
    running: bool
    overdue: bool


class ClaimDetails(Claim, frozen=True):
    """A claim as its customer sees it; `message` is what was written for them about the present status."""

    message: str
    payout: PayoutDue | None
    approved_amount: str | None
    paid_amount: str | None
    duplicates: list[str]


class ClaimDetailsList(Struct, frozen=True):
    claims: list[ClaimDetails]
    next: str | None


class ClaimVersionRow(Struct, frozen=True):
    version: int
    at: datetime
    actor: str
    change: Change
    reason: str
    status: ClaimStatus


class StaffClaimRow(Struct, frozen=True):
    reference: str
    policy_reference: str
    incident: Incident
    status: ClaimStatus
    version: int
    handler: str | None
    submitted_at: datetime
    updated_at: datetime
    finding: Outcome
    payout: PayoutDue | None
    approved_amount: str | None
    paid_amount: str | None


class StaffClaimList(Struct, frozen=True):
    claims: list[StaffClaimRow]
    next: str | None


class StaffClaim(StaffClaimRow, frozen=True):
    """Everything about a claim: the finding at submission and, once something changed, the latest."""

    draft: str
    conversation: str
    language: str
    answers: dict[str, str]
    assessment: dict[str, str]
    at_submission: Eligibility
    latest: Eligibility | None
    duplicates: list[str]
    versions: list[ClaimVersionRow]
