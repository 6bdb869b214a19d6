"""The quick check of cover: a pure function from what is known to a finding with reasons.

It is a finding, never a refusal: whatever it says, the draft can be submitted and a person decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum

from claims.domain.conditions import CONDITIONS
from claims.domain.covers import COVERS
from claims.domain.exclusions import EXCLUSIONS
from claims.domain.facts import Facts, LossCause, PurchaseFrom
from claims.domain.incidents import Cover, Incident, cover_of
from claims.domain.limits import Limit, PastClaim, limits_on
from claims.domain.policies import Policy
from claims.domain.reasons import Case, Effect, Reason, doubt
from claims.domain.rules import Rulebook

__all__ = ["Effect", "Finding", "Outcome", "Reason", "check"]

_COMMON = frozenset({"incident_date", "victim", "private_use", "caused_by"})
_NEEDED = {
    Cover.ONLINE_PURCHASES: frozenset({"amount", "purchase_from"}),
    Cover.PAYMENT_FRAUD: frozenset({"amount", "consent"}),
    Cover.DATA_RECOVERY: frozenset({"loss_cause", "data_authorised"}),
}
_SAYS_NOTHING = (PurchaseFrom.UNKNOWN, LossCause.UNKNOWN)


class Outcome(StrEnum):
    LOOKS_COVERED = "looks_covered"
    NEEDS_REVIEW = "needs_review"
    LOOKS_NOT_COVERED = "looks_not_covered"


@dataclass(frozen=True)
class Finding:
    """The outcome, why, what is left of limits, and which facts would say more."""

    outcome: Outcome
    reasons: tuple[Reason, ...]
    limits: tuple[Limit, ...]
    missing: tuple[str, ...]
    rules_version: str


def check(
    policy: Policy, past_claims: Sequence[PastClaim], incident: Incident, facts: Facts, today: date, book: Rulebook
) -> Finding:
    """Check whether an incident looks covered.

    Args:
        policy: The household's policy.
        past_claims: What was handled before, here and elsewhere, for the yearly limits; in any order.
        incident: What happened.
        facts: The answers so far.
        today: The day of the check, where the customer lives.
        book: The rules of all terms.

    Returns:
        A finding. Another answer may add reasons against and doubts, it never takes one away: only the doubt that
        facts are missing ends with the last of them.
    """
    case = _case(policy, past_claims, incident, facts, today, book)
    reasons = tuple(reason for rule in (*CONDITIONS, *EXCLUSIONS, *COVERS, _open_facts) for reason in rule(case))
    return Finding(_outcome(reasons), reasons, case.limits, case.missing, case.rules.version)


def _case(
    policy: Policy, past_claims: Sequence[PastClaim], incident: Incident, facts: Facts, today: date, book: Rulebook
) -> Case:
    day = facts.incident_date or today
    rules = book.on(policy.terms_on(day), day)
    possible = (rules,) if facts.incident_date else book.of([*policy.terms, policy.terms_on(day)])
    # Also when cover had not begun: should a handler approve it nevertheless, the limits hold.
    limits = limits_on(book, policy, incident, day, past_claims)
    return Case(policy, incident, facts, today, rules, possible, limits, _missing(incident, facts))


def _outcome(reasons: tuple[Reason, ...]) -> Outcome:
    effects = {reason.effect for reason in reasons}
    if Effect.AGAINST in effects:
        return Outcome.LOOKS_NOT_COVERED
    return Outcome.NEEDS_REVIEW if Effect.DOUBT in effects else Outcome.LOOKS_COVERED


def _missing(incident: Incident, facts: Facts) -> tuple[str, ...]:
    """Name the facts that are not answered, or answered in a way that says nothing."""
    missing = set()
    for name in _COMMON | _NEEDED.get(cover_of(incident), frozenset()):
        answer = getattr(facts, name)
        # By identity: to Python, "unknown" of one question equals "unknown" of every other.
        if answer is None or any(answer is nothing for nothing in _SAYS_NOTHING):
            missing.add(name)
    if facts.incident_date and facts.discovery_date and facts.discovery_date < facts.incident_date:
        missing.add("discovery_date")
    return tuple(field.name for field in fields(Facts) if field.name in missing)


def _open_facts(case: Case) -> Iterator[Reason]:
    if case.missing:
        yield doubt("facts_missing")
