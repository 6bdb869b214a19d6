"""Hints that two claims of a household may be about the same thing; a hint for people, never a decision."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal

from claims.domain.claims import Claim, ClaimStatus
from claims.domain.facts import read_facts
from claims.domain.incidents import Cover, Incident, cover_of

NEAR = timedelta(days=7)

# A parcel that did not come and one that came wrong are told of the same order.


def duplicates_of(claim: Claim, claims: Iterable[Claim]) -> tuple[str, ...]:
    """Name the claims that may be about the same incident as `claim`.

    Args:
        claim: The claim looked at.
        claims: The claims of the same policy; `claim` may be among them.

    Returns:
        References, in order.
    """
    others = (other for other in claims if other.reference != claim.reference)
    return tuple(sorted(other.reference for other in others if _alike(claim, other)))


def _alike(one: Claim, other: Claim) -> bool:
    if ClaimStatus.WITHDRAWN in (one.status, other.status) or _kind(one) is not _kind(other):
        return False
    if one.policy_reference != other.policy_reference:
        return False
    return _near(one, other) or _shared(_amount(one), _amount(other)) or _shared(_seller(one), _seller(other))


def _kind(claim: Claim) -> Cover | Incident:
    # What is said to be lost one day arrives broken the next.
    cover = cover_of(claim.incident)
    return cover if cover is Cover.ONLINE_PURCHASES else claim.incident


def _near(one: Claim, other: Claim) -> bool:
    days = one.incident_date, other.incident_date
    return days[0] is not None and days[1] is not None and abs(days[0] - days[1]) <= NEAR


def _amount(claim: Claim) -> Decimal | None:
    return read_facts({"amount": claim.established.get("amount")}, ())[0].amount


def _seller(claim: Claim) -> str:
    return " ".join(claim.established.get("seller", "").casefold().split())


def _shared(one: Decimal | str | None, other: Decimal | str | None) -> bool:
    return bool(one) and one == other
