"""The console has words for everything the log and the claims backend can tell of a message or a policy."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from bot.desk.delivery import SHOWN
from bot.meta.errors import Kind
from bot.meta.job import OUTSIDE_WINDOW
from claims.domain.limits import PastClaimStatus
from claims.domain.policies import PaymentState, PolicyStatus, Terms
from tests.unit.bot.test_desk_pages import texts

KNOWN = {
    "undelivered": [*(kind.value for kind in Kind), OUTSIDE_WINDOW],
    "delivery": {*SHOWN.values(), "failed"},
    "policy": PolicyStatus,
    "payment": PaymentState,
    "terms": Terms,
    "past": PastClaimStatus,
}


@pytest.mark.parametrize("group", KNOWN)
def test_nothing_is_shown_by_its_code(group: str) -> None:
    wanted: Iterable[str] = KNOWN[group]
    assert {f"{group}_{each}" for each in wanted} - texts().keys() == set()
