"""Staff hear of claims that are nearly due, once for each of the days in the settings, and of those that are late."""

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
from claims.service.outbox_delivery import deliver_due
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
    assert put == [*[0] * 10, 1, 0, 0, 1, 0, 1, 1, 0]
    found = reminders(reminded)
    # By time: 5, 2 and 0 days before, and the day after.
    keys = [f"reminder:{reference}:20260630{day}" for day in (20260625, 20260628, 20260630, 20260701)]
    assert list(found) == keys
    assert [body["values"]["days"] for body in found.values()] == [5, 2, 0, 1]
    assert found[keys[1]] == {
        "to": TEAM,
        "template": "reminder_mail",
        "language": "en",
        "values": {"reference": reference, "days": 2, "due_on": {"kind": "date", "value": "2026-06-30"}},
    }
    mail = write_mail(**found[keys[1]], mail_id="m1")
    assert reference in mail.subject
    assert "30 June 2026" in mail.text
    late = write_mail(**found[keys[3]], mail_id="m2")
    assert "overdue" in late.subject
    assert "30 June 2026" in late.text


async def test_reminders_that_waited_are_sent_in_the_order_of_time(reminded: Api) -> None:
    await submit(await reminded.customer())
    for _ in range(18):
        remind(reminded.services)
        reminded.clock.forward(days=1)
    reminded.mailer.sent.clear()
    deliver_due(reminded.services, "mail")
    subjects = [mail.subject for mail in reminded.mailer.sent if mail.to == TEAM]
    assert [subject.rpartition(" ")[2] for subject in subjects] == ["5", "2", "0", "1"]


async def test_when_the_date_moves_reminders_are_sent_again(reminded: Api) -> None:
    handler = await reminded.staff()
    reference = await submit(await reminded.customer())
    reminded.clock.forward(days=13)
    assert (remind(reminded.services), remind(reminded.services)) == (1, 0)
    await handler.sign_in()
    await move(handler, reference, "information_requested", reason="Which shop?")
    reminded.clock.forward(days=10)
    assert remind(reminded.services) == 0
    await handler.sign_in()
    await move(handler, reference, "in_review")
    assert (remind(reminded.services), remind(reminded.services)) == (1, 0)
    before, after = reminders(reminded).values()
    assert (before["values"]["days"], after["values"]["days"]) == (2, 2)
    assert after["values"]["due_on"] == {"kind": "date", "value": "2026-07-10"}


async def test_after_a_pause_of_the_service_one_mail_tells_the_latest(reminded: Api) -> None:
    reference = await submit(await reminded.customer())
    reminded.clock.forward(days=20)
    assert (remind(reminded.services), remind(reminded.services)) == (1, 0)
    ((key, body),) = reminders(reminded).items()
    assert (key, body["values"]["days"]) == (f"reminder:{reference}:2026063020260701", 5)


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


async def test_without_days_nothing_is_put(database_url: str) -> None:
    async with running(database_url, staff_mail=TEAM, reminder_days=()) as api:
        await submit(await api.customer())
        api.clock.forward(days=20)
        assert remind(api.services) == 0


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
