"""Incidents, and the answers that decide whether one looks covered."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from claims.domain.dates import iso_date

OUTSIDER = "outsider"
"""The victim when it is nobody on the policy."""

_AMOUNT = re.compile(r"\d{1,9}(\.\d{1,2})?", re.ASCII)


class PrivateUse(StrEnum):
    PRIVATE = "private"
    PROFESSIONAL = "professional"
    MIXED = "mixed"


class CausedBy(StrEnum):
    UNKNOWN = "unknown"
    KNOWN_OUTSIDER = "known_outsider"
    HOUSEMATE = "housemate"
    SELF = "self"


class PurchaseFrom(StrEnum):
    BUSINESS = "business"
    PRIVATE_PERSON = "private_person"
    UNKNOWN = "unknown"


class Consent(StrEnum):
    WITHOUT_CONSENT = "without_consent"
    DECEIVED = "deceived"


class LossCause(StrEnum):
    """Why data are lost: what the product page names, what the later page names, and the rest."""

    HUMAN_ERROR = "human_error"
    HARDWARE_DAMAGE = "hardware_damage"
    SOFTWARE_BUG = "software_bug"
    MALWARE = "malware"
    OTHER = "other"
    UNKNOWN = "unknown"


class YesNo(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Facts:
    """What is known so far; None is not answered.

    The facts from `unlawful_activity` on are exclusions. Nobody is asked about them: a handler establishes them, or
    an answer says so.

    Attributes:
        data_authorised: The lost data were the insured's own, or they were allowed to use them.
        unlawful_activity: The damage comes from unlawful, criminal or unethical activities of the insured.
        spread_by_institution: A state or local institution spread the personal data.
        extraordinary_event: War, social conflict, lockdown, mobilisation, terrorism or sabotage caused it.
        foreseeable: The insured should normally have foreseen the harm of what they did or left undone.
        recovery_impossible: No technology can bring the data back.
    """

    incident_date: date | None = None
    discovery_date: date | None = None
    victim: str | None = None
    private_use: PrivateUse | None = None
    caused_by: CausedBy | None = None
    amount: Decimal | None = None
    purchase_from: PurchaseFrom | None = None
    consent: Consent | None = None
    loss_cause: LossCause | None = None
    data_authorised: YesNo | None = None
    unlawful_activity: YesNo | None = None
    spread_by_institution: YesNo | None = None
    extraordinary_event: YesNo | None = None
    foreseeable: YesNo | None = None
    recovery_impossible: YesNo | None = None


def _amount(text: str) -> Decimal | None:
    return Decimal(text) if _AMOUNT.fullmatch(text) else None


_READERS: Mapping[str, Any] = {
    "incident_date": iso_date,
    "discovery_date": iso_date,
    "victim": str,
    "private_use": PrivateUse,
    "caused_by": CausedBy,
    "amount": _amount,
    "purchase_from": PurchaseFrom,
    "consent": Consent,
    "loss_cause": LossCause,
    "data_authorised": YesNo,
    "unlawful_activity": YesNo,
    "spread_by_institution": YesNo,
    "extraordinary_event": YesNo,
    "foreseeable": YesNo,
    "recovery_impossible": YesNo,
}

FACT_NAMES = tuple(_READERS)


def read_facts(answers: Mapping[str, str | None], persons: Collection[str]) -> tuple[Facts, tuple[str, ...]]:
    """Read the facts among `answers`; other answers are no facts and are left alone.

    Args:
        answers: What the customer said, by question.
        persons: The ids of the people on the policy; a victim is one of them or an outsider.

    Returns:
        The facts, and the names of those whose value cannot be read (they stay unanswered).
    """
    values: dict[str, Any] = {}
    unreadable = []
    for name, reader in _READERS.items():
        text = answers.get(name)
        if text is None:
            continue
        try:
            value = reader(text.strip())
        except ValueError:
            value = None
        if name == "victim" and value not in (OUTSIDER, *persons):
            value = None
        if value is None:
            unreadable.append(name)
        values[name] = value
    return Facts(**values), tuple(unreadable)
