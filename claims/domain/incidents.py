"""What can happen to a customer, and under which cover it falls.

Which incidents there are is content (data/facts/incidents.yml): another one is a line there, no code. Which covers
there are is not: each has rules of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING

from content.facts import Facts


class Cover(StrEnum):
    """The covers of the product page; NONE where it names none for an incident."""

    E_REPUTATION = "e_reputation"
    DATA_RECOVERY = "data_recovery"
    ONLINE_PURCHASES = "online_purchases"
    IDENTITY_THEFT = "identity_theft"
    PAYMENT_FRAUD = "payment_fraud"
    NONE = "none"


_COVERS = {name: Cover(incident.cover) for name, incident in Facts.load().incidents.items()}

if TYPE_CHECKING:

    class Incident(StrEnum):
        """What can happen to a customer; its members are the incidents of data/facts/incidents.yml."""

else:
    Incident = StrEnum("Incident", {name.upper(): name for name in _COVERS})


def cover_of(incident: Incident) -> Cover:
    """Tell under which cover an incident falls."""
    return _COVERS[incident.value]


def falling_under(covers: Iterable[Cover]) -> frozenset[Incident]:
    """List the incidents that fall under one of these covers."""
    return frozenset(incident for incident in Incident if cover_of(incident) in set(covers))
