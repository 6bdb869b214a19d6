"""Every recorded and every broken payload is stored or left out, on both databases; no batch blocks another."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, func, select
from structlog.testing import capture_logs

from bot.log.store import Log
from bot.log.tables import conversations, messages
from bot.meta.arrivals import drop, first, keep, read
from bot.meta.customer import Customers
from bot.meta.deliveries import Outbox
from bot.meta.elsewhere import Elsewhere
from bot.meta.inbound import Inbox, Taken
from bot.meta.parse import parse
from bot.meta.sentences import words_of
from bot.meta.settings import MetaSettings
from bot.migrate import open_database, upgrade
from tests.integration.bot.running_bot import SENTENCES
from tests.postgres import Cluster

FIXTURES = Path(__file__).parents[2] / "fixtures" / "meta"
PAYLOADS = sorted(FIXTURES.rglob("*.json"))
SECRET = "a-secret-of-16-or-more"
PAGE, PHONE, APP = "1906385232743451", "106540352242922", "1517776481860111"
NOW = datetime(2025, 11, 7, 12, tzinfo=UTC)
NUMBERS = count()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with ExitStack() as stack:
        url = f"sqlite:///{tmp_path_factory.mktemp('meta')}/log.db"
        if request.param == "postgresql":
            postgres: Cluster = request.getfixturevalue("postgres")
            url = stack.enter_context(postgres.database("meta_store", lambda _: None))
        engine = open_database(url)
        upgrade(engine)
        yield engine
        engine.dispose()


@pytest.fixture(scope="module")
def log(database: Engine) -> Log:
    return Log(database, lambda: NOW)


def make_key() -> str:
    return f"key-{next(NUMBERS)}"


def inbox() -> Inbox:
    accounts = {"page_id": PAGE, "phone_number_id": PHONE, "app_id": APP}
    secrets = dict.fromkeys(("app_secret", "verify_token", "page_token", "whatsapp_token"), SECRET)
    return Inbox(
        settings=MetaSettings(**accounts, **secrets),  # type: ignore[arg-type]
        customers=Customers(SENTENCES.say),
        elsewhere=Elsewhere(APP, make_key, SENTENCES.say),
        outbox=Outbox(words_of(SENTENCES.say), make_key, timedelta(seconds=20), 12),
        default_language="en",
    )


def store(log: Log, body: bytes) -> Taken:
    """Store a payload; whatever is in it, no event fails."""
    ours = [event for event in parse(body) if inbox().is_ours(event)]
    taken = Taken()
    with capture_logs() as logs:
        if ours:
            log.run_now(keep, ours, NOW)
        while (part := log.run_now(store_first)) is not None:
            taken.stored |= part.stored
    assert [entry for entry in logs if entry["event"] == "meta.event_failed"] == []
    return taken


def store_first(connection: Connection) -> Taken | None:
    """Store what was kept, as the service does."""
    kept = first(connection)
    if kept is None:
        return None
    drop(connection, kept.id)
    return inbox().store(connection, read(kept.events), NOW)


def how_often(log: Log, text: str) -> int:
    def work(connection: Connection) -> int:
        query = select(func.count()).select_from(messages).where(messages.c.text == text)
        return int(connection.execute(query).scalar_one())

    return log.run_now(work)


@pytest.mark.parametrize("path", PAYLOADS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_payload_can_be_stored_and_stored_again(log: Log, path: Path) -> None:
    body = path.read_bytes()
    store(log, body)
    assert store(log, body).stored == {}


def test_what_stands_around_a_broken_event_is_stored(log: Log) -> None:
    sound = 0
    for path in FIXTURES.glob("*/malformed/*.json"):
        said = [event for event in parse(path.read_bytes()) if getattr(event, "text", "") == "I am fine"]
        for event in said:
            store(log, path.read_bytes())
            sound += event.account in (PAGE, PHONE)
    assert sound > 80
    assert how_often(log, "I am fine") >= 2


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
ATTACHMENT = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["image", "file", "audio", "fallback"]),
        "payload": ANYTHING | st.fixed_dictionaries({"url": st.text()}),
    }
)
EVENT = st.fixed_dictionaries(
    {},
    optional={
        "message": st.fixed_dictionaries(
            {},
            optional={
                "mid": st.text(max_size=300),
                "text": st.text(),
                "is_echo": ANYTHING,
                "attachments": st.lists(ATTACHMENT, max_size=3) | ANYTHING,
                "quick_reply": st.fixed_dictionaries({"payload": st.text() | ANYTHING}),
            },
        ),
        "postback": st.fixed_dictionaries({"payload": st.text(), "title": st.text()}),
        "message_edit": st.fixed_dictionaries({"mid": st.text(), "text": st.text()}),
        "read": st.fixed_dictionaries({"watermark": st.integers() | ANYTHING}),
        "timestamp": st.integers() | ANYTHING,
    },
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(EVENT, min_size=1, max_size=3), st.sampled_from(["messaging", "standby"]))
def test_no_payload_fails(log: Log, events: list[Any], key: str) -> None:
    whole = [
        {"sender": {"id": "77"}, "recipient": {"id": PAGE}, "timestamp": 1_762_503_600_000} | each for each in events
    ]
    store(log, json.dumps({"object": "page", "entry": [{"id": PAGE, key: whole}]}).encode())


def test_batches_of_the_same_customers_in_another_order_at_once(log: Log) -> None:
    def batch(number: int) -> bytes:
        people = [str(500 + person) for person in range(6)]
        if number % 2:
            people.reverse()
        events = [
            {"sender": {"id": one}, "recipient": {"id": PAGE}, "timestamp": 1_762_503_600_000 + number}
            | {"message": {"mid": f"m_{number}_{one}", "text": f"batch {number}"}}
            for one in people
        ]
        return json.dumps({"object": "page", "entry": [{"id": PAGE, "messaging": events}]}).encode()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: log.run_now(inbox().store, parse(batch(number % 12)), NOW), range(24)))
    assert [how_often(log, f"batch {number}") for number in range(12)] == [6] * 12

    def gaps(connection: Connection) -> list[tuple[int, int]]:
        query = select(func.count(messages.c.seq), func.max(messages.c.seq)).join(
            conversations, conversations.c.id == messages.c.conversation
        )
        grouped = query.where(conversations.c.address.like("50_")).group_by(messages.c.conversation)
        return [(row[0], row[1]) for row in connection.execute(grouped)]

    assert log.run_now(gaps) == [(12, 12)] * 6
