"""The quick check of cover: a pure function from what is known to a finding with reasons.

It is a finding, never a refusal: whatever it says, the draft can be submitted and a person decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum

from claims.domain.dates import add_months
from claims.domain.facts import CausedBy, Facts, Incident, PrivateUse, PurchaseFrom
from claims.domain.limits import Limit, PastClaim, online_purchase_limit
from claims.domain.policies import Policy
from claims.domain.rules import ONLINE_PURCHASES, SOURCES, Rules, rules_on

_COMMON = frozenset({"incident_date", "victim", "private_use", "caused_by"})
_FULLY_RULED = ONLINE_PURCHASES | {Incident.PAYMENT_FRAUD}


class Outcome(StrEnum):
    LOOKS_COVERED = "looks_covered"
    NEEDS_REVIEW = "needs_review"
    LOOKS_NOT_COVERED = "looks_not_covered"


class Effect(StrEnum):
    SUPPORTS = "supports"
    DOUBT = "doubt"
    AGAINST = "against"


@dataclass(frozen=True)
class Reason:
    """One stable code, what it does to the outcome, and the line it rests on."""

    code: str
    effect: Effect
    source: str


@dataclass(frozen=True)
class Finding:
    """The outcome, why, what is left of limits, and which facts would say more."""

    outcome: Outcome
    reasons: tuple[Reason, ...]
    limits: tuple[Limit, ...]
    missing: tuple[str, ...]
    rules_version: str


@dataclass(frozen=True)
class _Case:
    """Everything a rule may look at."""

    policy: Policy
    incident: Incident
    facts: Facts
    today: date
    rules: Rules
    limit: Limit | None
    missing: tuple[str, ...]

    @property
    def latest(self) -> date:
        """The last day on which the incident can have happened, as far as is known."""
        known = (self.today, self.facts.incident_date, self.facts.discovery_date)
        return min(day for day in known if day is not None)


def check(policy: Policy, past_claims: Sequence[PastClaim], incident: Incident, facts: Facts, today: date) -> Finding:
    """Check whether an incident looks covered.

    Args:
        policy: The household's policy.
        past_claims: What the insurer handled before, for the yearly limits.
        incident: What happened.
        facts: The answers so far.
        today: The day of the check, where the customer lives.

    Returns:
        A finding. Another answer may add reasons against, it never takes one away.
    """
    day = facts.incident_date or today
    rules = rules_on(day)
    limit = None
    if incident in ONLINE_PURCHASES and policy.start_date is not None:
        limit = online_purchase_limit(rules, policy.start_date, day, past_claims)
    case = _Case(policy, incident, facts, today, rules, limit, _missing(incident, facts))
    reasons = tuple(reason for rule in _RULES for reason in rule(case))
    limits = () if limit is None else (limit,)
    return Finding(_outcome(reasons), reasons, limits, case.missing, rules.version)


def _outcome(reasons: tuple[Reason, ...]) -> Outcome:
    effects = {reason.effect for reason in reasons}
    if Effect.AGAINST in effects:
        return Outcome.LOOKS_NOT_COVERED
    return Outcome.NEEDS_REVIEW if Effect.DOUBT in effects else Outcome.LOOKS_COVERED


def _missing(incident: Incident, facts: Facts) -> tuple[str, ...]:
    """Name the facts that are not answered, or answered in a way that says nothing."""
    needed = set(_COMMON)
    if incident in ONLINE_PURCHASES:
        needed |= {"amount", "purchase_from"}
    if incident is Incident.PAYMENT_FRAUD:
        needed |= {"amount", "consent"}
    missing = {name for name in needed if getattr(facts, name) is None}
    if "purchase_from" in needed and facts.purchase_from is PurchaseFrom.UNKNOWN:
        missing.add("purchase_from")
    if facts.incident_date and facts.discovery_date and facts.discovery_date < facts.incident_date:
        missing.add("discovery_date")
    return tuple(field.name for field in fields(Facts) if field.name in missing)


def _supports(code: str) -> Reason:
    return Reason(code, Effect.SUPPORTS, SOURCES[code])


def _doubt(code: str) -> Reason:
    return Reason(code, Effect.DOUBT, SOURCES[code])


def _against(code: str) -> Reason:
    return Reason(code, Effect.AGAINST, SOURCES[code])


def _contract(case: _Case) -> Iterator[Reason]:
    policy, day = case.policy, case.facts.incident_date
    if day is not None and day > case.today:
        yield _against("incident_in_future")
    if not policy.paid_on(case.today):
        yield _against("first_invoice_unpaid")
        return
    yield _supports("first_invoice_paid")
    start, end = policy.start_date, policy.end_date
    ended = day is not None and end is not None and day > end
    if start is None or case.latest < start:
        yield _against("contract_not_started")
    elif day is not None and not ended and day <= case.today:
        yield _supports("contract_in_force")
    if ended:
        yield _against("contract_ended")


def _waiting_period(case: _Case) -> Iterator[Reason]:
    start = case.policy.start_date
    if case.incident is not Incident.DATA_LOSS or start is None:
        return
    if case.latest < add_months(start, case.rules.data_recovery_wait_months):
        yield _against("waiting_period")


def _person(case: _Case) -> Iterator[Reason]:
    if case.facts.victim is None:
        return
    person = case.policy.person(case.facts.victim)
    yield _supports("insured_person") if person is not None and person.family else _against("not_insured_person")


def _use(case: _Case) -> Iterator[Reason]:
    match case.facts.private_use:
        case PrivateUse.PRIVATE:
            yield _supports("private_life")
        case PrivateUse.MIXED:
            yield _doubt("mixed_use")
        case PrivateUse.PROFESSIONAL:
            yield _against("professional_use")


def _cause(case: _Case) -> Iterator[Reason]:
    match case.facts.caused_by:
        case CausedBy.HOUSEMATE:
            yield _against("caused_by_housemate")
        case CausedBy.KNOWN_OUTSIDER | CausedBy.SELF:
            yield _doubt("caused_by_known")


def _online_purchase(case: _Case) -> Iterator[Reason]:
    if case.incident not in ONLINE_PURCHASES:
        return
    if case.policy.terms not in case.rules.lists_online_purchases:
        yield _doubt("online_purchase_conditions")
    if case.facts.purchase_from is PurchaseFrom.PRIVATE_PERSON:
        yield _doubt("seller_private_person")


def _limit(case: _Case) -> Iterator[Reason]:
    limit, amount = case.limit, case.facts.amount
    # Which year counts is only known with the date of the incident.
    if limit is None or case.facts.incident_date is None:
        return
    if limit.left == 0:
        yield _against("limit_used_up")
    elif amount is not None and amount > limit.left:
        yield _doubt("limit_partly_left")
    else:
        yield _supports("limit_available")


def _kind(case: _Case) -> Iterator[Reason]:
    if case.incident is Incident.PAYMENT_FRAUD:
        yield _doubt("payment_fraud_advice")
    elif case.incident not in _FULLY_RULED:
        yield _doubt("handler_checks_incident")


def _facts(case: _Case) -> Iterator[Reason]:
    if case.missing:
        yield _doubt("facts_missing")


_RULES: tuple[Callable[[_Case], Iterator[Reason]], ...] = (
    _contract,
    _waiting_period,
    _person,
    _use,
    _cause,
    _online_purchase,
    _limit,
    _kind,
    _facts,
)
