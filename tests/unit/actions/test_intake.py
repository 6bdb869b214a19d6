"""The questions of a claim: answers, findings, drafts, corrections, interruptions, the read-back."""

from __future__ import annotations

from typing import Any

import pytest

from actions.intake.asking import ActionAskIntakeAnswer
from actions.intake.flow import find
from actions.intake.state import Intake
from content.responses import Responses
from tests.unit.actions.dialogue import Dialogue
from tests.unit.actions.fake_backend import CODE, COVERED, REFERENCE, FakeBackend

# Question -> what a customer types. Everything else is skipped or answered with no.
TYPED = {
    "incident_date": "3/11",
    "victim": "me",
    "private_use": "private",
    "caused_by": "I don't know",
    "purchase_from": "a shop",
    "amount": "240",
    "consent": "I was tricked",
    "seller": "Bol",
    "goods": "shoes",
    "bank": "KBC",
    "description": "Somebody keeps writing lies about me.",
    "order_date": "20/10",
    "order_number": "1234567890123",
    "payment_means": "PayPal",
}


async def identified(customer: Dialogue, incident: str = "non_delivery") -> None:
    await customer.say("something happened", f"report_{incident}", 0.99)
    await customer.choose("Yes")
    for text in (REFERENCE, "14/03/1985", CODE):
        await customer.say(text)
    assert customer.asked == "incident_date"


async def answer_open_question(customer: Dialogue) -> None:
    asked = customer.asked or ""
    if asked in TYPED:
        await customer.say(TYPED[asked])
    else:
        await customer.say("no", "deny", 0.99)


async def answered_until(customer: Dialogue, question: str) -> None:
    steps = 0
    while customer.asked != question:
        await answer_open_question(customer)
        steps += 1
        assert steps < 40, customer.asked


def negative(code: str = "professional_use") -> dict[str, Any]:
    return COVERED | {
        "finding": "looks_not_covered",
        "reasons": [
            {"code": "contract_in_force", "effect": "supports", "source": ""},
            {"code": code, "effect": "against", "source": ""},
        ],
    }


@pytest.mark.parametrize("incident", ["non_delivery", "non_conforming_delivery", "payment_fraud", "cyberbullying"])
async def test_a_claim_from_the_report_to_its_reference(
    incident: str, customer: Dialogue, backend: FakeBackend
) -> None:
    await identified(customer, incident)
    await answered_until(customer, "confirm")
    await customer.choose("Yes")
    assert "CLM-2026-0001" in customer.text()
    (claim,) = backend.claims.values()
    assert claim["incident"] == incident
    assert claim["answers"]["incident_date"] == "2026-11-03"
    assert not {"policy_reference", "date_of_birth", "one_time_code"} & claim["answers"].keys()
    assert customer.loop is None
    assert customer.slots["intake"] is None


async def test_the_read_back_shows_every_answer_as_a_person_reads_it(customer: Dialogue) -> None:
    await identified(customer)
    await answered_until(customer, "confirm")
    values = {label: row["value"] for label, row in customer.rows().items()}
    assert values["Date of the incident"] == "3 November 2026"
    assert values["Amount"] == "€240"
    assert values["Person concerned"] == "Marie Peeters"
    assert values["Paid with"] == "PayPal"
    assert values["Tracking"] == "left open"
    assert "Remarks" not in values


async def test_what_looks_covered_is_said_with_its_reasons_and_what_is_left(customer: Dialogue) -> None:
    await identified(customer)
    await answered_until(customer, "seller")
    assert "finding_looks_covered" in customer.names
    assert "€3,800" in customer.text()


async def test_doubts_come_first_when_a_person_has_to_look(customer: Dialogue, backend: FakeBackend) -> None:
    backend.finding = COVERED | {
        "finding": "needs_review",
        "reasons": [
            {"code": "contract_in_force", "effect": "supports", "source": ""},
            {"code": "mixed_use", "effect": "doubt", "source": ""},
        ],
    }
    await identified(customer)
    await answered_until(customer, "seller")
    said = customer.text()
    assert said.index("partly for work") < said.index("contract was in force")


@pytest.mark.parametrize("response", ["ask_incident_date", "ask_bank_data", "ask_steps_taken"])
def test_an_incident_without_words_of_its_own_is_asked_in_general_ones(customer: Dialogue, response: str) -> None:
    facts = customer.context.facts
    intakes = {*facts.intakes} - {"common"}
    incident, question = next(
        (incident, question)
        for incident in intakes
        if (question := find(response.removeprefix("ask_"), Intake("key", incident=incident), facts))
    )
    asks = ActionAskIntakeAnswer(customer.context)
    assert asks.wording(question, f"unlike_{incident}", "en") == response


