"""The reasons a finding is made of: stable codes, each with what it does to the outcome and the line it rests on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from claims.domain.facts import Facts
from claims.domain.incidents import Incident
from claims.domain.limits import Limit
from claims.domain.policies import Policy
from claims.domain.rules import Rules

T = TypeVar("T")


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
class Case:
    """Everything a rule may look at.

    Attributes:
        rules: Those of the day of the incident, or of today while that day is not known.
        possible: Every version that can turn out to hold: only `rules` once the day of the incident is known.
        limits: The yearly limits on the day of the incident, or today.
        missing: The facts that would say more.
    """

    policy: Policy
    incident: Incident
    facts: Facts
    today: date
    rules: Rules
    possible: tuple[Rules, ...]
    limits: tuple[Limit, ...]
    missing: tuple[str, ...]

    @property
    def latest(self) -> date:
        """The last day on which the incident can have happened, as far as is known."""
        known = (self.today, self.facts.incident_date, self.facts.discovery_date)
        return min(day for day in known if day is not None)

    def agreed(self, pick: Callable[[Rules], T]) -> T | None:
        """Pick a value of the terms; None while terms that differ in it can turn out to hold.

        So a reason that rests on the terms, once given, stays when the day of the incident becomes known.
        """
        values = {pick(rules) for rules in self.possible}
        return values.pop() if len(values) == 1 else None


_PRIVATE_LIFE = (
    "https://fr.scribd.com/document/613476280/cyber-care-conditions-fr: only risks of the internet in private life "
    "are covered"
)
_OFFICIALLY_PROTECTED = (
    "product page: Once you have received the confirmation email and paid your first invoice, "
    "you are officially protected."
)
_FAMILY = (
    "product page: Your family members living under the same roof. Non-family members residing with you, "
    "even if they are domiciled, are not protected."
)
_TERM = (
    "product page: The insurance is taken out for a term of one year upon payment of the first premium. "
    "https://www.proximus.be/en/id_cr_cybercare/personal/orphans/cyber-care.html: existing customers are told of the "
    "end of their contract by registered letter"
)
_QUALIFY = (
    "product page: To qualify for Cyber Care, you must have installed an active and up-to-date antivirus program, be "
    "domiciled in Belgium and be over 18 years of age."
)
_CONDITIONS_DECIDE = (
    "product page: For the full list of exclusions, limitations and options, read the insurance product information "
    "document or the General Terms and Conditions."
)
_UNLAWFUL = (
    "product page, excluded: Damage caused by unlawful, criminal, or unethical internet activities such as racist, "
    "extremist, or pornographic activities."
)
_INSTITUTION = (
    "product page, excluded: Damage caused by a state or local institution disseminating personal data via the "
    "internet."
)
_EXTRAORDINARY = (
    "product page, excluded: Damage resulting from (civil) war, social conflicts, general lockdown, mobilization of "
    "people and/or equipment by the government, acts of terrorism, sabotage."
)
_FORESEEABLE = (
    "product page, excluded: Damage arising from an act or omission of the insured party who should normally have "
    "been able to foresee the harmful consequences thereof."
)
_IMPOSSIBLE = (
    "product page, excluded: Where reconstruction of the data is technologically impossible, the data cannot be "
    "recovered."
)
_ILLEGAL_DATA = "product page, excluded: Illegal data or data that you were not authorized to use."

SOURCES: dict[str, str] = {
    "contract_in_force": _OFFICIALLY_PROTECTED,
    "first_invoice_paid": _OFFICIALLY_PROTECTED,
    "insured_person": _FAMILY,
    "private_life": _PRIVATE_LIFE,
    "seller_private_person": "product page: goods purchased on the internet. It does not say who the seller may be.",
    "mixed_use": _PRIVATE_LIFE,
    "invoice_unpaid": f"{_OFFICIALLY_PROTECTED} It does not say what an invoice after the first changes.",
    "holder_outside_belgium": f"{_QUALIFY} It does not say what a later move changes.",
    "antivirus_not_declared": _QUALIFY,
    "caused_by_known": _FORESEEABLE,
    "unlawful_activity_unclear": _UNLAWFUL,
    "spread_by_institution_unclear": _INSTITUTION,
    "extraordinary_event_unclear": _EXTRAORDINARY,
    "foreseeable_unclear": _FORESEEABLE,
    "recovery_impossible_unclear": _IMPOSSIBLE,
    "data_not_authorised_unclear": _ILLEGAL_DATA,
    "handler_checks_incident": _CONDITIONS_DECIDE,
    "facts_missing": "product page: Identify yourself and provide all the necessary information to our staff member.",
    "contract_not_started": _OFFICIALLY_PROTECTED,
    "contract_interrupted": _TERM,
    "contract_ended": _TERM,
    "first_invoice_unpaid": _OFFICIALLY_PROTECTED,
    "holder_under_age": _QUALIFY,
    "not_insured_person": _FAMILY,
    "professional_use": _PRIVATE_LIFE,
    "unlawful_activity": _UNLAWFUL,
    "spread_by_institution": _INSTITUTION,
    "extraordinary_event": _EXTRAORDINARY,
    "foreseeable": _FORESEEABLE,
    "recovery_impossible": _IMPOSSIBLE,
    "data_not_authorised": _ILLEGAL_DATA,
    "incident_in_future": "not a term of the policy: an incident that is yet to happen cannot be claimed",
}
"""The reasons that rest on the same line whatever the terms."""

RESTING_ON_RULES = frozenset(
    {
        "limit_available",
        "limit_partly_left",
        "limit_used_up",
        "claims_limit_available",
        "claims_limit_used_up",
        "waiting_period",
        "data_recovery_cause",
        "online_purchase_conditions",
        "payment_fraud_advice",
        "payment_fraud_conditions",
        "antivirus_paid_unclear",
        "caused_by_housemate",
        "caused_by_housemate_unclear",
    }
)
"""The reasons whose line stands with the value they rest on, in the rules."""

CODES = SOURCES.keys() | RESTING_ON_RULES


def supports(code: str, source: str | None = None) -> Reason:
    """Make a reason that speaks for cover."""
    return Reason(code, Effect.SUPPORTS, source or SOURCES[code])


def doubt(code: str, source: str | None = None) -> Reason:
    """Make a reason why a person has to look."""
    return Reason(code, Effect.DOUBT, source or SOURCES[code])


def against(code: str, source: str | None = None) -> Reason:
    """Make a reason that speaks against cover; a person still decides."""
    return Reason(code, Effect.AGAINST, source or SOURCES[code])
