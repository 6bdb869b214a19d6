"""Two claims of a household that may be about the same thing."""

from __future__ import annotations

from typing import Any

import pytest

from claims.domain.claims import ClaimStatus
from claims.domain.duplicates import duplicates_of
from claims.domain.incidents import Incident
from tests.unit.claims.claim_examples import claim

FIRST = claim("CC-1")
FAR = {"incident_date": "2025-01-01", "amount": "9", "seller": "Another"}


@pytest.mark.parametrize(
    ("changes", "alike"),
    [
        ({"answers": FAR}, False),
        ({"answers": FAR | {"incident_date": "2026-06-03"}}, True),
        ({"answers": FAR | {"incident_date": "2026-06-17"}}, True),
        ({"answers": FAR | {"incident_date": "2026-06-18"}}, False),
        ({"answers": FAR | {"amount": "240.00"}}, True),
        ({"answers": FAR | {"seller": "  a   SHOP "}}, True),
        ({"answers": dict.fromkeys(FAR)}, False),
        ({"answers": FAR, "assessment": {"amount": "240"}}, True),
        ({"incident": Incident.NON_CONFORMING_DELIVERY}, True),
        ({"incident": Incident.PHISHING}, False),
        ({"status": ClaimStatus.WITHDRAWN}, False),
        ({"status": ClaimStatus.DECLINED}, True),
        ({"policy_reference": "CYB-1002-0002"}, False),
    ],
)
def test_alike(changes: dict[str, Any], alike: bool) -> None:
    second = claim("CC-2", **changes)
    assert duplicates_of(FIRST, [FIRST, second]) == (("CC-2",) if alike else ())
    assert duplicates_of(second, [FIRST, second]) == (("CC-1",) if alike else ())


def test_nothing_known_is_nothing_alike() -> None:
    unknown: dict[str, Any] = {"answers": dict.fromkeys(FAR)}
    assert duplicates_of(claim("CC-1", **unknown), [claim("CC-2", **unknown)]) == ()


def test_all_of_them_in_order() -> None:
    assert duplicates_of(FIRST, [claim("CC-3"), FIRST, claim("CC-2")]) == ("CC-2", "CC-3")
