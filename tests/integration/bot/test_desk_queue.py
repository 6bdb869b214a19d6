"""The queue: who asks for a person waits for one and is still answered; time passes and nobody is forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, select

from bot.desk.audit import audit, trail
from bot.desk.figures import Period, figures
from bot.desk.hours import read_hours
from bot.desk.levels import Levels
from bot.desk.listing import Wanted, counts, find
from bot.desk.members import Member
from bot.desk.queue import Queue, place
from bot.desk.reading import open_up
from bot.desk.state import standing
from bot.desk.tables import desk_callbacks, desk_events
from bot.desk.takeover import close, take
from bot.desk.timers import Patience, Timers
from bot.desk.turns import DeskTurns
from bot.desk.window import Windows
from bot.desk.work import answer, set_presence, set_tags
from bot.log.changes import changes_after, head
from bot.log.inbound import open_conversation, store_inbound
from bot.log.model import Handover, Inbound, Outcome, Says, Turn
from bot.log.reads import messages_after
from bot.log.store import Log
from bot.log.tables import handover_requests, messages
from bot.log.work import begin_turn, finish_turn
from bot.migrate import open_database, upgrade
from tests.integration.bot.running_bot import SENTENCES
from tests.postgres import Cluster

# A Tuesday, in opening hours.
NOW = datetime(2026, 1, 27, 10, 0, tzinfo=UTC)
NIGHT = datetime(2026, 1, 27, 22, 0, tzinfo=UTC)
ME, OTHER = "web:me", "web:other"
HOURS = read_hours("mon-fri 08:30-18:00")
QUEUE = Queue(SENTENCES.say, HOURS)
DESK = DeskTurns(QUEUE, SENTENCES.say)
WANTED = Handover("wanted", "normal", after=1)
LIES = Member("lies.agent", "Lies Claes", "agent", frozenset({"read_claims", "work_on_claims"}))
PATIENCE = Patience(timedelta(minutes=10), timedelta(minutes=10), timedelta(hours=24))
LEVELS = Levels.read(HOURS, ("2", "10", "30"), ("5", "30", "120"))


def migrated(url: str) -> None:
    engine = open_database(url)
    upgrade(engine)
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    with ExitStack() as stack:
        url = f"sqlite:///{tmp_path}/log.sqlite3"
        if request.param == "postgresql":
            postgres: Cluster = request.getfixturevalue("postgres")
            url = stack.enter_context(postgres.database("desk", migrated))
        engine = open_database(url)
        upgrade(engine)
        yield engine
        engine.dispose()


@pytest.fixture
def log(database: Engine) -> Log:
    made = Log(database, lambda: NOW)
    for conversation in (ME, OTHER):
        made.run_now(open_conversation, conversation, "web", "en", NOW)
        turn = made.run_now(begin_turn, conversation)
        assert turn is not None
        made.run_now(finish_turn, turn, Outcome((Says("welcome"),)), NOW, DESK.add)
    return made


def turn_of(log: Log, text: str, number: int, conversation: str = ME, now: datetime = NOW, **said: Any) -> Turn:
    inbound = Inbound(conversation, f"message_{number}", **(said or {"text": text}))
    log.run_now(store_inbound, inbound, now)
    turn = log.run_now(begin_turn, conversation)
    assert turn is not None
    return turn


def asks(log: Log, number: int = 1, conversation: str = ME, now: datetime = NOW, *wanted: Handover) -> list[str]:
    """Ask for a person; returns what is said."""
    turn = turn_of(log, "a person please", number, conversation, now)
    outcome = Outcome((Says("of course"), Says("and your question?")), handovers=wanted or (WANTED,))
    log.run_now(finish_turn, turn, outcome, now, DESK.add)
    return said_after(log, conversation)


def said_after(log: Log, conversation: str = ME) -> list[str]:
    """What was said since the customer's last message."""
    texts: list[str] = []
    for message in log.run_now(messages_after, conversation, 0):
        texts = [] if message.author == "customer" else [*texts, message.text]
    return texts


def here(log: Log, now: datetime = NOW) -> None:
    log.run_now(set_presence, LIES, "available", now)


