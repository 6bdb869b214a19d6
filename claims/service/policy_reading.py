"""A policy as staff look at it beside a conversation: who it insures, what is left of its limits, its claims."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from claims.domain.actors import Actor
from claims.domain.claims import Claim
from claims.domain.eligibility import Finding
from claims.domain.incidents import Incident
from claims.domain.limits import PastClaim, YearlyLimit, yearly_limits
from claims.domain.policies import Policy
from claims.service.findings import find_cover, past_claims
from claims.service.policies import refresh_policy
from claims.service.services import Services

# What fits beside a conversation; the list of claims has the others.
MOST_CLAIMS = 20


@dataclass(frozen=True)
class ShownPolicy:
    """A policy with what a member of staff needs to know of it.

    Attributes:
        today: The day everything is told for.
        rules_version: Which rules hold for an incident today.
        claims: Our own, the newest first.
        more_claims: Whether there are older ones.
        handled_before: What the insurer handled elsewhere, the latest incident first.
    """

    policy: Policy
    today: date
    rules_version: str
    limits: Sequence[YearlyLimit]
    claims: Sequence[Claim]
    more_claims: bool
    handled_before: Sequence[PastClaim]


def read_any_policy(services: Services, reference: str, actor: Actor) -> ShownPolicy:
    """Read a policy for a member of staff; also one the operator's system no longer knows, for its claims.

    Raises:
        PolicyNotFound: We have none.
        PolicySourceUnavailable: The operator's system does not answer, and our copy of the policy is too old.
    """
    refresh_policy(services, reference)
    today = services.today()
    with services.unit() as unit:
        policy = unit.policies.get(reference)
        claims = unit.claims.of_policy(reference, limit=MOST_CLAIMS + 1)
        before = sorted(unit.policies.past_claims(reference), key=lambda each: each.incident_date, reverse=True)
        shown = ShownPolicy(
            policy,
            today,
            services.rules.on(policy.terms_on(today), today).version,
            yearly_limits(services.rules, policy, today, past_claims(unit, reference)),
            claims[:MOST_CLAIMS],
            len(claims) > MOST_CLAIMS,
            before[:MOST_CLAIMS],
        )
        unit.audit.add(actor, "policy_read", f"policy:{reference}", services.now())
        unit.commit()
    return shown


def check_any_cover(
    services: Services, reference: str, incident: Incident, answers: Mapping[str, str | None], actor: Actor
) -> Finding:
    """Check the cover of an intake that is under way, for a member of staff; what cannot be read is no fact.

    Raises:
        PolicyNotFound: We have no such policy.
        PolicySourceUnavailable: The operator's system does not answer, and our copy of the policy is too old.
    """
    refresh_policy(services, reference)
    given = {name: value for name, value in answers.items() if value is not None}
    with services.unit() as unit:
        finding = find_cover(services, unit, reference, incident, given)
        unit.audit.add(actor, "cover_checked", f"policy:{reference}", services.now(), incident=str(incident))
        unit.commit()
    return finding
