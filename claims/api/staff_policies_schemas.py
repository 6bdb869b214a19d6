"""The bodies of the calls with which staff look at a policy."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from msgspec import Meta, Struct

from claims.api.schemas import Body, Facts, Holder, Limit
from claims.domain.claims import ClaimStatus
from claims.domain.incidents import Incident
from claims.domain.limits import PastClaimStatus
from claims.domain.policies import PaymentState, PolicyStatus, Terms


class CoverQuestion(Body, frozen=True):
    incident: Incident
    facts: Facts


class InsuredPerson(Struct, frozen=True):
    """A person at the address, with age and without date of birth; `family` are insured, others only live there."""

    id: str
    first_name: str
    last_name: str
    relation: str
    family: bool
    age: int


class PolicyPeriod(Struct, frozen=True):
    starts_on: date
    ends_on: date | None
    terms: Terms


class PolicyPayment(Struct, frozen=True):
    """How the invoices stand; `unpaid` is the first one, `overdue` a later one, late since `open_since`."""

    state: PaymentState
    first_paid_on: date | None
    open_since: date | None


class YearlyLimit(Limit, frozen=True, kw_only=True):
    """A limit in the year that counts today, shared by some incidents."""

    incidents: list[Incident]
    first_day: date
    last_day: date


class PolicyClaim(Struct, frozen=True):
    reference: str
    incident: Incident
    status: ClaimStatus
    submitted_at: datetime
    incident_date: date | None
    approved_amount: str | None
    paid_amount: str | None


class HandledBefore(Struct, frozen=True):
    """A claim the insurer handled elsewhere; it counts for the limits too."""

    incident: Incident
    incident_date: date
    status: PastClaimStatus
    approved_amount: str


class StaffPolicy(Struct, frozen=True):
    """A policy with what a member of staff needs to know of it beside a conversation."""

    reference: str
    status: PolicyStatus
    start_date: date | None
    end_date: date | None
    holder: Holder
    insured_persons: list[InsuredPerson]
    period: PolicyPeriod | None
    payment: PolicyPayment
    antivirus_declared_on: date | None
    terms: Terms
    rules_version: str
    limits: list[YearlyLimit]
    claims: list[PolicyClaim]
    more_claims: Annotated[bool, Meta(description="There are older ones; GET /v1/staff/claims lists them.")]
    handled_before: list[HandledBefore]
