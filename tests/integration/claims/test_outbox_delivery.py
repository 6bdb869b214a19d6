"""The outbox on both databases: once, in order, again until it works, and given up in the end."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from structlog.testing import capture_logs

from claims.adapters.mail import SmtpMailer
from claims.adapters.outbox import Message
from claims.service.outbox_delivery import GIVEN_UP_AFTER, LEASE, LONGEST_PAUSE, deliver_due
from claims.service.services import Services
from common.database import make_engine
from tests.integration.claims.claims_api import Api
from tests.integration.claims.mail_server import Inbox, receiving
from tests.integration.claims.outbox_helpers import ADDRESS, put, rows


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def services(api: Api, inbox: Inbox) -> Iterator[Services]:
    """The services with a mailer that talks to a real mail server."""
    with receiving(inbox) as port:
        settings = replace(api.services.settings, smtp_port=port)
        yield replace(api.services, settings=settings, mailer=SmtpMailer(settings))


def deliver(services: Services, kind: str = "mail") -> int:
    return deliver_due(services, kind, chance=lambda: 0.0)


def take(services: Services) -> Message | None:
    with services.unit() as unit:
        message = unit.outbox.take("mail", services.now(), services.now() + LEASE)
        unit.commit()
    return message


async def test_a_mail_is_sent_once_and_then_holds_nothing_of_anybody(services: Services, inbox: Inbox) -> None:
    put(services, "mail:CC-1:1")
    with capture_logs() as logs:
        assert (deliver(services), deliver(services)) == (1, 0)
    assert inbox.messages[0]["To"] == ADDRESS
    assert "CC-1" in inbox.messages[0]["Subject"]
    row = rows(services)["mail:CC-1:1"]
    assert (row["body"], row["sent_at"], row["attempts"], row["error"]) == ({}, services.now(), 1, None)
    assert inbox.ids() == [f"<{row['id']}@claims.invalid>"]
    assert [entry["event"] for entry in logs] == ["outbox.sent"]
    assert ADDRESS not in str(logs)


async def test_the_same_key_is_put_once(services: Services, inbox: Inbox) -> None:
    put(services, "mail:CC-1:1")
    with services.unit() as unit:
        assert not unit.outbox.put("another", "mail", "mail:CC-1:1", {}, services.now())
        unit.commit()
    assert deliver(services) == 1


async def test_what_is_rolled_back_is_not_told(services: Services, inbox: Inbox) -> None:
    with services.unit() as unit:
        unit.outbox.put("id", "mail", "mail:CC-1:1", {}, services.now())
    assert deliver(services) == 0


async def test_the_news_of_one_claim_keep_their_order(api: Api, services: Services, inbox: Inbox) -> None:
    inbox.recipient = lambda address: "451 later" if address == "late@example.be" else "250 OK"
    for version in (10, 2, 1, 9):
        put(services, f"mail:CC-1:{version}", to="late@example.be")
    put(services, "mail:CC-2:1")
    assert deliver(services) == 2
    assert [str(message["Subject"])[-4:] for message in inbox.messages] == ["CC-2"]
    assert [row["attempts"] for _, row in sorted(rows(services).items())] == [1, 0, 0, 0, 1]
    inbox.recipient = lambda address: "250 OK"
    api.clock.forward(seconds=10)
    assert deliver(services) == 4
    ids = {f"<{row['id']}@claims.invalid>": key for key, row in rows(services).items()}
    assert [ids[sent] for sent in inbox.ids()] == ["mail:CC-2:1", *(f"mail:CC-1:{number}" for number in (1, 2, 9, 10))]


async def test_mails_and_events_do_not_wait_for_each_other(services: Services) -> None:
    with services.unit() as unit:
        unit.outbox.put("event-1", "event", "event:CC-1:1", {}, services.now())
        unit.commit()
    put(services, "mail:CC-1:2")
    assert deliver(services) == 1
    assert rows(services)["event:CC-1:1"]["attempts"] == 0


async def test_a_mail_that_fails_is_tried_again_ever_more_rarely(api: Api, services: Services, inbox: Inbox) -> None:
    inbox.recipient = lambda _: f"451 try again, {ADDRESS}"
    put(services, "mail:CC-1:1")
    waits = []
    with capture_logs() as logs:
        for _ in range(12):
            assert (deliver(services), deliver(services)) == (1, 0)
            wait = rows(services)["mail:CC-1:1"]["next_at"] - services.now()
            waits.append(wait.total_seconds())
            api.clock.now += wait - timedelta(microseconds=1)
            assert deliver(services) == 0
            api.clock.now += timedelta(microseconds=1)
    assert waits == [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600, 3600]
    assert {entry["event"] for entry in logs} == {"outbox.not_sent"}
    row = rows(services)["mail:CC-1:1"]
    assert row["error"] == "SMTPRecipientsRefused"
    assert ADDRESS not in str(logs) + row["error"]


async def test_chance_spreads_the_attempts(services: Services, inbox: Inbox) -> None:
    inbox.data = "451 later"
    put(services, "mail:CC-1:1")
    deliver_due(services, "mail", chance=lambda: 1.0)
    row = rows(services)["mail:CC-1:1"]
    assert row["next_at"] - services.now() == timedelta(seconds=5)
    assert row["error"] == "SMTPDataError 451"


async def test_after_three_days_it_is_given_up_and_a_person_can_look(
    api: Api, services: Services, inbox: Inbox
) -> None:
    inbox.recipient = lambda _: "451 later"
    put(services, "mail:CC-1:1")
    put(services, "mail:CC-1:2")
    begun, tries = services.now(), 0
    with capture_logs() as logs:
        while rows(services)["mail:CC-1:1"]["failed_at"] is None:
            tries += deliver(services)
            api.clock.now += LONGEST_PAUSE
    first = rows(services)["mail:CC-1:1"]
    assert first["failed_at"] - begun == GIVEN_UP_AFTER
    assert (first["body"]["to"], first["sent_at"], first["attempts"]) == (ADDRESS, None, 73)
    given_up = [entry for entry in logs if entry["event"] == "outbox.given_up"]
    assert [(entry["log_level"], entry["key"]) for entry in given_up] == [("error", "mail:CC-1:1")]
    inbox.recipient = lambda _: "250 OK"
    assert deliver(services) == 1
    assert rows(services)["mail:CC-1:1"]["attempts"] == 73
    assert rows(services)["mail:CC-1:2"]["sent_at"] is not None


async def test_a_service_that_stood_still_for_days_does_not_give_up_at_once(
    api: Api, services: Services, inbox: Inbox
) -> None:
    inbox.recipient = lambda _: "451 not quite up yet"
    put(services, "mail:CC-1:1")
    api.clock.forward(days=5)
    for _ in range(9):
        assert deliver(services) == 1
        api.clock.now = rows(services)["mail:CC-1:1"]["next_at"]
    assert rows(services)["mail:CC-1:1"]["failed_at"] is None
    deliver(services)
    assert rows(services)["mail:CC-1:1"]["failed_at"] is not None


@pytest.mark.parametrize(("to", "code"), [(ADDRESS, "550 5.1.1 nobody here"), ("two@example.be, x@example.be", "250")])
async def test_an_address_that_will_never_work_is_given_up_at_once(
    services: Services, inbox: Inbox, to: str, code: str
) -> None:
    inbox.recipient = lambda _: code
    put(services, "mail:CC-1:1", to=to)
    with capture_logs() as logs:
        assert deliver(services) == 1
    row = rows(services)["mail:CC-1:1"]
    assert (row["failed_at"], row["attempts"], row["error"]) == (services.now(), 1, "MailRefused")
    assert [entry["event"] for entry in logs] == ["outbox.given_up"]
    assert "example.be" not in str(logs)
    assert inbox.messages == []


async def test_a_mail_whose_content_is_refused_is_tried_again(services: Services, inbox: Inbox) -> None:
    inbox.data = "554 5.7.1 looks like spam"
    put(services, "mail:CC-1:1")
    deliver(services)
    row = rows(services)["mail:CC-1:1"]
    assert (row["failed_at"], row["error"]) == (None, "SMTPDataError 554")


async def test_a_mail_without_its_text_waits_for_the_text(services: Services, inbox: Inbox) -> None:
    put(services, "mail:CC-1:1", template="no_such_mail")
    put(services, "mail:CC-2:1")
    assert deliver(services) == 2
    assert rows(services)["mail:CC-1:1"]["error"] == "ContentError"
    assert len(inbox.messages) == 1


async def test_what_somebody_else_is_sending_is_left_alone_until_they_are_gone(api: Api, services: Services) -> None:
    put(services, "mail:CC-1:1")
    put(services, "mail:CC-1:2")
    gone = take(services)
    assert gone is not None
    assert deliver(services) == 0
    api.clock.now += LEASE
    assert deliver(services) == 2
    assert rows(services)["mail:CC-1:1"]["attempts"] == 2


async def test_who_comes_back_late_changes_nothing_any_more(api: Api, services: Services) -> None:
    put(services, "mail:CC-1:1")
    late = take(services)
    api.clock.now += LEASE
    assert late is not None
    assert deliver(services) == 1
    before = rows(services)
    with services.unit() as unit:
        unit.outbox.retry(late, services.now(), "Late")
        unit.outbox.give_up(late, services.now(), "Late")
        unit.outbox.sent(late, services.now() + LEASE)
        unit.commit()
    assert rows(services) == before


async def test_two_processes_send_each_mail_once(services: Services, inbox: Inbox) -> None:
    for number in range(20):
        put(services, f"mail:CC-{number}:1")
        put(services, f"mail:CC-{number}:2")
    begin = Barrier(2)
    others = [replace(services, engine=make_engine(services.settings.database_url)) for _ in range(2)]

    def work(mine: Services) -> int:
        begin.wait()
        return deliver(mine)

    with ThreadPoolExecutor(2) as threads:
        tried = sum(threads.map(work, others))
    for other in others:
        other.engine.dispose()
    # Whoever finds only what the other is sending stops; what is left comes with the next round.
    tried += deliver(services)
    assert tried == len(inbox.messages) == len(set(inbox.ids())) == 40
    sent, kept = inbox.ids(), rows(services)
    for number in range(20):
        first, second = (kept[f"mail:CC-{number}:{version}"]["id"] for version in (1, 2))
        assert sent.index(f"<{first}@claims.invalid>") < sent.index(f"<{second}@claims.invalid>")


async def test_no_message_is_begun_while_the_service_stops(services: Services) -> None:
    put(services, "mail:CC-1:1")
    assert deliver_due(services, "mail", stopping=lambda: True) == 0
    assert deliver(services) == 1
