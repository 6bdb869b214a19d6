"""The bodies of the API: what is accepted and what is answered; the OpenAPI document is made from these."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from claims.domain.claims import MAX_ANSWERS, ClaimStatus, DraftStatus
from claims.domain.eligibility import Effect, Outcome
from claims.domain.facts import FACT_NAMES
from claims.domain.incidents import Incident
from claims.domain.policies import PolicyStatus

# `$` alone would let a line break through at the end.
Key = Annotated[str, Meta(pattern=r"^[a-z_]{1,40}(?!\n)$")]
# PostgreSQL cannot store the character NUL.
Text = Annotated[str, Meta(max_length=4000, pattern=r"^[^\x00]*$")]
Answers = Annotated[dict[Key, Text | None], Meta(max_length=MAX_ANSWERS)]
Facts = Annotated[
    Answers, Meta(description=f"The answers so far; of these {', '.join(FACT_NAMES)} are looked at, all optional.")
]
Reference = Annotated[str, Meta(max_length=40)]
Language = Literal["en", "nl", "fr"]
Version = Annotated[int, Meta(ge=1, le=1_000_000_000)]


class Body(Struct, frozen=True, forbid_unknown_fields=True):
    """A body that is accepted; a misspelt field is an error rather than silently nothing."""


class Page(Body, frozen=True, kw_only=True):
    """Which part of a list: at most `limit` rows, from where the answer before said `next`."""

    limit: Annotated[int, Meta(ge=1, le=100)] = 50
    after: Annotated[str, Meta(max_length=100, pattern=r"^[A-Za-z0-9_-]*$")] = ""


class OfPolicy(Page, frozen=True, kw_only=True):
    policy_reference: Reference


class NewChallenge(Body, frozen=True):
    policy_reference: Reference
    date_of_birth: Annotated[str, Meta(max_length=40)]
    language: Language


class Code(Body, frozen=True):
    code: Annotated[str, Meta(min_length=1, max_length=40)]


class EligibilityQuestion(Body, frozen=True):
    policy_reference: Reference
    incident: Incident
    facts: Facts


class NewDraftBody(Body, frozen=True):
    policy_reference: Reference
    incident: Incident
    conversation: Annotated[str, Meta(min_length=1, max_length=100, pattern=r"^[\x21-\x7e]+(?!\n)$")]
    language: Language


class DraftChange(Body, frozen=True):
    answers: Answers
    version: Version
    incident: Incident | UnsetType = UNSET


class Submission(Body, frozen=True):
    version: Version


class Challenge(Struct, frozen=True):
    challenge: str
    expires_at: datetime


class Holder(Struct, frozen=True):
    first_name: str
    last_name: str


class Person(Struct, frozen=True):
    id: str
    first_name: str
    last_name: str
    relation: str
    family: bool
    minor: bool


class Policy(Struct, frozen=True):
    reference: str
    status: PolicyStatus
    start_date: date | None
    end_date: date | None
    holder: Holder
    insured_persons: list[Person]


class Verified(Struct, frozen=True):
    customer_token: str
    expires_at: datetime
    policy: Policy


class Reason(Struct, frozen=True):
    code: str
    effect: Effect
    source: str


class Limit(Struct, frozen=True):
    name: str
    limit: str | None
    used: str
    left: str | None
    claims_allowed: int | None
    claims_used: int
    claims_left: int | None
    currency: Literal["EUR"] = "EUR"


class Eligibility(Struct, frozen=True):
    finding: Outcome
    reasons: list[Reason]
    limits: list[Limit]
    missing: list[str]
    rules_version: str


class Draft(Struct, frozen=True):
    id: str
    policy_reference: str
    incident: Incident
    status: DraftStatus
    answers: dict[str, str]
    version: int
    updated_at: datetime


class DraftList(Struct, frozen=True):
    drafts: list[Draft]
    next: str | None


class Claim(Struct, frozen=True):
    reference: str
    draft: str
    policy_reference: str
    incident: Incident
    status: ClaimStatus
    version: int
    submitted_at: datetime
    updated_at: datetime
    answers: dict[str, str]
    finding: Outcome
    reasons: list[Reason]


class Health(Struct, frozen=True):
    status: str


class ErrorBody(Struct, frozen=True):
    code: str
    message: str
    details: dict[str, Any]


class Error(Struct, frozen=True):
    error: ErrorBody
