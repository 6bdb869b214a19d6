"""Makes sure, before a use case begins its unit of work, that our copy of a policy may be relied on."""

from __future__ import annotations

from datetime import timedelta

import structlog

from claims.adapters.operator_policies import SourceError
from claims.adapters.policy_copies import Copy
from claims.domain.errors import PolicyNotFound, PolicySourceUnavailable
from claims.service.services import Services
from claims.service.unit_of_work import again_when_beaten

FRESH = timedelta(minutes=15)
USABLE = timedelta(hours=24)


def ensure_policy(services: Services, reference: str) -> None:
    """As `refresh_policy`, for use cases that need a policy which still exists.

    Raises:
        PolicyNotFound: The operator's system does not know it (any more).
        PolicySourceUnavailable: That system does not answer, and our copy is too old.
    """
    if not refresh_policy(services, reference):
        raise PolicyNotFound


def refresh_policy(services: Services, reference: str) -> bool:
    """Bring our copy of a policy up to date; never call it inside a unit of work, which would wait for the network.

    Where policies are kept here there is nothing to do. A copy of the last 15 minutes is taken as it is; while the
    operator's system does not answer, one of the last 24 hours.

    Returns:
        Whether the policy is known where policies are kept; True without asking when that is here.

    Raises:
        PolicySourceUnavailable: The operator's system does not answer, and our copy is too old.
    """
    source = services.policy_source
    if source is None:
        return True
    with services.unit() as unit:
        copy = unit.policy_copies.find(reference)
    if copy is not None and _younger(services, copy, FRESH):
        return not copy.gone
    try:
        policy = source.fetch(reference)
    except SourceError as error:
        structlog.get_logger().warning("policies.source_failed", kind=type(error).__name__, reason=str(error))
        if copy is None or not _younger(services, copy, USABLE):
            raise PolicySourceUnavailable from error
        return not copy.gone

    def keep() -> None:
        with services.unit() as unit:
            if policy is not None:
                unit.policies.put(policy)
            unit.policy_copies.mark(reference, services.now(), gone=policy is None)
            unit.commit()

    again_when_beaten(keep)
    return policy is not None


def _younger(services: Services, copy: Copy, age: timedelta) -> bool:
    return copy.fetched_at is not None and services.now() - copy.fetched_at < age
