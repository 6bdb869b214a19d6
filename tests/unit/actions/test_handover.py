"""When a person is asked for, and what happens when they hand the conversation back."""

from __future__ import annotations

import pytest

from tests.unit.actions.dialogue import Dialogue
from tests.unit.actions.test_intake import answered_until, identified


def reasons(customer: Dialogue) -> list[tuple[str, str]]:
    return [(request["reason"], request["priority"]) for request in customer.requests]


async def test_a_complaint_gets_its_answer_and_a_person(customer: Dialogue) -> None:
    await customer.say("I want to complain", "make_complaint", 0.99)
    assert "customer.care.bnl@axa-assistance.com" in customer.text()
    assert reasons(customer) == [("complaint", "high")]


@pytest.mark.parametrize(("amount", "expected"), [("4999,99 euro", []), ("5000 euro", [("large_loss", "high")])])
async def test_a_person_looks_along_at_a_large_loss(
    customer: Dialogue, amount: str, expected: list[tuple[str, str]]
) -> None:
    await identified(customer)
    await answered_until(customer, "amount")
    await customer.say(amount)
    assert customer.answers["amount"]
    assert reasons(customer) == expected


async def test_after_a_person_the_open_question_is_asked_again_with_what_they_noted(customer: Dialogue) -> None:
    await identified(customer)
    await customer.press('/resume_after_person{"question": ["amount"], "value": ["240 euro"]}')
    assert customer.names == ["noted_by_person", "intake_back", "ask_incident_date__non_delivery"]
    assert customer.answers["amount"] == "240.00"
    assert [row["value"] for row in customer.rows().values()] == ["€240"]
    await answered_until(customer, "confirm")


@pytest.mark.parametrize(
    "payload",
    [
        '/resume_after_person{"question": ["amount"], "value": ["a lot"]}',
        '/resume_after_person{"question": ["nonsense"], "value": ["240"]}',
        '/resume_after_person{"question": ["policy_reference"], "value": ["CYB-1002-0002"]}',
        '/resume_after_person{"question": ["one_time_code"], "value": ["123456"]}',
        '/resume_after_person{"question": ["confirm"], "value": ["yes"]}',
    ],
)
async def test_what_a_person_cannot_know_or_nobody_can_read_is_asked(customer: Dialogue, payload: str) -> None:
    await identified(customer)
    before = customer.answers
    await customer.press(payload)
    assert customer.names == ["intake_back", "ask_incident_date__non_delivery"]
    assert customer.answers == before


async def test_without_an_intake_the_assistant_offers_its_help(customer: Dialogue) -> None:
    await customer.press("/resume_after_person")
    assert customer.names == ["after_person"]
    await customer.press('/resume_after_person{"question": ["amount"], "value": ["240"]}')
    assert customer.names == ["after_person"]


async def test_a_fact_of_the_check_makes_the_check_look_again(customer: Dialogue) -> None:
    await identified(customer)
    await answered_until(customer, "confirm")
    assert customer.intake["finding"]
    await customer.press('/resume_after_person{"question": ["amount"], "value": ["900"]}')
    assert customer.answers["amount"] == "900.00"
    assert customer.intake["finding"] is None
