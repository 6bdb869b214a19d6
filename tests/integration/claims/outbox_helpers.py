"""What the tests of the outbox share: putting messages in, and looking at what became of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import select

from claims.adapters.tables import outbox
from claims.domain.claims import Claim
from claims.service.announcements import announce
from claims.service.services import Services
from tests.integration.claims.claims_api import LIES, Api

REFERENCE = "CC-2026-000001"
ADDRESS = "lies.peeters@example.be"


def put(services: Services, key: str, *, to: str = ADDRESS, **changes: Any) -> None:
    """Put a mail into the outbox."""
    values = {"reference": key.split(":")[1]}
    body = {"to": to, "template": "claim_mail_in_review", "language": "nl", "values": values}
    with services.unit() as unit:
        assert unit.outbox.put(services.ids.token(), "mail", key, body | changes, services.now())
        unit.commit()


def rows(services: Services) -> dict[str, Any]:
    """Everything in the outbox, by its key."""
    with services.engine.connect() as connection:
        return {row["key"]: dict(row) for row in connection.execute(select(outbox)).mappings()}


async def submitted(api: Api) -> Claim:
    """A claim of the demo customer, submitted over the API."""
    customer = await api.customer()
    draft = (await customer.open_draft()).json()
    assert (await customer.submit(draft["id"], draft["version"])).status_code == 201
    with api.services.unit() as unit:
        return unit.claims.of_policy(LIES)[0]


def change(services: Services, claim: Claim, event: str, reason: str = "", **changes: Any) -> Claim:
    """Announce the next version of a claim."""
    changed = replace(claim, version=claim.version + 1, **changes)
    with services.unit() as unit:
        announce(services, unit, changed, event, reason)
        unit.commit()
    return changed
