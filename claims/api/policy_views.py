"""Shows a policy to staff."""

from __future__ import annotations

import msgspec

from claims.api import staff_policies_schemas as schemas
from claims.api.schemas import Holder
from claims.api.views import limit_view, money
from claims.domain.claims import Claim
from claims.domain.limits import PastClaim, YearlyLimit
from claims.domain.policies import InsuredPerson, Period, Policy
from claims.service.policy_reading import ShownPolicy


def staff_policy_view(shown: ShownPolicy) -> schemas.StaffPolicy:
    """Show a policy as it stands today."""
    policy, today = shown.policy, shown.today
    return schemas.StaffPolicy(
        reference=policy.reference,
        status=policy.status_on(today),
        start_date=policy.start_date,
        end_date=policy.end_date,
        holder=Holder(policy.holder.first_name, policy.holder.last_name),
        insured_persons=[_person(person, shown) for person in policy.persons],
        period=_period(policy.period_on(today) or (policy.periods[-1] if policy.periods else None)),
        payment=_payment(policy, shown),
        antivirus_declared_on=policy.antivirus_declared_on,
        terms=policy.terms_on(today),
        rules_version=shown.rules_version,
        limits=[_limit(limit) for limit in shown.limits],
        claims=[_claim(claim) for claim in shown.claims],
        more_claims=shown.more_claims,
        handled_before=[_before(claim) for claim in shown.handled_before],
    )


def _person(person: InsuredPerson, shown: ShownPolicy) -> schemas.InsuredPerson:
    return schemas.InsuredPerson(
        id=person.id,
        first_name=person.first_name,
        last_name=person.last_name,
        relation=person.relation,
        family=person.family,
        age=person.age_on(shown.today),
    )


def _period(period: Period | None) -> schemas.PolicyPeriod | None:
    return None if period is None else schemas.PolicyPeriod(period.starts_on, period.ends_on, period.terms)


def _payment(policy: Policy, shown: ShownPolicy) -> schemas.PolicyPayment:
    state = policy.payment_on(shown.today)
    return schemas.PolicyPayment(state, policy.first_invoice_paid_on, policy.open_since(shown.today))


def _limit(yearly: YearlyLimit) -> schemas.YearlyLimit:
    return schemas.YearlyLimit(
        **msgspec.structs.asdict(limit_view(yearly.limit)),
        incidents=sorted(yearly.incidents),
        first_day=yearly.first,
        last_day=yearly.last,
    )


def _claim(claim: Claim) -> schemas.PolicyClaim:
    return schemas.PolicyClaim(
        reference=claim.reference,
        incident=claim.incident,
        status=claim.status,
        submitted_at=claim.submitted_at,
        incident_date=claim.incident_date,
        approved_amount=None if claim.approved_amount is None else money(claim.approved_amount),
        paid_amount=None if claim.paid_amount is None else money(claim.paid_amount),
    )


def _before(claim: PastClaim) -> schemas.HandledBefore:
    return schemas.HandledBefore(claim.incident, claim.incident_date, claim.status, money(claim.approved_amount))
