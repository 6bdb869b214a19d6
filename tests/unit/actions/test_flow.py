"""Which question comes next."""

from __future__ import annotations

import pytest

from actions.intake import flow
from actions.intake.state import Intake
from content.facts import Facts, Question

FACTS = Facts.load()
INCIDENTS = tuple(FACTS.first_aid)
IDENTITY = ("policy_reference", "date_of_birth", "one_time_code")


def some_answer(question: Question) -> str:
    return question.options[0] if question.options else "yes" if question.kind == "yes_no" else "something"


def asked_in_order(intake: Intake) -> list[str]:
    """Answer everything with the first choice, and yes."""
    order = []
    while (question := flow.next_question(intake, True, FACTS)).id != "confirm":
        order.append(question.id)
        assert len(order) < 50, order
        intake = intake.answer(question.id, some_answer(question))
    return order


def test_the_incident_comes_first() -> None:
    assert flow.next_question(Intake("k"), True, FACTS).id == "incident"
    assert flow.next_question(Intake("k"), False, FACTS).id == "incident"


def test_then_who_the_customer_is_in_this_order() -> None:
    intake, order = Intake("k", "non_delivery"), []
    for _ in IDENTITY:
        question = flow.next_question(intake, False, FACTS)
        order.append(question.id)
        intake = intake.answer(question.id, "given")
    assert tuple(order) == IDENTITY


@pytest.mark.parametrize("incident", INCIDENTS)
def test_every_incident_ends_in_the_read_back_and_asks_nothing_twice(incident: str) -> None:
    order = asked_in_order(Intake("k", incident))
    assert len(order) == len(set(order))
    assert not set(order) & set(IDENTITY)
    assert {"incident_date", "victim"} <= set(order)


@pytest.mark.parametrize("incident", INCIDENTS)
def test_all_that_decides_about_cover_is_asked_before_the_details(incident: str) -> None:
    phases = {question.id: question.phase for question in FACTS.questions(incident)}
    order = [phases[name] for name in asked_in_order(Intake("k", incident))]
    assert order == sorted(order, key=["check", "details"].index)


def test_a_question_with_a_condition_is_asked_only_when_it_holds() -> None:
    intake = Intake("k", "non_delivery")
    ids = [question.id for question in flow.questions(intake.answer("seller_reminded", "no"), FACTS)]
    assert "seller_reply" not in ids
    ids = [question.id for question in flow.questions(intake.answer("seller_reminded", "yes"), FACTS)]
    assert ids.index("seller_reply") == ids.index("seller_reminded") + 1
    ids = [question.id for question in flow.questions(intake.leave_open("seller_reminded"), FACTS)]
    assert "seller_reply" not in ids


def checked(intake: Intake) -> Intake:
    for question in flow.questions(intake, FACTS):
        if question.phase == "check":
            intake = intake.answer(question.id, some_answer(question))
    return intake


def test_the_check_is_due_once_all_its_questions_are_settled() -> None:
    intake = checked(Intake("k", "non_delivery"))
    assert flow.check_is_due(intake, FACTS)
    assert flow.check_is_due(intake.leave_open("amount"), FACTS)
    assert not flow.check_is_due(intake.without("amount"), FACTS)
    assert not flow.check_is_due(intake.but(finding="looks_covered"), FACTS)


@pytest.mark.parametrize("finding", ["looks_covered", "needs_review", "unavailable"])
def test_a_finding_that_is_not_negative_asks_nothing(finding: str) -> None:
    assert flow.next_question(checked(Intake("k", "non_delivery")).but(finding=finding), True, FACTS).phase == "details"


def test_a_negative_finding_asks_whether_to_go_on_and_never_refuses() -> None:
    intake = checked(Intake("k", "non_delivery")).but(finding="looks_not_covered")
    assert flow.next_question(intake, True, FACTS).id == "go_on"
    assert flow.next_question(intake.answer("go_on", "yes"), True, FACTS).phase == "details"


def test_a_question_to_ask_again_comes_before_what_is_still_open() -> None:
    intake = checked(Intake("k", "non_delivery")).but(finding="looks_covered", again="amount")
    assert flow.next_question(intake, True, FACTS).id == "amount"
    assert flow.next_question(intake.answer("amount", "5.00"), True, FACTS).id != "amount"


def test_progress_counts_up_to_the_number_of_questions() -> None:
    intake, seen = Intake("k", "payment_fraud"), []
    while (question := flow.next_question(intake, True, FACTS)).id != "confirm":
        progress = flow.progress(question, intake, FACTS)
        assert progress is not None
        seen.append(progress)
        intake = intake.answer(question.id, some_answer(question))
    assert [step["step"] for step in seen] == list(range(1, len(seen) + 1))
    assert seen[-1]["step"] == seen[-1]["of"]


@pytest.mark.parametrize("name", ["incident", "confirm", "go_on"])
def test_what_is_no_question_of_the_claim_has_no_progress(name: str) -> None:
    intake = Intake("k", "non_delivery")
    question = flow.find(name, intake, FACTS)
    assert question is not None
    assert flow.progress(question, intake, FACTS) is None


def test_only_questions_of_this_intake_are_found() -> None:
    assert flow.find("bank", Intake("k", "non_delivery"), FACTS) is None
    assert flow.find("bank", Intake("k", "payment_fraud"), FACTS) is not None
    assert flow.find(None, Intake("k", "payment_fraud"), FACTS) is None


def test_what_proves_the_identity_is_no_part_of_the_claim() -> None:
    intake = Intake("k", "non_delivery", answers=dict.fromkeys((*IDENTITY, "seller"), "x"))
    assert flow.claim_answers(intake, FACTS) == {"seller": "x"}


def test_an_answer_whose_question_no_longer_applies_is_taken_back() -> None:
    intake = Intake("k", "non_delivery", answers={"seller_reminded": "no", "seller_reply": "refuses"})
    assert flow.claim_answers(intake, FACTS) == {"seller_reminded": "no", "seller_reply": None}


def test_the_slot_gives_back_the_same_intake() -> None:
    intake = Intake("k", "non_delivery", {"amount": "1.00"}, ("goods",), "seller", draft={"id": "d", "version": 2})
    assert Intake.from_slot(intake.to_slot()) == intake
    assert Intake.from_slot(None) is None
