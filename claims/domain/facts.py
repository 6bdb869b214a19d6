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


class Incident(StrEnum):
    """What can happen to a customer."""

    CYBERBULLYING = "cyberbullying"
    SEXTORTION = "sextortion"
    IDENTITY_THEFT = "identity_theft"
    HACKED_ACCOUNT = "hacked_account"
    PHISHING = "phishing"
    PAYMENT_FRAUD = "payment_fraud"
    NON_DELIVERY = "non_delivery"
    NON_CONFORMING_DELIVERY = "non_conforming_delivery"
    DATA_LOSS = "data_loss"


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


@dataclass(frozen=True)
class Facts:
    """The answers so far; None is not answered."""

    incident_date: date | None = None
    discovery_date: date | None = None
    victim: str | None = None
    private_use: PrivateUse | None = None
    caused_by: CausedBy | None = None
    amount: Decimal | None = None
    purchase_from: PurchaseFrom | None = None
    consent: Consent | None = None


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
