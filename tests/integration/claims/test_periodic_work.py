"""What the service does by itself: at once when there is something to send, and each job whatever the others do."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from threading import Event
from typing import Any

import pytest
from structlog.testing import capture_logs

from claims.adapters.mail import Mail
from claims.api.app import create_app
from claims.service.bell import Bell
from claims.service.outbox_delivery import deliver_due
from claims.service.periodic import Job, Periodic, rest
from claims.service.services import Services
from tests.integration.claims.claims_api import Api
from tests.integration.claims.conftest import serving
from tests.integration.claims.outbox_helpers import put, rows

PATIENCE = 10.0


class Postbox:
    """Takes mails and says when one has come."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []
        self.come = Event()

    def send(self, mail: Mail) -> None:
        self.mails.append(mail)
        self.come.set()


@contextmanager
def working(services: Services, *jobs: Job) -> Iterator[Periodic]:
    periodic = Periodic(services, list(jobs))
    periodic.start()
    try:
        yield periodic
    finally:
        periodic.stop(PATIENCE)


async def test_a_commit_that_put_something_wakes_the_sender(api: Api) -> None:
    postbox, begun = Postbox(), Event()
    services = replace(api.services, mailer=postbox)

    def work(services: Services) -> None:
        deliver_due(services, "mail")
        begun.set()

    # It would look by itself in an hour only.
    with working(services, Job("mails", 3600, work, woken=True)):
        assert begun.wait(PATIENCE)
        put(services, "mail:CC-1:1")
        assert await asyncio.to_thread(postbox.come.wait, PATIENCE)
    assert rows(services)["mail:CC-1:1"]["sent_at"] is not None


async def test_a_commit_that_put_nothing_wakes_nobody(api: Api) -> None:
    with api.services.unit() as unit:
        unit.policies.find("CYB-1001-0001")
        unit.commit()
    with api.services.unit() as unit:
        unit.outbox.put("id", "mail", "mail:CC-1:1", {}, api.services.now())
    assert api.services.bell.wait(0, 0) == 0
    put(api.services, "mail:CC-1:1")
    assert api.services.bell.wait(0, 0) == 1


def test_a_ring_while_busy_is_heard() -> None:
    bell = Bell()
    heard = bell.wait(0, 0)
    bell.ring()
    assert bell.wait(heard, PATIENCE) == 1
    assert bell.wait(1, 0) == 1


async def test_an_error_in_one_job_stops_neither_it_nor_the_others(api: Api) -> None:
    again, other, tries = Event(), Event(), []

    def broken(_: Services) -> None:
        tries.append(1)
        if len(tries) > 1:
            again.set()
        raise RuntimeError("lies@example.be")

    with (
        capture_logs() as logs,
        working(api.services, Job("broken", 0.001, broken), Job("good", 3600, lambda _: other.set())),
    ):
        assert await asyncio.to_thread(other.wait, PATIENCE)
        assert await asyncio.to_thread(again.wait, PATIENCE)
    assert {"event": "periodic.failed", "job": "broken", "kind": "RuntimeError", "log_level": "error"} in logs
    assert "lies" not in str(logs)


def test_a_job_that_fails_is_tried_less_often_but_at_least_every_minute() -> None:
    assert [rest(1, failures) for failures in (0, 1, 2, 5, 6, 1000)] == [1, 2, 4, 32, 60, 60]
    assert [rest(600, failures) for failures in (0, 1, 9)] == [600, 600, 600]


async def test_stopping_does_not_wait_for_a_job_that_hangs(api: Api) -> None:
    begun, hold = Event(), Event()

    def hang(_: Services) -> None:
        begun.set()
        hold.wait(PATIENCE)

    periodic = Periodic(api.services, [Job("hanging", 1, hang)])
    periodic.start()
    assert begun.wait(PATIENCE)
    periodic.stop(0.01)
    hold.set()
    periodic.stop(PATIENCE)


async def test_the_service_sends_by_itself_from_start_to_stop(database_url: str, api: Api) -> None:
    postbox = Postbox()
    put(api.services, "mail:CC-1:1")
    app = create_app(
        api.services.settings, clock=api.clock, mailer=postbox, passwords=api.services.passwords, name="claims-working"
    )
    async with serving(app):
        assert await asyncio.to_thread(postbox.come.wait, PATIENCE)
        postbox.come.clear()
        put(app.ctx.services, "mail:CC-1:2")
        assert await asyncio.to_thread(postbox.come.wait, PATIENCE)
    put(app.ctx.services, "mail:CC-1:3")
    assert len(postbox.mails) == 2
    assert rows(api.services)["mail:CC-1:3"]["attempts"] == 0


@pytest.mark.parametrize("kind", ["mail", "event"])
async def test_the_usual_work_can_be_done_with_nothing_to_do(api: Api, kind: str) -> None:
    work: Any = partial(deliver_due, kind=kind)
    assert Periodic(api.services, []).step(Job(kind, 1, work))
    assert all(Periodic(api.services).step(job) for job in Periodic(api.services)._usual())
