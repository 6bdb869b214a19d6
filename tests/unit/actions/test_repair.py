"""What a person expects of a conversation: told once is enough, help when stuck, a say in what happens to a draft."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.actions.dialogue import Dialogue
from tests.unit.actions.fake_backend import CODE, POLICY, REFERENCE, FakeBackend
from tests.unit.actions.test_intake import answer_open_question, answered_until, identified

TOLD = "I paid 240 euro to a webshop called Mode Paris on 3 November and nothing came"
FACTS = {"amount": "240", "shop": "Mode Paris", "date": "3 November"}


async def identify(customer: Dialogue) -> None:
    for text in (REFERENCE, "14/03/1985", CODE):
        await customer.say(text)


async def test_what_was_told_in_one_go_is_shown_and_not_asked_again(customer: Dialogue) -> None:
    await customer.say(TOLD, "report_non_delivery", 0.99, **FACTS)
    await customer.choose("Yes")
    assert customer.names == ["intake_begin", "noted", "ask_policy_reference"]
    shown = {label: row["value"] for label, row in customer.rows().items()}
    assert shown == {"Amount": "€240", "Seller": "Mode Paris", "Date of order": "3 November 2026"}
    await identify(customer)
    asked = await until(customer, "confirm")
    assert not {"amount", "seller", "order_date"} & set(asked)
    assert customer.rows()["Seller"]["value"] == "Mode Paris"


async def until(customer: Dialogue, question: str) -> list[str]:
    """Answer until `question` is asked; what was asked on the way."""
    asked: list[str] = []
    while customer.asked != question:
        asked.append(str(customer.asked))
        assert len(asked) < 40, asked
        await answer_open_question(customer)
    return asked


async def test_what_was_told_of_one_incident_does_not_fill_another(customer: Dialogue) -> None:
    await customer.say(TOLD, "report_non_delivery", 0.99, **FACTS)
    await customer.say("and my bank account was emptied too", "report_payment_fraud", 0.99)
    await customer.choose("Yes")
    assert "noted" not in customer.names
    assert customer.answers == {}


async def test_an_answer_that_tells_more_fills_more(customer: Dialogue) -> None:
    await identified(customer)
    await answered_until(customer, "amount")
    await customer.say("It was 240 euro that I paid to Mode Paris", amount="240", shop="Mode Paris")
    assert customer.names[0] == "noted_too"
    assert (customer.answers["amount"], customer.answers["seller"]) == ("240.00", "Mode Paris")


async def test_a_relative_day_is_read_back_as_a_date(customer: Dialogue) -> None:
    await identified(customer)
    await customer.say("yesterday")
    assert customer.names[0] == "date_noted"
    assert "21 November 2026" in customer.text()


async def test_of_two_days_in_a_sentence_the_one_that_was_asked_counts(customer: Dialogue) -> None:
    await customer.say("money is gone", "report_payment_fraud", 0.99)
    await customer.choose("Yes")
    await identify(customer)
    await answered_until(customer, "discovery_date")
    text = "it left on 3 May but I only noticed it on 9 May"
    entities = [
        {"entity": "date", "value": day, "start": text.index(day), "end": text.index(day) + 5}
        for day in ("3 May", "9 May")
    ]
    await customer.say_marked(text, entities)
    assert customer.answers["discovery_date"] == "2026-05-09"


async def test_stuck_is_explained_then_a_way_out_is_offered(customer: Dialogue) -> None:
    await identified(customer)
    await answered_until(customer, "amount")
    await customer.say("blue")
    assert customer.names == ["invalid_amount", "ask_amount"]
    await customer.say("very blue")
    assert customer.names == ["invalid_amount", "ask_amount", "ask_amount"]
    assert "yearly limit" in customer.heard[1].text
    await customer.say("so blue")
    assert customer.names == ["invalid_often", "ask_amount"]
    assert {"I don't have it", "Talk to a person"} <= customer.buttons().keys()
    await customer.choose("I don't have it")
    assert customer.asked == "seller"


async def test_what_is_needed_offers_a_person_instead_of_a_skip(customer: Dialogue) -> None:
    await identified(customer)
    for _ in range(3):
        await customer.say("blue")
    assert customer.names[0] == "invalid_often_required"
    assert "Talk to a person" in customer.buttons()
    assert "I don't have it" not in customer.buttons()


@pytest.mark.parametrize(
    ("button", "names", "left"),
    [("Keep it for later", ["draft_kept"], 1), ("Delete it", ["draft_deleted"], 0)],
)
async def test_stop_asks_what_to_do_with_the_draft(
    button: str, names: list[str], left: int, customer: Dialogue, backend: FakeBackend
) -> None:
    await identified(customer)
    await customer.say("3/11")
    await customer.say("stop", "stop", 0.99)
    assert customer.names == ["intake_stopped"]
    assert list(customer.buttons()) == ["Go on", "Keep it for later", "Delete it"]
    await customer.choose(button)
    assert customer.names == names
    assert len(backend.drafts) == left
    assert bool(customer.slots["intake"]) == bool(left)


async def test_go_on_after_stop_goes_on(customer: Dialogue) -> None:
    await identified(customer)
    await customer.say("3/11")
    await customer.say("stop", "stop", 0.99)
    await customer.choose("Go on")
    assert customer.asked == "victim"


async def test_a_draft_that_cannot_be_deleted_now_is_not_said_to_be(customer: Dialogue, backend: FakeBackend) -> None:
    await identified(customer)
    await customer.say("3/11")
    await customer.say("stop", "stop", 0.99)
    backend.down.add("drop")
    await customer.choose("Delete it")
    assert customer.names == ["draft_not_deleted"]
    assert customer.intake["draft"]


async def test_before_identification_a_draft_is_kept_in_the_conversation(customer: Dialogue) -> None:
    await customer.say("my parcel never came", "report_non_delivery", 0.99)
    await customer.choose("Yes")
    await customer.say("stop", "stop", 0.99)
    await customer.choose("Keep it for later")
    assert customer.names == ["draft_kept_here"]


async def test_a_child_that_is_bullied_brings_help_for_children_and_a_person(
    customer: Dialogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    persons: list[dict[str, Any]] = POLICY["insured_persons"]
    monkeypatch.setitem(persons[1], "minor", True)
    await customer.say("they bully my son", "report_cyberbullying", 0.99)
    await customer.choose("Yes")
    await identify(customer)
    await answered_until(customer, "victim")
    await customer.say("Tom")
    assert customer.names[0] == "child_at_risk"
    assert "116 000" in customer.text()
    assert {"reason": "child_at_risk", "priority": "high"}.items() <= customer.requests[-1].items()


@pytest.mark.parametrize(("minor", "noted"), [(True, "yes"), (False, "no")])
async def test_the_age_of_an_insured_person_is_not_asked(
    customer: Dialogue, monkeypatch: pytest.MonkeyPatch, minor: bool, noted: str
) -> None:
    persons: list[dict[str, Any]] = POLICY["insured_persons"]
    monkeypatch.setitem(persons[1], "minor", minor)
    await customer.say("they blackmail my son", "report_sextortion", 0.99)
    await customer.choose("Yes")
    await identify(customer)
    await answered_until(customer, "victim")
    await customer.say("Tom")
    assert customer.answers["minor"] == noted
    assert "minor" not in await until(customer, "images_spread")
    await customer.press('/correct_answer{"question": "victim", "value": "outsider"}')
    assert customer.asked == "minor"


async def test_identity_theft_of_a_child_is_no_alarm_by_itself(
    customer: Dialogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    persons: list[dict[str, Any]] = POLICY["insured_persons"]
    monkeypatch.setitem(persons[1], "minor", True)
    await customer.say("orders in my son's name", "report_identity_theft", 0.99)
    await customer.choose("Yes")
    await identify(customer)
    await answered_until(customer, "victim")
    await customer.say("Tom")
    assert "child_at_risk" not in customer.names
    assert customer.requests == []


async def test_danger_comes_before_the_claim_which_waits_to_be_taken_up_again(customer: Dialogue) -> None:
    await customer.say("they bully me", "report_cyberbullying", 0.99)
    await customer.choose("Yes")
    await identify(customer)
    await answered_until(customer, "threat")
    await customer.choose("Yes")
    assert customer.names == ["danger"]
    assert "112" in customer.text()
    assert {"reason": "distress", "priority": "urgent"}.items() <= customer.requests[-1].items()
    await customer.choose("Go on")
    assert customer.names == ["intake_resumed", "ask_minor"]


async def test_an_answer_that_calls_for_action_brings_its_advice(customer: Dialogue) -> None:
    await customer.say("money is gone", "report_payment_fraud", 0.99)
    await customer.choose("Yes")
    await identify(customer)
    await answered_until(customer, "card_stop_called")
    await customer.choose("No")
    assert customer.names[0] == "ask_card_stop_called"
    assert "078 170 170" in customer.heard[0].text


async def test_after_the_claim_comes_what_happens_next(customer: Dialogue) -> None:
    await identified(customer)
    await answered_until(customer, "confirm")
    await customer.choose("Yes")
    assert customer.names == ["claim_submitted", "next_non_delivery"]


async def test_a_day_in_a_sentence_answers_even_if_it_sounds_like_a_correction(customer: Dialogue) -> None:
    await identified(customer)
    text = "it should have come on 10 November"
    await customer.say(text, "correct_answer", 0.9, date="10 November")
    assert customer.answers["incident_date"] == "2026-11-10"


async def test_a_correction_of_another_answer_is_none_of_the_day_asked_for(customer: Dialogue) -> None:
    await customer.say(TOLD, "report_non_delivery", 0.99, **FACTS)
    await customer.choose("Yes")
    await identify(customer)
    await customer.say("no sorry, the amount was 340 euro", "correct_answer", 0.95, amount="340")
    assert customer.names[0] == "corrected"
    assert customer.answers["amount"] == "340.00"
    assert customer.asked == "incident_date"