# What no demo policy is like, or a handler finds out; each is also said when it is not certain.
RARE_REASONS = (
    *("reason_antivirus_not_declared", "reason_antivirus_paid_unclear", "reason_caused_by_housemate_unclear"),
    *("reason_contract_interrupted", "reason_holder_outside_belgium", "reason_holder_under_age"),
    *("reason_incident_in_future", "reason_invoice_unpaid", "reason_claims_limit_used_up"),
    *("reason_extraordinary_event", "reason_extraordinary_event_unclear", "reason_foreseeable"),
    *("reason_foreseeable_unclear", "reason_recovery_impossible", "reason_recovery_impossible_unclear"),
    *("reason_spread_by_institution", "reason_spread_by_institution_unclear", "reason_unlawful_activity"),
    *("reason_unlawful_activity_unclear", "reason_data_not_authorised", "reason_data_not_authorised_unclear"),
)


@pytest.mark.parametrize("reason", RARE_REASONS)
async def test_a_rare_reason_is_said_in_words(customer: Dialogue, backend: FakeBackend, reason: str) -> None:
    code = reason.removeprefix("reason_")
    backend.finding = COVERED | {
        "finding": "needs_review",
        "reasons": [{"code": code, "effect": "doubt", "source": ""}],
    }
    await identified(customer)
    await answered_until(customer, "seller")
    assert Responses.load().render(reason, "en").text in customer.text()


async def test_a_negative_finding_gives_its_reasons_and_the_claim_can_still_be_sent(
    customer: Dialogue, backend: FakeBackend
) -> None:
    backend.finding = negative()
    await identified(customer)
    await answered_until(customer, "go_on")
    assert "only a person decides" in customer.text()
    assert "contract was in force" not in customer.text()
    await customer.choose("Yes")
    assert customer.asked == "seller"
    await answered_until(customer, "confirm")
    await customer.choose("Yes")
    assert len(backend.claims) == 1


async def test_after_a_negative_finding_no_sends_nothing(customer: Dialogue, backend: FakeBackend) -> None:
    backend.finding = negative()
    await identified(customer)
    await answered_until(customer, "go_on")
    await customer.choose("No")
    assert customer.names == ["intake_declined"]
    assert customer.loop is None
    assert backend.claims == {}


async def test_without_a_check_the_claim_goes_on(customer: Dialogue, backend: FakeBackend) -> None:
    backend.down = {"check"}
    await identified(customer)
    await answered_until(customer, "seller")
    assert "finding_unavailable" in customer.names
    await answered_until(customer, "confirm")
    await customer.choose("Yes")
    assert len(backend.claims) == 1


async def test_every_answer_is_saved_and_a_save_that_failed_is_made_up_for(
    customer: Dialogue, backend: FakeBackend
) -> None:
    await identified(customer)
    backend.down = {"draft", "save"}
    await answered_until(customer, "caused_by")
    backend.down = set()
    await customer.say("I don't know")
    (draft,) = backend.drafts.values()
    assert {"incident_date", "victim", "private_use", "caused_by"} <= draft["answers"].keys()
    await answered_until(customer, "confirm")
    assert len(backend.drafts) == 1


async def test_a_draft_that_was_changed_elsewhere_takes_the_answer_all_the_same(
    customer: Dialogue, backend: FakeBackend
) -> None:
    await identified(customer)
    await answered_until(customer, "amount")
    backend.change_draft_elsewhere()
    await customer.say("240")
    (draft,) = backend.drafts.values()
    assert draft["answers"]["amount"] == "240.00"


async def test_a_token_rejected_in_mid_form_asks_who_it_is_and_keeps_the_answers(
    customer: Dialogue, backend: FakeBackend
) -> None:
    await identified(customer)
    await answered_until(customer, "amount")
    backend.expire_tokens()
    await customer.say("240")
    assert customer.asked == "policy_reference"
    for text in (REFERENCE, "14/03/1985", CODE):
        await customer.say(text)
    assert customer.asked == "seller"
    await answered_until(customer, "confirm")
    await customer.choose("Yes")
    (claim,) = backend.claims.values()
    assert claim["answers"]["amount"] == "240.00"


async def test_what_can_be_left_open_has_a_button_for_it_and_what_cannot_has_none(customer: Dialogue) -> None:
    await identified(customer)
    assert "I don't have it" not in customer.buttons()
    await answered_until(customer, "order_date")
    await customer.choose("I don't have it")
    assert "left_open" in customer.names
    assert customer.asked == "order_number"


async def test_not_knowing_who_caused_it_is_one_of_the_choices(customer: Dialogue) -> None:
    await identified(customer)
    await answered_until(customer, "caused_by")
    assert "I don't have it" not in customer.buttons()
    await customer.say("no idea", "dont_know", 0.95)
    assert customer.answers["caused_by"] == "unknown"