def events(log: Log, conversation: str = ME) -> list[str]:
    query = select(desk_events.c.kind).where(desk_events.c.conversation == conversation).order_by(desk_events.c.id)
    return log.run_now(lambda connection: list(connection.execute(query).scalars()))


def timers(log: Log, now: datetime) -> Timers:
    return Timers(replace_clock(log, now), SENTENCES.say, LEVELS, PATIENCE, lambda: None)


def replace_clock(log: Log, now: datetime) -> Log:
    return Log(log._engine, lambda: now)


def test_who_asks_for_a_person_is_told_their_place_where_they_asked(log: Log) -> None:
    here(log)
    assert asks(log) == ["of course", "desk_queue en", "and your question?"]
    found = log.run_now(standing, ME)
    assert (found.mode, found.reason, found.priority, found.waiting_since) == ("waiting", "wanted", "normal", NOW)
    assert found.epoch == 0
    assert events(log) == ["queued"]


def test_nobody_present_means_a_callback_and_outside_hours_the_next_opening(log: Log) -> None:
    assert asks(log)[1] == "desk_nobody en"
    assert asks(log, 1, OTHER, NIGHT)[1] == "desk_outside_hours en"


def test_outside_hours_whoever_is_there_still_takes_people(log: Log) -> None:
    here(log, NIGHT)
    assert asks(log, 1, ME, NIGHT)[1] == "desk_queue en"


def test_who_waits_is_still_answered_and_hears_once_that_it_is_read_along(log: Log) -> None:
    asks(log)
    for number, expected in ((2, ["desk_noted en", "answer"]), (3, ["answer"])):
        turn = turn_of(log, "and my parcel?", number)
        log.run_now(finish_turn, turn, Outcome((Says("answer"),)), NOW, DESK.add)
        assert said_after(log) == expected


def test_distress_comes_first_and_is_told_no_number(log: Log) -> None:
    here(log)
    asks(log, 1, OTHER)
    said = asks(log, 1, ME, NOW + timedelta(minutes=1), Handover("distress", "urgent", after=1))
    assert said[1] == "desk_distress en"
    assert log.run_now(place, ME, NOW) == (1, 5)
    assert log.run_now(place, OTHER, NOW) == (2, 10)


def test_who_becomes_more_urgent_while_waiting_stays_so(log: Log) -> None:
    asks(log)
    asks(log, 2, ME, NOW, Handover("distress", "urgent"))
    assert asks(log, 3, ME, NOW, Handover("not_understood", "normal")) == ["of course", "and your question?"]
    assert log.run_now(standing, ME).priority == "urgent"


def test_the_request_keeps_what_the_dialogue_knew(log: Log) -> None:
    turn = turn_of(log, "a person", 1)
    knows = {"incident": "phishing", "answers": {"amount": "240.00"}}
    outcome = Outcome((Says("yes"),), handovers=(WANTED,), knows=knows, understood={"intent": "talk_to_human"})
    log.run_now(finish_turn, turn, outcome, NOW, DESK.add)
    summary = log.run_now(lambda connection: connection.execute(select(handover_requests.c.summary)).scalar_one())
    assert summary == knows
    assert log.run_now(standing, ME).knows == knows
    query = select(messages.c.understood).where(messages.c.id == turn.row)
    assert log.run_now(lambda connection: connection.execute(query).scalar_one()) == {"intent": "talk_to_human"}


def test_a_handover_that_fails_costs_no_answer_and_says_so_honestly(log: Log) -> None:
    def broken(key: str, language: str, **values: str) -> Says:
        if key == "desk_nobody":
            raise RuntimeError("no sentence")
        return SENTENCES.say(key, language, **values)

    turn = turn_of(log, "a person", 1)
    desk = DeskTurns(replace(QUEUE, say=broken), SENTENCES.say)
    log.run_now(finish_turn, turn, Outcome((Says("of course"),), handovers=(WANTED,)), NOW, desk.add)
    assert said_after(log) == ["of course", "desk_failed en"]
    assert log.run_now(standing, ME).mode == "bot"


def offers(*payloads: str) -> Outcome:
    return Outcome((Says("?", buttons=[{"title": name, "payload": name} for name in payloads]),))


