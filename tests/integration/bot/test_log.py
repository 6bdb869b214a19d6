"""The log on real databases: a file, and a PostgreSQL server."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, func, select

import bot.desk.tables  # noqa: F401 - its tables are the log's too
from bot.log.inbound import open_conversation, store_inbound, store_notice
from bot.log.model import (
    Handover,
    Inbound,
    Outcome,
    PayloadNotOffered,
    ReusedId,
    Says,
    Turn,
    UnknownConversation,
)
from bot.log.reads import messages_after, pending_conversations, pending_count
from bot.log.store import Log
from bot.log.tables import handover_requests, messages, metadata
from bot.log.work import begin_turn, change_mode, finish_turn, postpone_turn
from bot.migrate import is_current, open_database, upgrade
from tests.postgres import Cluster

NOW = datetime(2026, 1, 31, 10, 0, tzinfo=UTC)
ME = "web:me"


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    with ExitStack() as stack:
        url = f"sqlite:///{tmp_path}/deep/down/log.sqlite3"
        if request.param == "postgresql":
            postgres: Cluster = request.getfixturevalue("postgres")
            url = stack.enter_context(postgres.database("empty", lambda _: None))
        engine = open_database(url)
        assert not is_current(engine)
        upgrade(engine)
        yield engine
        engine.dispose()


@pytest.fixture
def log(database: Engine) -> Log:
    made = Log(database, lambda: NOW)
    made.run_now(open_conversation, ME, "web", "nl", NOW)
    return made


def say(log: Log, number: int, said: str = "hello") -> int:
    return log.run_now(store_inbound, Inbound(ME, f"message_{number}", said), NOW).seq


def answer(log: Log, *said: Says) -> int:
    turn = log.run_now(begin_turn, ME)
    assert turn is not None
    return log.run_now(finish_turn, turn, Outcome(said), NOW)


def test_the_migrations_make_the_tables_the_code_knows(database: Engine) -> None:
    assert is_current(database)
    upgrade(database)
    with database.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": "bot_alembic_version"})
        assert compare_metadata(context, metadata) == []


def test_many_writers_at_once_get_numbers_without_gaps(log: Log) -> None:
    with ThreadPoolExecutor(8) as pool:
        seqs = list(pool.map(lambda number: say(log, number), range(24)))
    assert sorted(seqs) == list(range(1, 25))


def test_the_same_message_many_times_at_once_is_one(log: Log) -> None:
    with ThreadPoolExecutor(8) as pool:
        seqs = set(pool.map(lambda _: say(log, 1), range(16)))
    assert seqs == {1}
    assert len(log.run_now(messages_after, ME, 0)) == 1


def test_a_moment_comes_back_with_its_zone(log: Log) -> None:
    say(log, 1)
    (message,) = log.run_now(messages_after, ME, 0)
    assert message.at == NOW
    assert message.at.utcoffset() is not None


def test_turns_are_taken_in_order_and_once(log: Log) -> None:
    say(log, 1, "one")
    say(log, 2, "two")
    taken = []
    while turn := log.run_now(begin_turn, ME):
        taken.append(turn.payload or turn.text)
        assert log.run_now(finish_turn, turn, Outcome((Says("ok"),)), NOW) == 1
        assert log.run_now(finish_turn, turn, Outcome((Says("ok"),)), NOW) == 0
    assert taken == ["/greet", "one", "two"]
    assert log.run_now(pending_count) == 0


def test_a_turn_that_was_begun_and_not_ended_is_taken_again(log: Log) -> None:
    first = log.run_now(begin_turn, ME)
    assert log.run_now(begin_turn, ME) == first
    assert log.run_now(pending_conversations) == [ME]


def test_conversations_wait_in_the_order_they_came(log: Log) -> None:
    for name in ("web:b", "web:a"):
        log.run_now(open_conversation, name, "web", "en", NOW)
    assert log.run_now(pending_conversations) == [ME, "web:b", "web:a"]


def test_the_apology_is_told_once_for_an_outage(log: Log) -> None:
    for told in (True, False):
        turn = log.run_now(begin_turn, ME)
        assert turn is not None
        assert log.run_now(postpone_turn, turn, Says("sorry"), NOW) is told
    answer(log, Says("welcome"))
    say(log, 1)
    turn = log.run_now(begin_turn, ME)
    assert turn is not None
    assert log.run_now(postpone_turn, turn, Says("sorry"), NOW) is True


def test_no_apology_after_a_takeover_and_no_second_try_when_the_person_is_done(log: Log) -> None:
    turn = log.run_now(begin_turn, ME)
    assert turn is not None
    assert log.run_now(change_mode, ME, "human", 0)
    assert log.run_now(postpone_turn, turn, Says("sorry"), NOW) is False
    assert log.run_now(change_mode, ME, "bot", 1)
    assert log.run_now(begin_turn, ME) is None
    assert log.run_now(messages_after, ME, 0) == []


def test_no_answer_after_a_takeover(log: Log) -> None:
    turn = log.run_now(begin_turn, ME)
    assert turn is not None
    assert log.run_now(change_mode, ME, "human", 0)
    outcome = Outcome((Says("late"),), handovers=(Handover("asked", "high"),))
    assert log.run_now(finish_turn, turn, outcome, NOW) == 0
    assert log.run_now(messages_after, ME, 0) == []

    def states(connection: Connection) -> list[str]:
        return list(connection.execute(select(handover_requests.c.state)).scalars())

    assert log.run_now(states) == ["closed"]


def test_two_take_over_at_once_and_one_does(log: Log) -> None:
    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(lambda _: log.run_now(change_mode, ME, "human", 0), range(4)))
    assert sorted(taken) == [False, False, False, True]


def test_a_payload_counts_once_it_was_offered(log: Log) -> None:
    press = Inbound(ME, "press_it_1", payload="/go")
    with pytest.raises(PayloadNotOffered):
        log.run_now(store_inbound, press, NOW)
    answer(log, Says("well?", buttons=[{"title": "Go", "payload": "/go"}]))
    log.run_now(store_inbound, press, NOW)
    assert log.run_now(messages_after, ME, 0)[-1].text == "Go"
    with pytest.raises(ReusedId):
        log.run_now(store_inbound, Inbound(ME, "press_it_1", text="Go"), NOW)


def test_a_payload_in_a_draft_was_not_offered(log: Log) -> None:
    turn = log.run_now(begin_turn, ME)
    assert turn is not None
    log.run_now(change_mode, ME, "bot", 0)
    log.run_now(finish_turn, turn, Outcome((Says("x", [{"title": "Go", "payload": "/go"}]),)), NOW)
    with pytest.raises(PayloadNotOffered):
        log.run_now(store_inbound, Inbound(ME, "press_it_1", payload="/go"), NOW)


def test_a_conversation_must_be_there(log: Log) -> None:
    with pytest.raises(UnknownConversation):
        log.run_now(store_inbound, Inbound("web:nobody", "message_1", "hi"), NOW)
    with pytest.raises(UnknownConversation):
        log.run_now(store_notice, "web:nobody", "key", Says("hi"), NOW)


def test_what_fails_leaves_nothing_behind(log: Log) -> None:
    def store_and_fail(connection: Connection) -> None:
        store_inbound(connection, Inbound(ME, "message_1", "hi"), NOW)
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011 - any will do
        log.run_now(store_and_fail)
    assert log.run_now(messages_after, ME, 0) == []
    assert say(log, 1) == 1


def test_all_of_unicode_and_no_nul(log: Log) -> None:
    say(log, 1, "👩‍👩‍👧 𝒳 é")
    answer(log, Says("nul\x00 gone", card={"steps": ["nul\x00 in a card"]}))
    texts = [message.text for message in log.run_now(messages_after, ME, 0)]
    assert texts == ["👩‍👩‍👧 𝒳 é", "nul gone"]


def test_a_database_error_does_not_say_what_was_said(log: Log) -> None:
    turn = Turn(10**6, ME, "x", "private", None, "en", 0)
    with pytest.raises(Exception) as caught:  # noqa: PT011 - whatever it is
        log.run_now(finish_turn, turn, Outcome((Says("private"),)), NOW)
    assert "private" not in str(caught.value)

    def count(connection: Connection) -> int:
        return int(connection.execute(select(func.count()).select_from(messages)).scalar_one())

    assert log.run_now(count) == 1