async def test_a_correction_in_free_words_is_taken_and_the_open_question_stays(customer: Dialogue) -> None:
    await identified(customer)
    await answered_until(customer, "seller_reminded")
    await customer.say("no, the amount was 340", "correct_answer", 0.95)
    assert customer.answers["amount"] == "340.00"
    assert "€340" in customer.text()
    assert customer.asked == "seller_reminded"


async def test_a_corrected_fact_is_checked_again(customer: Dialogue, backend: FakeBackend) -> None:
    await identified(customer)
    await answered_until(customer, "seller")
    backend.finding = negative("limit_used_up")
    await customer.say("no, the amount was 9000", "correct_answer", 0.95)
    assert backend.bodies("check")[-1]["facts"]["amount"] == "9000.00"
    assert customer.asked == "go_on"


async def test_a_correction_of_nothing_in_particular_shows_what_can_be_changed(customer: Dialogue) -> None:
    await identified(customer)
    await answered_until(customer, "seller")
    await customer.say("something I said is wrong", "correct_answer", 0.9)
    await customer.press(customer.rows()["Amount"]["payload"])
    assert customer.asked == "amount"
    await customer.say("340")
    assert customer.answers["amount"] == "340.00"
    assert customer.asked == "seller"


async def test_a_no_to_the_read_back_changes_what_is_wrong_and_sends_nothing(
    customer: Dialogue, backend: FakeBackend
) -> None:
    await identified(customer)
    await answered_until(customer, "confirm")
    await customer.choose("No")
    assert "which_answer" in customer.names
    assert backend.claims == {}
    await customer.press(customer.rows()["Goods"]["payload"])
    assert customer.asked == "goods"
    await customer.say("boots")
    assert customer.rows()["Goods"]["value"] == "boots"
    await customer.choose("Yes")
    (claim,) = backend.claims.values()
    assert claim["answers"]["goods"] == "boots"


async def test_an_answer_taken_back_is_not_in_the_claim(customer: Dialogue, backend: FakeBackend) -> None:
    await identified(customer)
    await answered_until(customer, "seller_reminded")
    await customer.say("yes", "affirm", 0.99)
    await customer.choose("They refuse")
    await customer.say("I want to change seller contacted", "correct_answer", 0.9)
    assert customer.asked == "seller_reminded"
    await customer.say("no", "deny", 0.99)
    await answered_until(customer, "confirm")
    await customer.choose("Yes")
    (claim,) = backend.claims.values()
    assert claim["answers"]["seller_reminded"] == "no"
    assert "seller_reply" not in claim["answers"]


async def test_a_card_number_is_taken_out_and_said_so(customer: Dialogue, backend: FakeBackend) -> None:
    await identified(customer)
    await answered_until(customer, "goods")
    await customer.say("shoes, paid with 4111 1111 1111 1111 12/27")
    assert "card_number_removed" in customer.names
    assert customer.answers["goods"] == "shoes, paid with **** 12/27"
    assert "4111" not in str(backend.calls)


async def test_an_order_number_of_thirteen_digits_stays(customer: Dialogue) -> None:
    await identified(customer)
    await answered_until(customer, "payment_means")
    assert customer.answers["order_number"] == "1234567890123"


@pytest.mark.parametrize("question", ["amount", "seller"])
async def test_a_question_in_between_is_answered_and_the_form_goes_on(question: str, customer: Dialogue) -> None:
    await identified(customer)
    await answered_until(customer, question)
    await customer.say("how much is covered?", "ask_limits", 0.53)
    assert customer.names[0] == "policy_limits"
    assert customer.names[1] == "intake_back"
    assert customer.names[-1] == f"ask_{question}"
    assert customer.asked == question


async def test_why_is_answered_with_the_reason_of_this_question(customer: Dialogue) -> None:
    await identified(customer)
    await answered_until(customer, "amount")
    await customer.say("why do you need that?", "ask_why", 1.0)
    assert customer.heard[0].text == "The amount tells us whether it fits in your yearly limit."
    assert customer.asked == "amount"


async def test_distress_closes_the_form_with_the_crisis_lines_and_the_claim_can_be_taken_up(customer: Dialogue) -> None:
    await identified(customer)
    await answered_until(customer, "amount")
    await customer.say("I can't live like this any more", "express_distress", 0.9)
    assert customer.names == ["distress"]
    assert "112" in customer.text()
    assert customer.requests[-1] == {"kind": "handover", "reason": "distress", "priority": "urgent"}
    assert customer.loop is None
    await customer.say("open a claim", "file_claim", 0.99)
    assert customer.asked == "amount"