def test_the_queue_can_be_left_without_the_engine(log: Log) -> None:
    asks(log)
    log.run_now(finish_turn, turn_of(log, "hm", 2), offers("/desk_leave"), NOW, DESK.add)
    turn = turn_of(log, "", 3, payload="/desk_leave")
    assert DESK.concerns(turn)
    assert log.run_now(DESK.answer, turn, NOW) == 1
    assert said_after(log) == ["desk_left en"]
    found = log.run_now(standing, ME)
    assert (found.mode, found.waiting_since, found.priority) == ("bot", None, None)


@pytest.mark.parametrize(
    ("button", "question", "typed"),
    [
        ("/desk_phone", "desk_ask_phone en", "0470 12 34 56 after six please"),
        ("/desk_mail", "desk_ask_mail en", "marie@example.be"),
    ],
)
def test_a_number_to_call_back_is_kept_with_the_request(log: Log, button: str, question: str, typed: str) -> None:
    asks(log)
    log.run_now(finish_turn, turn_of(log, "hm", 2), offers(button), NOW, DESK.add)
    log.run_now(DESK.answer, turn_of(log, "", 3, payload=button), NOW)
    assert said_after(log) == [question]
    turn = turn_of(log, typed, 4)
    assert DESK.concerns(turn)
    assert log.run_now(DESK.answer, turn, NOW) == 1
    assert said_after(log) == ["desk_contact_noted en"]
    kept = log.run_now(lambda connection: connection.execute(select(desk_callbacks.c.contact)).scalar_one())
    assert kept == typed
    assert log.run_now(standing, ME).mode == "waiting"
    # What comes next is for the assistant again.
    assert log.run_now(DESK.answer, turn_of(log, typed, 5), NOW) is None


def test_a_question_instead_of_a_number_goes_to_the_assistant(log: Log) -> None:
    asks(log)
    log.run_now(finish_turn, turn_of(log, "hm", 2), offers("/desk_phone"), NOW, DESK.add)
    log.run_now(DESK.answer, turn_of(log, "", 3, payload="/desk_phone"), NOW)
    assert not DESK.concerns(turn_of(log, "how long will it take?", 4))


async def test_who_waits_long_hears_it_once(log: Log) -> None:
    asks(log)
    assert await timers(log, NOW + timedelta(minutes=9)).look() == 0
    assert await timers(log, NOW + timedelta(minutes=11)).look() == 1
    await timers(log, NOW + timedelta(minutes=20)).look()
    assert said_after(log)[-1] == "desk_long_wait en"
    assert said_after(log).count("desk_long_wait en") == 1


async def test_an_owner_who_is_away_loses_the_conversation_to_the_queue(log: Log) -> None:
    here(log)
    asks(log)
    log.run_now(take, ME, LIES, 0, NOW, SENTENCES.say)
    log.run_now(store_inbound, Inbound(ME, "message_9", "hello?"), NOW + timedelta(minutes=1))
    assert await timers(log, NOW + timedelta(minutes=9)).look() == 0
    assert await timers(log, NOW + timedelta(minutes=11)).look() == 1
    found = log.run_now(standing, ME)
    assert (found.mode, found.owner, found.waiting_since) == ("waiting", None, NOW)
    assert said_after(log)[-1] == "desk_back_in_queue en"
    assert "returned" in events(log)


async def test_an_owner_who_is_there_may_think_but_not_for_ever(log: Log) -> None:
    log.run_now(take, ME, LIES, 0, NOW, SENTENCES.say)
    log.run_now(store_inbound, Inbound(ME, "message_9", "hello?"), NOW + timedelta(minutes=1))
    here(log, NOW + timedelta(minutes=15))
    assert await timers(log, NOW + timedelta(minutes=15)).look() == 0
    here(log, NOW + timedelta(minutes=32))
    assert await timers(log, NOW + timedelta(minutes=32)).look() == 1


