"""Races that need a slow engine: whatever happens while a turn runs, what a person took is answered by the person."""

from __future__ import annotations

from typing import Any

from tests.integration.bot.desk_console import Console
from tests.integration.bot.running_bot import Customer, Rests, soon
from tests.integration.bot.stand_in_engine import Answer, StandInEngine, said
from tests.integration.bot.test_desk_takeover import payloads, slow_question, texts

RESUME = "/resume_after_person"


def drafts(shown: dict[str, Any]) -> list[str]:
    return [each["text"] for each in shown["messages"] if each["kind"] == "draft"]


async def test_a_takeover_and_an_answer_wait_for_no_turn(
    visitor: Customer, lies: Console, engine: StandInEngine
) -> None:
    await visitor.until("welcome")
    await slow_question(visitor, engine, "is my parcel insured?")
    await lies.does(visitor, "take")
    await lies.does(visitor, "messages", client_id="answer_001", text="Yes, it is")
    assert engine.running == 1
    assert texts(await visitor.log())[-2:] == ["desk_joined en", "Yes, it is"]
    engine.gate.set()
    await visitor.until("Yes, it is")
    assert drafts(await lies.sees(visitor)) == ["echo is my parcel insured?"]


async def test_taken_and_handed_back_within_one_turn_leaves_nothing_of_before_to_the_assistant(
    visitor: Customer, lies: Console, engine: StandInEngine
) -> None:
    await visitor.until("welcome")
    await slow_question(visitor, engine, "first")
    # Waits behind the turn that runs, and was there when the person came.
    await visitor.say("second")
    await lies.does(visitor, "take")
    await lies.does(visitor, "messages", client_id="answer_001", text="Both are fine")
    await lies.does(visitor, "release", to="bot")
    engine.gate.set()
    log = await visitor.until(f"echo {RESUME}")
    assert engine.texts() == ["first"]
    assert texts(log, "bot") == ["welcome", f"echo {RESUME}"]
    assert drafts(await lies.sees(visitor)) == ["echo first"]


async def test_a_turn_that_fails_during_a_takeover_is_not_tried_again_after_it(
    visitor: Customer, lies: Console, engine: StandInEngine, rests: Rests
) -> None:
    await visitor.until("welcome")
    await slow_question(visitor, engine, "first")
    engine.status = 503
    await lies.does(visitor, "take")
    await lies.does(visitor, "messages", client_id="answer_001", text="That is fine")
    await lies.does(visitor, "release", to="bot")
    engine.gate.set()
    await soon(rests.begun.wait())
    engine.status = 200
    rests.over.set()
    log = await visitor.until(f"echo {RESUME}")
    assert engine.texts() == ["first"]
    assert texts(log, "bot") == ["welcome", f"echo {RESUME}"]


async def test_closed_while_a_turn_runs_ends_with_the_goodbye(
    visitor: Customer, lies: Console, engine: StandInEngine
) -> None:
    await visitor.until("welcome")
    await slow_question(visitor, engine, "first")
    await lies.does(visitor, "take")
    await lies.does(visitor, "close")
    engine.gate.set()
    assert texts(await visitor.until("desk_closed en"))[-1] == "desk_closed en"
    assert drafts(await lies.sees(visitor)) == ["echo first"]


async def test_passed_on_while_a_turn_runs_is_still_silent(
    visitor: Customer, lies: Console, sofie: Console, karim: Console, engine: StandInEngine
) -> None:
    await visitor.until("welcome")
    await slow_question(visitor, engine, "first")
    await lies.does(visitor, "take")
    await sofie.does(visitor, "assign", username="karim")
    engine.gate.set()
    await visitor.until("desk_passed_on en")
    assert texts(await visitor.log(), "bot") == ["welcome"]
    assert drafts(await karim.sees(visitor)) == ["echo first"]


async def test_who_leaves_the_queue_after_it_was_taken_stays_with_the_person(
    visitor: Customer, lies: Console, engine: StandInEngine
) -> None:
    await waits(visitor, engine)
    await lies.does(visitor, "take")
    await visitor.post(client_id="leave_001", payload="/desk_leave")
    shown = await lies.sees(visitor)
    assert (shown["conversation"]["mode"], shown["conversation"]["owner"]) == ("human", "lies")
    assert "desk_left en" not in texts(await visitor.log())


async def test_a_takeover_while_the_queue_is_being_left_is_one_of_both_and_never_half(
    visitor: Customer, lies: Console, engine: StandInEngine
) -> None:
    await waits(visitor, engine)
    await slow_question(visitor, engine, "one more thing")
    # Pressed before the takeover, and behind the turn that runs.
    await visitor.post(client_id="leave_001", payload="/desk_leave")
    await lies.does(visitor, "take")
    engine.gate.set()
    await lies.does(visitor, "messages", client_id="answer_001", text="I am here")
    log = await visitor.until("I am here")
    assert "desk_left en" not in texts(log)
    assert (await lies.sees(visitor))["conversation"]["mode"] == "human"
    assert payloads(engine) == ["/greet"]


async def waits(visitor: Customer, engine: StandInEngine) -> None:
    """Ask for a person; the answer offers to leave the queue again."""
    await visitor.until("welcome")
    usual = engine.answer
    engine.answer = _queues
    await visitor.say("a person please")
    await visitor.until("of course")
    engine.answer = usual


def _queues(question: dict[str, Any]) -> Answer:
    request = {"kind": "handover", "reason": "wanted", "priority": "normal"}
    return {"messages": [said("of course", ("Leave", "/desk_leave"))], "requests": [request]}