async def test_stopping_sends_nothing_and_a_claim_opened_later_goes_on(
    customer: Dialogue, backend: FakeBackend
) -> None:
    await identified(customer)
    await answered_until(customer, "seller")
    await customer.say("stop", "stop", 1.0)
    assert customer.names == ["intake_stopped"]
    await customer.say("open a claim", "file_claim", 0.99)
    assert customer.names[0] == "intake_resumed"
    assert customer.asked == "seller"
    assert backend.claims == {}


async def test_another_incident_is_helped_and_the_claim_goes_on(customer: Dialogue) -> None:
    await identified(customer)
    await answered_until(customer, "amount")
    await customer.say("my account was also hacked", "report_hacked_account", 0.97)
    assert customer.names[0] == "first_aid_hacked_account"
    assert customer.asked == "amount"
    assert customer.intake["incident"] == "non_delivery"


async def test_a_claim_without_an_incident_asks_for_it_and_takes_a_sentence(customer: Dialogue) -> None:
    await customer.say("open a claim", "file_claim", 0.99)
    assert customer.asked == "incident"
    # Nine incidents, and a claim that was begun earlier.
    assert len(customer.buttons()) == 10
    await customer.say("my parcel never came", "report_non_delivery", 0.99)
    assert customer.intake["incident"] == "non_delivery"
    assert customer.asked == "policy_reference"


async def test_a_backend_down_at_the_end_keeps_the_claim_under_a_provisional_reference(
    customer: Dialogue, backend: FakeBackend
) -> None:
    await identified(customer)
    await answered_until(customer, "confirm")
    backend.down = {"save", "submit"}
    await customer.choose("Yes")
    (waiting,) = await customer.context.outbox.pending()
    assert waiting.provisional in customer.text()
    assert customer.requests[-1]["reason"] == "submission_waits"
    backend.down = set()
    told: list[str] = []

    async def tell(_: Any, claim: dict[str, Any]) -> None:
        told.append(claim["reference"])

    await customer.context.outbox.send_pending(customer.context.claims, tell)
    assert told == ["CLM-2026-0001"]
    (claim,) = backend.claims.values()
    assert claim["answers"]["seller"] == "Bol"


async def test_an_answer_that_got_lost_at_the_end_makes_one_claim(customer: Dialogue, backend: FakeBackend) -> None:
    await identified(customer)
    await answered_until(customer, "confirm")
    backend.lose_answer = {"submit"}
    await customer.choose("Yes")
    backend.lose_answer = set()

    async def tell(*_: Any) -> None:
        return None

    await customer.context.outbox.send_pending(customer.context.claims, tell)
    assert len(backend.claims) == 1
    assert await customer.context.outbox.pending() == []


async def test_a_token_that_ran_out_before_the_yes_asks_who_it_is_and_then_for_the_yes_again(
    customer: Dialogue, backend: FakeBackend
) -> None:
    await identified(customer)
    await answered_until(customer, "confirm")
    customer.context.now.forward(hours=3)  # type: ignore[attr-defined]
    backend.tokens_expire_at = "2026-11-22T17:00:00Z"
    await customer.choose("Yes")
    assert customer.asked == "policy_reference"
    assert backend.claims == {}
    for text in (REFERENCE, "14/03/1985", CODE):
        await customer.say(text)
    assert customer.asked == "confirm"
    await customer.choose("Yes")
    assert len(backend.claims) == 1


async def test_a_token_the_backend_rejects_at_the_yes_does_not_leave_the_claim_behind(
    customer: Dialogue, backend: FakeBackend
) -> None:
    await identified(customer)
    await answered_until(customer, "confirm")
    backend.expire_tokens()
    await customer.choose("Yes")
    assert customer.asked == "policy_reference"
    for text in (REFERENCE, "14/03/1985", CODE):
        await customer.say(text)
    await customer.choose("Yes")
    assert len(backend.claims) == 1


async def test_an_incident_chosen_differently_later_is_the_one_that_is_sent(
    customer: Dialogue, backend: FakeBackend
) -> None:
    await customer.say("open a claim", "file_claim", 0.99)
    other = customer.buttons()["Wrong or broken order"]
    await customer.choose("My order never came")
    for text in (REFERENCE, "14/03/1985", CODE):
        await customer.say(text)
    await answered_until(customer, "seller")
    # The buttons of the first question still stand in the chat.
    await customer.press(other)
    await answered_until(customer, "confirm")
    await customer.choose("Yes")
    (claim,) = backend.claims.values()
    assert claim["incident"] == "non_conforming_delivery"


async def test_an_amount_left_open_later_is_checked_again(customer: Dialogue, backend: FakeBackend) -> None:
    await identified(customer)
    await answered_until(customer, "seller")
    await customer.say("I want to change the amount", "correct_answer", 0.9)
    assert customer.asked == "amount"
    await customer.choose("I don't have it")
    assert "amount" not in backend.bodies("check")[-1]["facts"]