async def test_48_hours_of_silence_close_the_conversation_with_a_sentence(log: Log) -> None:
    log.run_now(take, ME, LIES, 0, NOW, SENTENCES.say)
    log.run_now(answer, ME, LIES, "answer_01", Says("here you are"), NOW + timedelta(minutes=1), Windows())
    for hours in range(1, 24):
        assert await timers(log, NOW + timedelta(hours=hours)).look() == 0
    done = [await timers(log, NOW + timedelta(hours=hours)).look() for hours in range(25, 49)]
    assert sum(done) == 1
    found = log.run_now(standing, ME)
    assert (found.mode, found.owner) == ("bot", None)
    assert found.closed_at is not None
    assert said_after(log)[-1] == "desk_silent_closed en"


async def test_a_wait_near_its_limit_and_past_it_is_shown(log: Log) -> None:
    asks(log, 1, ME, NOW, Handover("distress", "urgent"))
    for minutes in (1, 3, 4, 6, 7):
        await timers(log, NOW + timedelta(minutes=minutes)).look()
    assert events(log) == ["queued", "warning", "breach"]


async def test_two_processes_do_what_is_due_once(log: Log) -> None:
    asks(log)
    later = NOW + timedelta(minutes=11)
    assert sorted([await timers(log, later).look(), await timers(log, later).look()]) == [0, 1]


def test_lists_conversations_figures_and_the_trail_are_the_same_on_both_databases(log: Log) -> None:
    here(log)
    asks(log)
    turn = turn_of(log, "what about 100% of my parcel?", 2)
    unsure = {"intent": "ask_limits", "confidence": 0.3, "unsure": True}
    knows = {"incident": "non_delivery", "asked": "amount", "in_intake": True}
    log.run_now(finish_turn, turn, Outcome((Says("hm"),), understood=unsure, knows=knows), NOW, DESK.add)
    for wanted, count in (
        (Wanted(), 1),
        (Wanted(q="100%", priority="normal", language="en", channel="web"), 1),
        (Wanted(q="99%"), 0),
        (Wanted(view="all"), 1),
        (Wanted(view="closed"), 0),
        (Wanted(view="mine"), 0),
    ):
        assert len(log.run_now(find, wanted, LIES.username)[0]) == count, wanted
    log.run_now(take, ME, LIES, 0, NOW + timedelta(minutes=7), SENTENCES.say)
    log.run_now(set_tags, ME, ["card"], NOW)
    assert log.run_now(counts, LIES.username) == {"waiting": 0, "mine": 1, "human": 1}
    opened = log.run_now(open_up, ME, LIES.username)
    assert (opened.standing.tags, opened.last_inbound) == (["card"], NOW)
    log.run_now(close_it, NOW + timedelta(minutes=8))
    assert [each.row["id"] for each in log.run_now(find, Wanted(view="closed"), LIES.username)[0]] == [ME]
    period = Period(NOW - timedelta(days=1), NOW + timedelta(days=1))
    found = log.run_now(figures, period, LEVELS, NOW + timedelta(hours=3))
    assert found["to_person"] == {"count": 1, "median_seconds": 420, "slowest_tenth_seconds": 420}
    assert (found["resolved"], found["not_understood"]["count"]) == (1, 1)
    assert found["abandoned"] == [{"incident": "non_delivery", "question": "amount", "count": 1}]
    for number in range(3):
        log.run_now(audit, "key", LIES, "conversation_read", f"conversation:{number}", NOW)
    assert log.run_now(lambda connection: trail(connection, "key").broken_at()) is None
    assert log.run_now(lambda connection: trail(connection, "another key").broken_at()) == 1


def close_it(connection: Connection, now: datetime) -> None:
    close(connection, standing(connection, ME, lock=True), now, SENTENCES.say, "desk_closed", LIES)


def test_changes_of_many_at_once_are_numbered_without_gaps_and_never_seen_out_of_order(log: Log) -> None:
    before = log.run_now(head)

    def writes(number: int) -> None:
        log.run_now(store_inbound, Inbound((ME, OTHER)[number % 2], f"message_{number:03}", "hi"), NOW)

    seen: list[int] = []
    with ThreadPoolExecutor(8) as pool:
        running = [pool.submit(writes, number) for number in range(24)]
        while not all(each.done() for each in running):
            seen += [each.number for each in log.run_now(changes_after, seen[-1] if seen else before)]
    seen += [each.number for each in log.run_now(changes_after, seen[-1] if seen else before)]
    assert seen == list(range(before + 1, before + 25))
