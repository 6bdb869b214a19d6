"""Turns what the domain knows into what the API answers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from claims.api import schemas
from claims.domain import claims, eligibility, limits, policies


def policy_view(policy: policies.Policy, today: date) -> schemas.Policy:
    """Show a policy as it stands today."""
    return schemas.Policy(
        reference=policy.reference,
        status=policy.status_on(today),
        start_date=policy.start_date,
        end_date=policy.end_date,
        holder=schemas.Holder(policy.holder.first_name, policy.holder.last_name),
        insured_persons=[_person(person, today) for person in policy.persons],
    )


def eligibility_view(finding: eligibility.Finding) -> schemas.Eligibility:
    """Show a finding."""
    return schemas.Eligibility(
        finding=finding.outcome,
        reasons=_reasons(finding.reasons),
        limits=[limit_view(limit) for limit in finding.limits],
        missing=list(finding.missing),
        rules_version=finding.rules_version,
    )


def draft_view(draft: claims.Draft) -> schemas.Draft:
    """Show a draft."""
    return schemas.Draft(
        id=draft.id,
        policy_reference=draft.policy_reference,
        incident=draft.incident,
        status=draft.status,
        answers=dict(draft.answers),
        version=draft.version,
        updated_at=draft.updated_at,
    )


def claim_view(claim: claims.Claim) -> schemas.Claim:
    """Show a claim, with the reasons of its finding for the person who handles it."""
    return schemas.Claim(
        reference=claim.reference,
        draft=claim.draft_id,
        policy_reference=claim.policy_reference,
        incident=claim.incident,
        status=claim.status,
        version=claim.version,
        updated_at=claim.updated_at,
        submitted_at=claim.submitted_at,
        answers=dict(claim.answers),
        finding=claim.finding.outcome,
        reasons=_reasons(claim.finding.reasons),
    )


def _person(person: policies.InsuredPerson, today: date) -> schemas.Person:
    return schemas.Person(
        id=person.id,
        first_name=person.first_name,
        last_name=person.last_name,
        relation=person.relation,
        family=person.family,
        minor=person.minor_on(today),
    )


def _reasons(reasons: Iterable[eligibility.Reason]) -> list[schemas.Reason]:
    return [schemas.Reason(reason.code, reason.effect, reason.source) for reason in reasons]


def limit_view(limit: limits.Limit) -> schemas.Limit:
    """Show a yearly limit."""
    return schemas.Limit(
        name=limit.name,
        limit=None if limit.limit is None else money(limit.limit),
        used=money(limit.used),
        left=None if limit.left is None else money(limit.left),
        claims_allowed=limit.claims_allowed,
        claims_used=limit.claims_used,
        claims_left=limit.claims_left,
    )


def money(amount: Decimal) -> str:
    """Write an amount in EUR."""
    return f"{amount:.2f}"
