"""The races of taking over and handing back, over HTTP: whoever has a conversation is the only one who speaks in it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import select

from bot.desk.takeover import taken_elsewhere
from bot.log.tables import messages
from tests.integration.bot.desk_console import Console, sign_in
from tests.integration.bot.running_bot import Bot, Customer, StartBot, soon
from tests.integration.bot.stand_in_engine import StandInEngine, echo, said


def texts(log: list[dict[str, Any]], *authors: str) -> list[str]:
    return [message["text"] for message in log if not authors or message["author"] in authors]


def payloads(engine: StandInEngine) -> list[str]:
    return [question["payload"] for question in engine.asked if "payload" in question]


async def slow_question(visitor: Customer, engine: StandInEngine, text: str) -> None:
    """Ask something the engine thinks about until the gate opens."""
    engine.gate.clear()
    engine.arrived.clear()
    await visitor.say(text)
    await soon(engine.arrived.wait())


async def test_two_take_over_at_once_and_the_other_sees_who_has_it(
    visitor: Customer, lies: Console, karim: Console
) -> None:
    await visitor.until("welcome")
    seen = (await lies.sees(visitor))["conversation"]["epoch"]
    answers = await asyncio.gather(
        *(each.post(f"/conversations/{visitor.id}/take", epoch=seen) for each in (lies, karim))
    )
    statuses = [answer.status_code for answer in answers]
    assert sorted(statuses) == [200, 409]
    winner = ("Lies Claes", "Karim Benali")[statuses.index(200)]
    error = answers[statuses.index(409)].json()["error"]
    assert (error["code"], error["details"]) == ("already_taken", {"owner_name": winner})
    assert texts(await visitor.log(), "system") == ["desk_joined en"]


async def test_taking_twice_is_taking_once(visitor: Customer, lies: Console) -> None:
    await visitor.until("welcome")
    for _ in range(2):
        await lies.does(visitor, "take")
    assert texts(await visitor.log(), "system") == ["desk_joined en"]


async def test_what_changed_since_it_was_seen_is_not_taken(visitor: Customer, lies: Console, karim: Console) -> None:
    await visitor.until("welcome")
    await lies.does(visitor, "take", epoch=0)
    await lies.does(visitor, "release", to="bot")
    answer = await karim.post(f"/conversations/{visitor.id}/take", epoch=0)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "conversation_changed")


async def test_a_turn_in_flight_becomes_a_draft_only_staff_see(
    visitor: Customer, lies: Console, engine: StandInEngine
) -> None:
    await visitor.until("welcome")
    await slow_question(visitor, engine, "is my parcel insured?")
    await lies.does(visitor, "take")
    engine.gate.set()
    await visitor.until("is my parcel insured?")

    assert "echo is my parcel insured?" not in texts(await visitor.log())
    shown = (await lies.sees(visitor))["messages"]
    assert [each["text"] for each in shown if each["kind"] == "draft"] == ["echo is my parcel insured?"]


async def test_a_request_for_a_person_that_comes_late_does_not_queue_again(
    visitor: Customer, lies: Console, engine: StandInEngine
) -> None:
    await visitor.until("welcome")
    request = {"kind": "handover", "reason": "wanted", "priority": "normal"}
    engine.answer = lambda question: {"messages": [said("ok")], "requests": [request]}
    await slow_question(visitor, engine, "a person!")
    await lies.does(visitor, "take")
    engine.gate.set()
    await visitor.until("a person!")
    shown = await lies.sees(visitor)
    assert (shown["conversation"]["mode"], shown["conversation"]["owner"]) == ("human", "lies")


async def test_what_comes_between_the_takeover_and_the_end_of_the_turn_is_the_persons(
    visitor: Customer, lies: Console, engine: StandInEngine
) -> None:
    await visitor.until("welcome")
    await slow_question(visitor, engine, "first")
    await visitor.say("second")
    await lies.does(visitor, "take")
    await visitor.say("third")
    engine.gate.set()
    await visitor.until("third")
    assert engine.texts() == ["first"]


async def test_the_engine_is_silent_over_a_restart_and_whatever_is_typed(
    start_desk: StartBot, engine: StandInEngine
) -> None:
    async with start_desk() as bot, bot.client() as client, bot.client() as desk:
        visitor = await Customer.arrive(client)
        await visitor.until("welcome")
        await (await sign_in(desk, "lies")).does(visitor, "take")
        opened = visitor.opened
    async with start_desk() as bot, bot.client() as client, bot.client() as desk:
        lies, visitor = await sign_in(desk, "lies"), Customer(client, opened)
        for text in ("/restart", "/session_start", "hello?"):
            await visitor.say(text)
        # A second tab of the same browser.
        await Customer(client, opened).post(client_id="from_another_tab", text="me again")
        await lies.does(visitor, "messages", client_id="answer_001", text="I am here")
        await visitor.until("I am here")
        assert engine.texts() == []
        assert payloads(engine) == ["/greet"]


async def test_a_button_pressed_while_a_person_has_it_does_nothing_to_the_dialogue(
    visitor: Customer, lies: Console, engine: StandInEngine
) -> None:
    await visitor.until("welcome")
    await lies.does(visitor, "take")
    answer = await visitor.post(client_id="press_001", payload="/report")
    assert answer.status_code == 202
    await lies.does(visitor, "messages", client_id="answer_001", text="I saw that")
    await visitor.until("I saw that")
    assert payloads(engine) == ["/greet"]


async def test_an_answer_reaches_the_customer_once_with_a_first_name(visitor: Customer, lies: Console) -> None:
    await visitor.until("welcome")
    await lies.does(visitor, "take")
    path, body = f"/conversations/{visitor.id}/messages", {"client_id": "answer_001", "text": "Good morning"}
    answers = await asyncio.gather(*(lies.post(path, **body) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 201]
    found = [message for message in await visitor.until("Good morning") if message["author"] == "staff"]
    assert [(message["text"], message["staff_name"]) for message in found] == [("Good morning", "Lies")]


async def test_who_does_not_have_it_does_not_speak(visitor: Customer, lies: Console, karim: Console) -> None:
    await visitor.until("welcome")
    await lies.does(visitor, "take")
    for what, body in (
        ("messages", {"client_id": "answer_001", "text": "hi"}),
        ("requests", {"documents": ["order"]}),
        ("typing", {"typing": True}),
        ("release", {"to": "bot"}),
        ("close", {}),
    ):
        answer = await karim.post(f"/conversations/{visitor.id}/{what}", **body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "not_owner"), what


async def test_a_supervisor_gives_it_to_somebody_else(
    visitor: Customer, lies: Console, karim: Console, sofie: Console
) -> None:
    await visitor.until("welcome")
    await lies.does(visitor, "take")
    await sofie.does(visitor, "assign", username="karim")
    assert (await karim.sees(visitor))["conversation"]["owner_name"] == "Karim Benali"
    assert texts(await visitor.log(), "system")[-1] == "desk_passed_on en"
    refused = await lies.post(f"/conversations/{visitor.id}/messages", client_id="answer_001", text="hi")
    assert refused.json()["error"]["code"] == "not_owner"
    unknown = await sofie.post(f"/conversations/{visitor.id}/assign", username="nobody")
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (404, "unknown_colleague")
    forbidden = await lies.post(f"/conversations/{visitor.id}/assign", username="lies")
    assert forbidden.status_code == 403


async def test_the_assistant_comes_back_and_says_so_with_what_was_learned(
    visitor: Customer, lies: Console, engine: StandInEngine
) -> None:
    await visitor.until("welcome")
    await lies.does(visitor, "take")
    await visitor.say("it was 240 euro, my secret to the person")
    await lies.does(visitor, "messages", client_id="answer_001", text="Noted")
    await lies.does(visitor, "release", to="bot", facts={"amount": "240"})
    resume = '/resume_after_person{"question": ["amount"], "value": ["240"]}'
    log = await visitor.until(f"echo {resume}")

    assert texts(log, "system")[-1] == "desk_assistant_back en"
    assert payloads(engine) == ["/greet", resume]
    # Nothing the customer told the person reaches the dialogue.
    assert engine.texts() == []
    await visitor.say("thanks")
    await visitor.until("echo thanks")


async def test_the_question_nobody_answered_is_put_to_the_assistant(
    visitor: Customer, lies: Console, engine: StandInEngine
) -> None:
    await visitor.until("welcome")
    await lies.does(visitor, "take")
    await visitor.say("when am I paid?")
    await lies.does(visitor, "release", to="bot", ask_again=True)
    await visitor.until("echo when am I paid?")
    assert engine.texts() == ["when am I paid?"]
    assert payloads(engine) == ["/greet"]


async def test_a_question_that_was_answered_is_not_asked_again(
    visitor: Customer, lies: Console, engine: StandInEngine
) -> None:
    await visitor.until("welcome")
    await lies.does(visitor, "take")
    await visitor.say("when am I paid?")
    await lies.does(visitor, "messages", client_id="answer_001", text="Tomorrow")
    await lies.does(visitor, "release", to="bot", ask_again=True)
    await visitor.until("echo /resume_after_person")
    assert engine.texts() == []


async def test_a_customer_cannot_send_what_the_desk_sends(visitor: Customer) -> None:
    await visitor.until("welcome")
    answer = await visitor.post(client_id="forged_01", payload='/resume_after_person{"question": "amount"}')
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "unknown_payload")


async def test_handing_back_to_the_queue_keeps_the_place_and_leaves_a_note(
    visitor: Customer, lies: Console, karim: Console
) -> None:
    await visitor.until("welcome")
    await lies.does(visitor, "take")
    done = await lies.does(visitor, "release", to="queue", note="she needs a colleague who knows cards")
    assert (done["conversation"]["mode"], done["conversation"]["owner"]) == ("waiting", None)
    shown = (await karim.sees(visitor))["messages"]
    assert [each["text"] for each in shown if each["kind"] == "note"] == ["she needs a colleague who knows cards"]
    assert "she needs" not in str(await visitor.log())
    assert texts(await visitor.log(), "system")[-1] == "desk_back_in_queue en"


async def test_a_closed_conversation_is_the_assistants_when_the_customer_comes_back(
    visitor: Customer, lies: Console, engine: StandInEngine
) -> None:
    await visitor.until("welcome")
    await visitor.say("hello")
    await visitor.until("echo hello")
    await lies.does(visitor, "take")
    await lies.does(visitor, "close")
    listed = (await lies.get("/conversations?view=closed")).json()["conversations"]
    assert [row["id"] for row in listed] == [visitor.id]
    await visitor.say("one more thing")
    assert texts(await visitor.until("echo one more thing"), "system")[-1] == "desk_closed en"
    for view, expected in (("closed", []), ("all", [visitor.id])):
        listed = (await lies.get(f"/conversations?view={view}")).json()["conversations"]
        assert [row["id"] for row in listed] == expected


async def test_who_answers_in_the_pages_own_inbox_silences_the_assistant(
    desk_bot: Bot, visitor: Customer, lies: Console, engine: StandInEngine
) -> None:
    await visitor.until("welcome")
    now = desk_bot.parts.log.clock()
    assert await desk_bot.query(taken_elsewhere, visitor.id, "Page inbox", now) is True
    assert await desk_bot.query(taken_elsewhere, visitor.id, "Page inbox", now) is False
    await visitor.say("are you a person?")
    taken = await lies.post(f"/conversations/{visitor.id}/take")
    assert (taken.status_code, taken.json()["error"]["details"]) == (409, {"owner_name": "Page inbox"})
    assert engine.texts() == []


@pytest.mark.parametrize("gone", ["take", "release", "close", "messages", "notes"])
async def test_a_conversation_that_is_not_there(lies: Console, gone: str) -> None:
    body = {"client_id": "answer_001", "text": "hi"} if gone in ("messages", "notes") else {}
    answer = await lies.post(f"/conversations/web:nobody/{gone}", **body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "conversation_not_found")


async def test_too_many_facts_for_one_message_are_refused_before_anything_changes(
    visitor: Customer, lies: Console
) -> None:
    await visitor.until("welcome")
    await lies.does(visitor, "take")
    facts = {f"question_{letter}": "x" * 190 for letter in "abc"}
    answer = await lies.post(f"/conversations/{visitor.id}/release", to="bot", facts=facts)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "facts_too_long")
    assert (await lies.sees(visitor))["conversation"]["mode"] == "human"


async def test_an_engine_that_is_away_during_the_hand_back_answers_later(
    desk_bot: Bot, visitor: Customer, lies: Console, engine: StandInEngine, rests: Any
) -> None:
    await visitor.until("welcome")
    await lies.does(visitor, "take")
    engine.status = 503
    await lies.does(visitor, "release", to="bot")
    await soon(rests.begun.wait())
    log = await visitor.log()
    assert texts(log, "system")[-2:] == ["desk_assistant_back en", "assistant_unavailable en"]
    engine.status = 200
    rests.over.set()
    await visitor.until("echo /resume_after_person")
    rows = await desk_bot.query(lambda connection: list(connection.execute(select(messages.c.state)).scalars()))
    assert "received" not in rows
    assert engine.answer is echo
