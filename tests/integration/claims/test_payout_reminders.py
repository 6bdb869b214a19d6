"""Staff hear of claims that are nearly due, once for each of the days in the settings."""

from __future__ import annotations

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select

from claims.adapters.mail import write_mail
from claims.adapters.tables import outbox
from claims.service.deadlines import remind
from tests.integration.claims.claim_steps import do, move, submit
from tests.integration.claims.claims_api import Api
from tests.integration.claims.conftest import running

TEAM = "claims-team@example.be"


@pytest.fixture
async def reminded(database_url: str) -> AsyncIterator[Api]:
    """A service whose staff want reminders."""
    async with running(database_url, staff_mail=TEAM) as started:
        yield started


def reminders(api: Api) -> dict[str, dict[str, Any]]:
    """The reminders in the outbox, by key."""
    query = select(outbox.c.key, outbox.c.body, outbox.c.kind).where(outbox.c.key.like("reminder:%"))
    with api.services.engine.connect() as connection:
        rows = connection.execute(query.order_by(outbox.c.key)).all()
    assert {row.kind for row in rows} <= {"mail"}
    return {row.key: row.body for row in rows}


async def test_each_day_of_the_settings_is_reminded_once(reminded: Api) -> None:
    reference = await submit(await reminded.customer())
    put = []
    for _ in range(18):
        put.append(remind(reminded.services) + remind(reminded.services))
        reminded.clock.forward(days=1)
    assert put == [*[0] * 10, 1, 0, 0, 1, 0, 1, 0, 0]
    found = reminders(reminded)
    assert list(found) == [f"reminder:{reference}:{days}" for days in (0, 2, 5)]
    assert found[f"reminder:{reference}:2"] == {
        "to": TEAM,
        "template": "reminder_mail",
        "language": "en",
        "values": {"reference": reference, "days": 2, "due_on": {"kind": "date", "value": "2026-06-30"}},
    }
    mail = write_mail(**found[f"reminder:{reference}:2"], mail_id="m1")
    assert reference in mail.subject
    assert "30 June 2026" in mail.text


async def test_after_standing_still_one_mail_tells_the_latest(reminded: Api) -> None:
    reference = await submit(await reminded.customer())
    reminded.clock.forward(days=20)
    assert (remind(reminded.services), remind(reminded.services)) == (1, 0)
    assert list(reminders(reminded)) == [f"reminder:{reference}:0"]
    assert reminders(reminded)[f"reminder:{reference}:0"]["values"]["days"] == -5


async def test_nobody_is_reminded_of_what_is_not_up_to_us(reminded: Api) -> None:
    customer, handler = await reminded.customer(), await reminded.staff()
    asked, declined, withdrawn, helped = [await submit(customer, "phishing") for _ in range(4)]
    await move(handler, asked, "information_requested", reason="Which bank?")
    await move(handler, declined, "in_review", "declined", reason="No.")
    await do(customer, withdrawn, "withdrawal")
    assess = {"facts": {"incident_date": "2026-06-10"}, "version": 1, "reason": "known"}
    await handler.call("PATCH", f"/v1/staff/claims/{helped}/assessment", assess)
    await move(handler, helped, "in_review", "approved", amount="0")
    reminded.clock.forward(days=40)
    assert remind(reminded.services) == 0


async def test_without_an_address_nothing_is_put(api: Api) -> None:
    await submit(await api.customer())
    api.clock.forward(days=20)
    assert remind(api.services) == 0
    assert reminders(api) == {}


async def test_two_that_remind_at_the_same_moment_put_one_mail(reminded: Api) -> None:
    customer = await reminded.customer()
    references = [await submit(customer) for _ in range(5)]
    reminded.clock.forward(days=12)
    barrier = Barrier(4)

    def work(_: int) -> int:
        barrier.wait(timeout=10)
        return remind(reminded.services)

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) == 5
    assert len(reminders(reminded)) == len(references)
