"""A change of an earlier answer, wherever it comes: at a free question, at a choice, in three languages."""

from __future__ import annotations

import pytest

from tests.unit.actions.dialogue import Dialogue
from tests.unit.actions.test_intake import answered_until, identified
from tests.unit.actions.test_repair import identify


@pytest.mark.parametrize("question", ["seller", "goods", "caused_by", "purchase_from", "seller_reminded", "confirm"])
@pytest.mark.parametrize(
    ("language", "text", "intent", "confidence"),
    [
        ("en", "no sorry, it was for my husband Tom", "deny", 0.55),
        ("nl", "oei nee, t was voor mijn man Tom", "correct_answer", 0.66),
        ("fr", "non en fait ce n'était pas moi mais Tom", "deny", 0.79),
        ("fr", "je me suis trompé, ce n'était pas moi mais Tom", "correct_answer", 0.9),
        ("fr", "pardon c'est arrivé à Tom pas à moi", "correct_answer", 0.57),
    ],
)
async def test_another_person_is_a_change_whatever_is_asked(
    question: str, language: str, text: str, intent: str, confidence: float, customer: Dialogue
) -> None:
    await identified(customer)
    await answered_until(customer, question)
    before, customer.language = customer.answers, language
    await customer.say(text, intent, confidence)
    assert customer.names[0] == "corrected"
    assert "Tom" in customer.text()
    assert customer.answers == before | {"victim": "p-2"}
    assert customer.asked == question


@pytest.mark.parametrize("text", ["no, Tom did that", "they said it was Tom's own fault and that he had to write"])
async def test_who_is_only_named_in_an_answer_changes_nothing(text: str, customer: Dialogue) -> None:
    await identified(customer)
    await answered_until(customer, "seller")
    await customer.say(text, "out_of_scope", 0.6)
    assert customer.names == ["ask_goods"]
    assert customer.answers["seller"] == text


async def test_it_was_for_somebody_without_a_name_asks_for_whom(customer: Dialogue) -> None:
    await identified(customer)
    await answered_until(customer, "seller")
    await customer.say("oh no, it was for my daughter", "correct_answer", 0.6)
    assert customer.names == ["correct_again", "ask_victim"]
    assert "seller" not in customer.answers


async def test_a_day_in_words_is_shown_as_the_date_it_became(customer: Dialogue) -> None:
    await identified(customer)
    await customer.say("3/11")
    await customer.say("no, it was last Tuesday", "correct_answer", 0.6, date="last Tuesday")
    assert customer.names == ["corrected", "ask_victim"]
    assert "17 November 2026" in customer.text()
    assert customer.answers["incident_date"] == "2026-11-17"


async def test_of_two_days_the_one_given_last_is_taken_back(customer: Dialogue) -> None:
    await identified(customer)
    await answered_until(customer, "order_date")
    happened = customer.answers["incident_date"]
    await customer.say("9/11")
    await customer.say("no wait, it was 8/11", "correct_answer", 0.9, date="8/11")
    assert customer.names == ["corrected", "ask_order_number"]
    assert (customer.answers["order_date"], customer.answers["incident_date"]) == ("2026-11-08", happened)


async def test_a_choice_is_changed_by_its_words(customer: Dialogue) -> None:
    await identified(customer)
    await answered_until(customer, "amount")
    assert customer.answers["purchase_from"] == "business"
    await customer.say("oops, I meant a private seller not a shop", "correct_answer", 0.79)
    assert customer.names == ["corrected", "ask_amount"]
    assert customer.answers["purchase_from"] == "private_person"
    assert customer.answers["private_use"] == "private"


async def test_another_incident_at_a_free_question_gets_its_first_aid(customer: Dialogue) -> None:
    await identified(customer)
    await answered_until(customer, "seller")
    await customer.say("and my facebook is hacked too", "report_hacked_account", 0.97)
    assert customer.names == ["first_aid_hacked_account", "intake_other_incident", "intake_back", "ask_seller"]
    assert "seller" not in customer.answers


@pytest.mark.parametrize(
    ("text", "intent", "confidence"),
    [
        ("Hacked Toys", "report_hacked_account", 0.9),
        ("they hacked the shop, said the man on the phone", "report_hacked_account", 0.9),
        ("and the parcel never came too", "report_non_delivery", 0.95),
        ("and my facebook is hacked too", "report_hacked_account", 0.6),
    ],
)
async def test_what_resembles_an_incident_is_an_answer(
    text: str, intent: str, confidence: float, customer: Dialogue
) -> None:
    await identified(customer)
    await answered_until(customer, "seller")
    await customer.say(text, intent, confidence)
    assert customer.answers["seller"] == text


async def test_what_must_change_is_asked_until_it_is_clear(customer: Dialogue) -> None:
    await identified(customer)
    await answered_until(customer, "confirm")
    await customer.choose("No")
    assert customer.names == ["which_answer", "ask_confirm"]
    await customer.say("that one there")
    assert customer.names == ["which_answer_unclear", "ask_confirm"]
    assert "Amount" in customer.rows()
    await customer.say("the amount was 85 euros", "correct_answer", 0.95, amount="85")
    assert "corrected" in customer.names
    # What was asked is answered: the next thing that cannot be read is not about a line.
    await customer.say("12")
    assert customer.names[0] == "invalid_yes_no"


async def test_anything_else_can_be_answered_with_a_button_that_fits(customer: Dialogue) -> None:
    await identified(customer)
    await answered_until(customer, "remarks")
    assert list(customer.buttons()) == ["No, that's all"]
    await customer.choose("No, that's all")
    assert customer.asked == "confirm"


async def test_after_fraud_what_blocks_is_asked_before_the_story(customer: Dialogue) -> None:
    await customer.say("money is gone", "report_payment_fraud", 0.99)
    await customer.choose("Yes")
    await identify(customer)
    await answered_until(customer, "card_stop_called")
    assert not {"consent", "amount", "bank"} & customer.answers.keys()
    await customer.choose("No")
    assert customer.names == ["ask_card_stop_called", "ask_bank_called"]
    assert "write to me" not in customer.text()
    await customer.choose("Yes")
    assert customer.asked == "consent"
