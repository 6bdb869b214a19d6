"""Files come in, and the host page says who the customer is: what the dialogue makes of both."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.actions.dialogue import Clock, Dialogue
from tests.unit.actions.fake_backend import CODE, POLICY, REFERENCE, FakeBackend, Refused
from tests.unit.actions.test_intake import answered_until, identified

GIVEN = '/give_evidence{"files": 1}'


def to(kind: str, claim: str | None = None) -> dict[str, Any]:
    """Where the backend puts evidence."""
    return {"evidence_to": kind, "claim": claim, "claims": [claim] if claim else []}


async def test_in_an_intake_the_open_question_comes_again(customer: Dialogue, backend: FakeBackend) -> None:
    await identified(customer)
    await answered_until(customer, "amount")
    before = customer.answers
    assert await customer.press(GIVEN) == ["ask_amount"]
    assert (customer.answers, customer.asked) == (before, "amount")
    assert not [name for name, _ in backend.calls if name == "place"]


async def test_a_file_is_no_answer_to_a_question_for_free_words(customer: Dialogue) -> None:
    await identified(customer, "cyberbullying")
    await answered_until(customer, "description")
    await customer.press(GIVEN)
    assert (customer.asked, "description" in customer.answers) == ("description", False)


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (to("held"), ["evidence_held"]),
        (to("draft"), ["evidence_noted"]),
        (to("claim", "CC-2026-AAAAAA"), ["evidence_for_claim"]),
    ],
)
async def test_outside_an_intake_the_customer_hears_where_they_go(
    customer: Dialogue, backend: FakeBackend, place: dict[str, Any], said: list[str]
) -> None:
    backend.place = place
    assert await customer.press(GIVEN) == said
    assert (place["claim"] or "") in customer.text()


@pytest.mark.parametrize("trouble", ["down", "refuses"])
async def test_a_backend_that_does_not_say_where_is_no_reason_to_worry(
    customer: Dialogue, backend: FakeBackend, trouble: str
) -> None:
    if trouble == "down":
        backend.down.add("place")
    else:
        backend.place = {}
        backend.refuse["place"] = Refused(422, "invalid_conversation")
    assert await customer.press(GIVEN) == ["evidence_somewhere"]


async def test_in_the_middle_of_an_errand_it_goes_on(customer: Dialogue) -> None:
    await customer.say("where is my claim", "claim_status", 0.99)
    assert await customer.press(GIVEN) == ["evidence_held", "ask_policy_reference"]


async def test_words_that_only_announce_the_files_begin_no_errand(customer: Dialogue, backend: FakeBackend) -> None:
    backend.place = to("claim", "CC-2026-AAAAAA")
    customer.files = 2
    assert await customer.say("here are the screenshots", "add_evidence", 0.99) == ["evidence_for_claim"]
    customer.files = 0
    assert (await customer.say("I have more evidence", "add_evidence", 0.99))[0] == "errand_remark"


async def test_after_a_claim_was_sent_files_are_asked_for(customer: Dialogue) -> None:
    await identified(customer)
    await answered_until(customer, "confirm")
    await customer.say("yes", "affirm", 0.99)
    assert customer.names[0] == "claim_submitted"
    assert (customer.heard[0].card or {})["input"] == "files"


async def test_questions_say_what_is_asked_for(customer: Dialogue) -> None:
    inputs: dict[str, str] = {}

    def note() -> None:
        inputs[customer.asked or ""] = (customer.heard[-1].card or {}).get("input", "")

    await customer.say("something happened", "report_non_delivery", 0.99)
    await customer.choose("Yes")
    for text in (REFERENCE, "14/03/1985"):
        note()
        await customer.say(text)
    note()
    await customer.say(CODE)
    await answered_until(customer, "amount")
    note()
    await customer.say("240")
    note()
    assert inputs == {
        "policy_reference": "",
        "date_of_birth": "date",
        "one_time_code": "code",
        "amount": "amount",
        customer.asked: "",
    }


def vouched_for(customer: Dialogue, backend: FakeBackend) -> None:
    """The engine was told who the customer is."""
    backend.tokens.add("from-the-page")
    customer.slots["identity"] = {
        "token": "from-the-page",
        "expires_at": backend.tokens_expire_at,
        "policy": POLICY,
        "name": POLICY["holder"]["first_name"],
    }


async def test_who_is_signed_in_is_greeted_and_not_asked_who_they_are(customer: Dialogue, backend: FakeBackend) -> None:
    vouched_for(customer, backend)
    assert await customer.press("/identify") == ["identified_by_page"]
    assert POLICY["holder"]["first_name"] in customer.text()
    await customer.say("my parcel never came", "report_non_delivery", 0.99)
    await customer.choose("Yes")
    assert customer.asked == "incident_date"


async def test_signing_in_while_we_ask_who_they_are_goes_on_with_the_claim(
    customer: Dialogue, backend: FakeBackend
) -> None:
    await customer.say("my parcel never came", "report_non_delivery", 0.99)
    await customer.choose("Yes")
    await customer.say(REFERENCE)
    assert customer.asked == "date_of_birth"
    vouched_for(customer, backend)
    assert await customer.press("/identify") == ["identified", "ask_incident_date__non_delivery"]
    assert "policy_reference" not in customer.answers


async def test_an_identity_that_came_too_late_is_none(customer: Dialogue, backend: FakeBackend, clock: Clock) -> None:
    vouched_for(customer, backend)
    clock.forward(hours=3)
    assert await customer.press("/identify") == ["greet"]


async def test_who_signed_in_while_a_person_spoke_is_known_when_the_assistant_is_back(
    customer: Dialogue, backend: FakeBackend
) -> None:
    await customer.say("my parcel never came", "report_non_delivery", 0.99)
    await customer.choose("Yes")
    assert customer.asked == "policy_reference"
    vouched_for(customer, backend)
    assert await customer.press("/resume_after_person") == ["identified", "ask_incident_date__non_delivery"]


async def test_a_proof_that_is_no_longer_taken_is_asked_for_again(customer: Dialogue, backend: FakeBackend) -> None:
    await customer.say("my parcel never came", "report_non_delivery", 0.99)
    await customer.choose("Yes")
    vouched_for(customer, backend)
    backend.expire_tokens()
    await customer.press("/resume_after_person")
    assert customer.asked == "policy_reference"
    assert customer.slots["identity"] is None
