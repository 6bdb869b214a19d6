"""Reading claims with all that is shown beside them; each reading is an entry in the trail."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from claims.adapters.claim_search import Wanted
from claims.adapters.places import Place
from claims.domain.actors import Actor
from claims.domain.claims import Claim, ClaimVersion
from claims.domain.deadlines import PayoutClock
from claims.domain.duplicates import duplicates_of
from claims.service.deadlines import clock_of
from claims.service.services import Services
from claims.service.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class ShownClaim:
    """A claim with its history, its payout clock, and the claims that may be about the same thing."""

    claim: Claim
    versions: Sequence[ClaimVersion]
    clock: PayoutClock | None
    duplicates: tuple[str, ...] = ()


@dataclass(frozen=True)
class StaffFilter:
    """Which claims staff want to see; `overdue` is None for both."""

    wanted: Wanted
    overdue: bool | None = None


def read_claim(services: Services, reference: str, policy_reference: str) -> ShownClaim:
    """Read a claim of a customer.

    Raises:
        ClaimNotFound: There is none for this customer.
    """
    with services.unit() as unit:
        claim = unit.claims.get(reference, policy_reference)
        return _read(services, unit, claim, Actor.customer(policy_reference))


def list_claims(services: Services, policy_reference: str, place: Place | None, limit: int) -> list[ShownClaim]:
    """List the claims of a policy, the newest first; `limit` is one more than is shown, to see if there are more."""
    with services.unit() as unit:
        found = unit.claims.of_policy(policy_reference, place, limit)
        household = unit.claims.of_policy(policy_reference)
        shown = _shown(services, unit, found, household)
        _note_list(services, unit, Actor.customer(policy_reference), found[: limit - 1])
        return shown


def read_any_claim(services: Services, reference: str, actor: Actor) -> ShownClaim:
    """Read a claim for a member of staff.

    Raises:
        ClaimNotFound: There is none.
    """
    with services.unit() as unit:
        return _read(services, unit, unit.claims.get(reference), actor)


def search_claims(
    services: Services, wanted: StaffFilter, place: Place | None, limit: int, actor: Actor
) -> list[ShownClaim]:
    """List claims for a member of staff; `limit` is one more than is shown, to see whether there are more."""
    with services.unit() as unit:
        found = unit.search.find(_with_days(services, wanted), place, limit)
        shown = _shown(services, unit, found)
        _note_list(services, unit, actor, found[: limit - 1])
        return shown


def _read(services: Services, unit: UnitOfWork, claim: Claim, actor: Actor) -> ShownClaim:
    shown = _shown(services, unit, [claim], unit.claims.of_policy(claim.policy_reference))[0]
    unit.audit.add(actor, "claim_read", f"claim:{claim.reference}", services.now(), version=claim.version)
    unit.commit()
    return shown


def _shown(
    services: Services, unit: UnitOfWork, claims: Sequence[Claim], household: Iterable[Claim] = ()
) -> list[ShownClaim]:
    versions = unit.claims.versions(*(claim.reference for claim in claims))
    others = tuple(household)
    return [
        ShownClaim(
            claim,
            versions[claim.reference],
            clock_of(services, claim, versions[claim.reference]),
            duplicates_of(claim, others),
        )
        for claim in claims
    ]


def _note_list(services: Services, unit: UnitOfWork, actor: Actor, claims: Sequence[Claim]) -> None:
    if not claims:
        return
    references = [claim.reference for claim in claims]
    unit.audit.add(actor, "claims_listed", "claims", services.now(), references=references)
    unit.commit()


def _with_days(services: Services, wanted: StaffFilter) -> Wanted:
    """Say "overdue" in the days the rows hold: the last day from which the promise is still kept."""
    if wanted.overdue is None:
        return wanted.wanted
    kept_from = services.today() - timedelta(days=services.settings.payout_days)
    days = {"counted_before": kept_from} if wanted.overdue else {"counted_since": kept_from}
    return Wanted(**{**vars(wanted.wanted), **days})
