"""The claims backend is killed while it takes claims: each confirmation has one claim, each claim one confirmation."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import func, make_url, select, update

from actions.claims_client import ClaimsClient
from actions.outbox import Outbox, Submission
from claims.adapters.clock import utc_now
from claims.adapters.customer_tokens import CustomerTokens
from claims.adapters.tables import claims, outbox
from common.database import make_engine
from tests.conftest import free_ports
from tests.integration.claims.conftest import fill
from tests.postgres import Cluster
from tests.service_process import ServiceProcess

POLICY = "CYB-1001-0001"
TOKEN, SECRET, AUDIT = "test-service-token-1", "test-token-secret-1", "test-audit-secret-1"
# Most with the store every installation begins with.
ROUNDS = {"sqlite": 50, "postgresql": 10}
SECONDS_TO_START = 30


@dataclass
class Inbox:
    """A mail server that keeps the ids and texts of what it takes."""

    mails: list[tuple[str, str]] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep a mail."""
        mail = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        self.mails.append((str(mail["Message-ID"]), mail.get_content()))
        return "250 OK"


def start_backend(port: int, database: str, smtp: int, folder: Path) -> ServiceProcess:
    """The claims service, which can be killed."""
    settings = {
        "CLAIMS_SERVICE_TOKENS": TOKEN,
        "CLAIMS_TOKEN_SECRET": SECRET,
        "CLAIMS_AUDIT_SECRET": AUDIT,
        "CLAIMS_DATABASE_URL": database,
        "CLAIMS_PORT": str(port),
        "CLAIMS_SMTP_PORT": str(smtp),
        "CLAIMS_EVIDENCE_STORE": str(folder / "evidence"),
    }
    return ServiceProcess("claims", f"http://127.0.0.1:{port}", settings, folder)


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, int]]:
    """A real mail server."""
    kept, (port,) = Inbox(), free_ports(1)
    controller = Controller(kept, hostname="127.0.0.1", port=port)
    controller.start()
    yield kept, port
    controller.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with the demo policies."""
    if request.param == "postgresql":
        postgres: Cluster = request.getfixturevalue("postgres")
        with postgres.database("claims", fill) as url:
            yield url
    else:
        fill(f"sqlite:///{tmp_path}/claims.db")
        yield f"sqlite:///{tmp_path}/claims.db"


@pytest.fixture
async def backend(database_url: str, inbox: tuple[Inbox, int], tmp_path: Path) -> AsyncIterator[ServiceProcess]:
    """A running backend."""
    running = start_backend(free_ports(1)[0], database_url, inbox[1], tmp_path)
    yield running
    running.stop()


def submission(number: int) -> Submission:
    """A claim a customer confirmed."""
    return Submission(
        key=f"draft-key-{number}",
        conversation=f"web:customer-{number}",
        language="nl",
        token=CustomerTokens(SECRET, utc_now).issue(POLICY),
        policy_reference=POLICY,
        incident="non_delivery",
        answers={"incident_date": "2026-06-01", "seller": f"shop {number}"},
    )


async def confirm(queue: Outbox, client: ClaimsClient, told: list[tuple[str, str]]) -> None:
    """Try to send what waits, as the action server does every few seconds."""

    async def tell(sent: Submission, claim: dict[str, Any]) -> None:
        told.append((sent.conversation, claim["reference"]))

    await queue.send_pending(client, tell)


async def until_done(queue: Outbox, client: ClaimsClient, told: list[tuple[str, str]]) -> None:
    """Try until nothing waits."""
    deadline = time.monotonic() + SECONDS_TO_START
    while await queue.pending():
        assert time.monotonic() < deadline, "the submission never arrived"
        await confirm(queue, client, told)
        await asyncio.sleep(0.02)


async def test_each_confirmation_has_one_claim(
    backend: ServiceProcess, inbox: tuple[Inbox, int], database_url: str, tmp_path: Path
) -> None:
    """Customers confirm, and the backend is killed at a random moment of each submission."""
    chance = random.Random(2026)
    told: list[tuple[str, str]] = []
    queue = Outbox(make_engine(f"sqlite:///{tmp_path}/actions.db"))
    client = ClaimsClient(backend.url, TOKEN)
    await send(queue, 0)
    await until_done(queue, client, told)
    interrupted = 0
    rounds = ROUNDS[make_url(database_url).get_backend_name()]
    for number in range(1, rounds + 1):
        await send(queue, number)
        sending = asyncio.create_task(confirm(queue, client, told))
        await asyncio.sleep(chance.uniform(0, 0.08))
        backend.kill()
        await sending
        interrupted += bool(await queue.pending())
        backend.start()
        await until_done(queue, client, told)
    await client.close()
    assert interrupted > 0, "no kill came in time to interrupt a submission"
    one_each(database_url, told)
    await one_mail_each(database_url, inbox[0], {reference for _, reference in told})


async def send(queue: Outbox, number: int) -> None:
    """Put a confirmed claim into the queue of the action server."""
    await queue.put(submission(number))
    queue.leave(f"draft-key-{number}")


def one_each(database_url: str, told: list[tuple[str, str]]) -> None:
    """Each conversation was told one reference, and that is its only claim."""
    engine = make_engine(database_url)
    with engine.connect() as connection:
        rows = connection.execute(select(claims.c.conversation, claims.c.reference)).all()
    engine.dispose()
    assert sorted(told) == sorted((row.conversation, row.reference) for row in rows)
    assert max(Counter(conversation for conversation, _ in told).values()) == 1
    assert len(rows) == len(told)


async def one_mail_each(database_url: str, inbox: Inbox, references: set[str]) -> None:
    """Each claim is confirmed by one mail; a repeat after a kill carries the same id, so it is shown once."""
    engine = make_engine(database_url)
    with engine.begin() as connection:
        # Five minutes later: what a killed process was sending may be sent by another.
        connection.execute(update(outbox).where(outbox.c.sent_at.is_(None)).values(next_at=outbox.c.created_at))
    waiting = select(func.count()).select_from(outbox).where(outbox.c.sent_at.is_(None), outbox.c.kind == "mail")
    deadline = time.monotonic() + SECONDS_TO_START
    while True:
        with engine.connect() as connection:
            if connection.execute(waiting).scalar_one() == 0:
                break
        assert time.monotonic() < deadline, "mails are left"
        await asyncio.sleep(0.1)
    engine.dispose()
    different = dict(inbox.mails)
    assert len(different) == len(references)
    assert all(sum(reference in text for text in different.values()) == 1 for reference in references)
