"""The terms the check of cover knows, as dated versions, each with the line it comes from.

Only the product page and the public pages named here were readable. What they do not say (deductibles, reporting
deadlines, territory) is no rule here: a person decides it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from claims.domain.facts import Incident
from claims.domain.policies import Terms

LATER_PAGE = "https://www.proximus.be/en/id_cr_cybercare/personal/orphans/cyber-care.html"
FRENCH_CONDITIONS = "https://fr.scribd.com/document/613476280/cyber-care-conditions-fr"

_PRIVATE_LIFE = f"{FRENCH_CONDITIONS}: only risks of the internet in private life are covered"
_OFFICIALLY_PROTECTED = (
    "product page: Once you have received the confirmation email and paid your first invoice, "
    "you are officially protected."
)
_FAMILY = (
    "product page: Your family members living under the same roof. Non-family members residing with you, "
    "even if they are domiciled, are not protected."
)
_ONLINE_PURCHASES = (
    "product page: E-commerce risks: protection in case of non-compliant delivery or non-delivery of goods "
    "purchased on the internet (up to €5,000 per year)."
)
_FORESEEABLE = (
    "product page, excluded: Damage arising from an act or omission of the insured party who should normally have "
    "been able to foresee the harmful consequences thereof."
)

SOURCES: dict[str, str] = {
    "contract_in_force": _OFFICIALLY_PROTECTED,
    "first_invoice_paid": _OFFICIALLY_PROTECTED,
    "insured_person": _FAMILY,
    "private_life": _PRIVATE_LIFE,
    "limit_available": _ONLINE_PURCHASES,
    "payment_fraud_advice": (
        "product page: Payment fraud: information and advice about your legal rights to obtain prompt reimbursement. "
        f"The later page ({LATER_PAGE}) speaks of a pay-out: the conditions decide."
    ),
    "online_purchase_conditions": f"{LATER_PAGE}: does not list goods bought online; the conditions decide",
    "seller_private_person": f"{_ONLINE_PURCHASES} It does not say whether private sellers count.",
    "mixed_use": _PRIVATE_LIFE,
    "limit_partly_left": _ONLINE_PURCHASES,
    "caused_by_known": _FORESEEABLE,
    "handler_checks_incident": (
        "product page: For the full list of exclusions, limitations and options, read the insurance product "
        "information document or the General Terms and Conditions."
    ),
    "facts_missing": "product page: Identify yourself and provide all the necessary information to our staff member.",
    "contract_not_started": _OFFICIALLY_PROTECTED,
    "contract_ended": (
        "product page: The insurance is taken out for a term of one year upon payment of the first premium. "
        f"{LATER_PAGE}: existing customers are told of the end of their contract by registered letter"
    ),
    "first_invoice_unpaid": _OFFICIALLY_PROTECTED,
    "not_insured_person": _FAMILY,
    "professional_use": _PRIVATE_LIFE,
    "caused_by_housemate": (
        "product page, excluded: If the incident has been (partly) caused by a housemate who is domiciled with the "
        "insured party."
    ),
    "limit_used_up": _ONLINE_PURCHASES,
    "waiting_period": "product page: Only the data recovery cover commences after 2 months.",
    "incident_in_future": "not a term of the policy: an incident that is yet to happen cannot be claimed",
}


class LimitYear(StrEnum):
    """Over which twelve months a yearly limit is counted."""

    INSURANCE = "insurance"
    CALENDAR = "calendar"


@dataclass(frozen=True)
class Rules:
    """One version of the rules.

    Attributes:
        valid_from: It holds for incidents from this day on, until the next version.
        limit_year: The page only says "per year". It also speaks of "insurance year" for the term, so twelve months
            from the start date is our reading; one value to change if the conditions say otherwise.
        lists_online_purchases: Contracts on these terms name goods bought online. The later page does not, so there
            the conditions decide.
    """

    version: str
    valid_from: date
    online_purchase_limit: Decimal = Decimal(5000)
    limit_year: LimitYear = LimitYear.INSURANCE
    data_recovery_wait_months: int = 2
    lists_online_purchases: frozenset[Terms] = frozenset({Terms.PRODUCT_PAGE})


ONLINE_PURCHASES = frozenset({Incident.NON_DELIVERY, Incident.NON_CONFORMING_DELIVERY})
"""The incidents that share the limit for goods bought online."""

VERSIONS: tuple[Rules, ...] = (
    # The insurance was launched in December 2021 after a test phase; nothing readable says that the terms differed.
    Rules(version="2021-12-01", valid_from=date(2021, 12, 1)),
)


def rules_on(day: date) -> Rules:
    """Pick the rules for an incident on `day`; the oldest ones for anything before them."""
    return next((rules for rules in reversed(VERSIONS) if rules.valid_from <= day), VERSIONS[0])
