"""Mails about a claim, from the change to a real mail server that refuses, waits, or dies."""

from __future__ import annotations

import smtplib
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from threading import Event

import pytest

from claims.adapters.mail import SmtpMailer, code_mail
from claims.domain.claims import ClaimStatus
from claims.service.announcements import EVENTS
from claims.service.outbox_delivery import deliver_due
from claims.service.services import Services
from tests.integration.claims.claims_api import Api, settings_for
from tests.integration.claims.mail_server import Inbox, receiving
from tests.integration.claims.outbox_helpers import ADDRESS, change, put, rows, submitted

ASKED = "Kan je ons de bestelbevestiging sturen?\nEn het betaalbewijs — 240 €?"


@contextmanager
def mailing(api: Api, inbox: Inbox, **patience: float) -> Iterator[Services]:
    """The services with a mail server behind them."""
    with receiving(inbox) as port:
        settings = replace(api.services.settings, smtp_port=port)
        yield replace(api.services, settings=settings, mailer=SmtpMailer(settings, **patience))


def deliver(services: Services) -> int:
    return deliver_due(services, "mail", chance=lambda: 0.0)


async def test_a_customer_hears_of_every_step_in_their_language(api: Api) -> None:
    claim = await submitted(api)
    for event in EVENTS[1:]:
        amounts = {"approved_amount": Decimal("1234.5"), "paid_amount": Decimal(1000) if event == "paid" else None}
        claim = change(api.services, claim, event, ASKED, status=ClaimStatus(event), **amounts)
    inbox = Inbox()
    with mailing(api, inbox) as services:
        assert deliver(services) == len(EVENTS)
    texts = [message.get_content().replace("\r\n", "\n") for message in inbox.messages]
    assert {message["To"] for message in inbox.messages} == {ADDRESS}
    assert {message["Content-Language"] for message in inbox.messages} == {"nl"}
    assert all(claim.reference in str(message["Subject"]) for message in inbox.messages)
    by_event = dict(zip(EVENTS, texts, strict=True))
    for event in EVENTS:
        assert (ASKED in by_event[event]) == (event in ("information_requested", "declined")), event
    assert "1.234,50" in by_event["approved"].replace("\xa0", " ")
    assert "€ 1.000" in by_event["paid"].replace("\xa0", " ")


async def test_help_without_money_promises_no_payment(api: Api) -> None:
    claim = change(api.services, await submitted(api), "approved", approved_amount=Decimal(0))
    mail = rows(api.services)[f"mail:{claim.reference}:2"]["body"]
    assert (mail["template"], mail["values"]) == (
        "claim_mail_approved_without_payment",
        {"reference": claim.reference},
    )


async def test_only_what_is_still_to_be_paid_is_announced(api: Api) -> None:
    amounts = {"approved_amount": Decimal(300), "paid_amount": Decimal(200)}
    claim = change(api.services, await submitted(api), "approved", **amounts)
    mail = rows(api.services)[f"mail:{claim.reference}:2"]["body"]
    assert mail["values"]["to_pay"] == {"kind": "amount", "value": "100"}


async def test_each_change_is_told_once(api: Api) -> None:
    claim = await submitted(api)
    change(api.services, claim, "in_review")
    change(api.services, claim, "in_review")
    assert sorted(rows(api.services)) == [f"mail:{claim.reference}:{version}" for version in (1, 2)]


async def test_without_a_policy_there_is_nobody_to_write_to(api: Api) -> None:
    claim = await submitted(api)
    change(api.services, claim, "closed", policy_reference="CYB-0000-0000")
    assert list(rows(api.services)) == [f"mail:{claim.reference}:1"]


async def test_a_change_without_texts_is_refused(api: Api) -> None:
    claim = await submitted(api)
    with pytest.raises(ValueError, match="no texts for forgotten"):
        change(api.services, claim, "forgotten")


async def test_staff_are_reminded_in_english(api: Api) -> None:
    values = {"reference": "CC-1", "days": 2, "due_on": "2026-06-17"}
    put(api.services, "reminder:CC-1:2", to="staff@example.be", template="reminder_mail", language="en", values=values)
    assert deliver(api.services) == 1
    assert api.mailer.sent[0].subject == "Claim CC-1: days left: 2"


async def test_a_server_that_dies_after_taking_a_mail_can_tell_the_second_by_its_id(api: Api) -> None:
    inbox = Inbox(die=True)
    with mailing(api, inbox) as services:
        put(services, "mail:CC-1:1")
        deliver(services)
        assert rows(services)["mail:CC-1:1"]["error"] == "SMTPServerDisconnected"
        inbox.die = False
        api.clock.forward(seconds=10)
        deliver(services)
    assert len(inbox.messages) == 2
    assert len(set(inbox.ids())) == 1


async def test_a_server_that_is_rude_at_the_end_has_taken_the_mail(api: Api) -> None:
    inbox = Inbox(goodbye="421 I am closing")
    with mailing(api, inbox) as services:
        put(services, "mail:CC-1:1")
        deliver(services)
    assert rows(api.services)["mail:CC-1:1"]["sent_at"] is not None
    assert len(inbox.messages) == 1


async def test_a_server_that_thinks_for_too_long_is_asked_again(api: Api) -> None:
    inbox = Inbox(hold=Event())
    assert inbox.hold is not None
    with mailing(api, inbox, answer=0.1) as services:
        put(services, "mail:CC-1:1")
        deliver(services)
        inbox.hold.set()
        assert rows(services)["mail:CC-1:1"]["error"] == "SMTPServerDisconnected"
        api.clock.forward(seconds=10)
        services = replace(services, mailer=SmtpMailer(services.settings))
        deliver(services)
    assert rows(api.services)["mail:CC-1:1"]["sent_at"] is not None


def test_a_server_that_never_says_hello_is_given_up_soon() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        settings = settings_for("sqlite://", smtp_port=silent.getsockname()[1])
        with pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"):
            SmtpMailer(settings, connect=0.1).send(code_mail("a@example.be", "1", 10, "en"))


async def test_a_server_that_is_not_there_is_asked_again(api: Api) -> None:
    settings = settings_for(api.services.settings.database_url, smtp_port=1)
    services = replace(api.services, mailer=SmtpMailer(settings))
    put(services, "mail:CC-1:1")
    deliver(services)
    assert rows(services)["mail:CC-1:1"]["error"] == "ConnectionRefusedError"
