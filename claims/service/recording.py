"""Keeps a changed claim: its row, its version, the news for the customer and the entry in the trail, or nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from claims.domain.actors import Actor
from claims.domain.claims import Change, Claim, ClaimVersion
from claims.domain.lifecycle import told_customer
from claims.service.announcements import announce
from claims.service.deadlines import clock_of
from claims.service.services import Services
from claims.service.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Made:
    """Who made a version, how, and why."""

    actor: Actor
    change: Change
    reason: str = ""


def record(services: Services, unit: UnitOfWork, claim: Claim, made: Made, **details: Any) -> Claim:
    """Keep the version of `claim` that was just made.

    Args:
        services: The adapters.
        unit: The unit of work of the change.
        claim: The claim after the change.
        made: What made it.
        details: More for the trail, without anything a person typed.

    Returns:
        The claim as it is kept.

    Raises:
        ConcurrentWrite: Somebody else stored a change since it was read.
    """
    version = ClaimVersion(claim.version, claim.updated_at, str(made.actor), made.change, made.reason, claim.status)
    before = unit.claims.versions(claim.reference)[claim.reference]
    clock = clock_of(services, claim, [*before, version])
    kept = replace(claim, clock_from=clock.counted_from if clock is not None and clock.running else None)
    if made.change is Change.SUBMITTED:
        unit.claims.add(kept, version)
    else:
        unit.claims.save(kept, version)
    if made.change in (Change.SUBMITTED, Change.MOVED, Change.ANSWERED):
        announce(services, unit, kept, kept.status.value, told_customer(kept.status, made.reason))
    # The trail comes last: its lock is everybody's, and whoever holds it must not wait for another.
    subject, action = f"claim:{claim.reference}", f"claim_{made.change.value}"
    unit.audit.add(made.actor, action, subject, claim.updated_at, version=kept.version, **details)
    return kept
