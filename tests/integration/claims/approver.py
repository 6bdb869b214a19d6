"""A process of its own that approves claims when told: one line in, one line out."""

from __future__ import annotations

import sys
from decimal import Decimal

from claims.api.app import join
from claims.domain.claims import ClaimStatus
from claims.domain.errors import ClaimsError
from claims.domain.lifecycle import Step
from claims.domain.staff import Role, StaffMember
from claims.service.decisions import move_claim
from tests.integration.claims.claims_api import settings_for


def main(database_url: str) -> None:
    """Read `reference version amount` from each line, approve, and say `approved` or the code of the refusal."""
    services = join(settings_for(database_url))
    member = StaffMember("an.approver", "An Approver", Role.HANDLER)
    print("ready", flush=True)
    for line in sys.stdin:
        reference, version, amount = line.split()
        try:
            move_claim(services, reference, Step(ClaimStatus.APPROVED, int(version), "", Decimal(amount)), member)
            print("approved", flush=True)
        except ClaimsError as error:
            print(error.code, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
