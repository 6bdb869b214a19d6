"""Answer, skip, change, question or something else? With the confidences the trained model gives such messages."""

from __future__ import annotations

from datetime import date

import pytest

from actions.intake.corrections import new_value, which_question
from actions.intake.understand import Heard, Step, understand
from actions.reading import Said
from content.facts import Facts, Question
from content.responses import Responses

FACTS, RESPONSES = Facts.load(), Responses.load()
TODAY = date(2026, 11, 22)
BY_ID = {q.id: q for incident in ("non_delivery", "payment_fraud", "other") for q in FACTS.questions(incident)}
INCIDENT = Question("incident", "choice", required=True)
CONFIRM = Question("confirm", "yes_no", required=True)


def hears(
    asked: Question,
    text: str,
    intent: str,
    confidence: float,
    incident: str | None = "non_delivery",
    **entities: str,
) -> Step:
    options = dict(RESPONSES.options(asked.id, "en"))
    return understand(asked, Heard(Said(text, intent, "en", TODAY, options), confidence, entities, incident))


@pytest.mark.parametrize(
    ("question", "text", "intent", "confidence"),
    [
        ("incident_date", "3/11", "out_of_scope", 0.43),
        ("incident_date", "yesterday", "goodbye", 0.58),
        ("amount", "240 euro", "report_payment_fraud", 0.72),
        ("policy_reference", "CYB-1001-0001", "correct_answer", 0.25),
        ("one_time_code", "123456", "out_of_scope", 0.35),
        ("seller_reminded", "no", "deny", 1.0),
        ("seller_reminded", "not yet", "deny", 0.76),
        ("payment_means", "with PayPal", "ask_prevention_payments", 0.26),
    ],
)
def test_what_can_be_read_as_the_answer_is_the_answer(question: str, text: str, intent: str, confidence: float) -> None:
    assert hears(BY_ID[question], text, intent, confidence) == Step("answer", question, text)


@pytest.mark.parametrize(
    ("question", "text", "intent", "confidence"),
    [
        ("seller", "Coolblue", "correct_answer", 0.54),
        ("bank", "KBC", "unsure", 0.20),
        ("goods", "a pair of shoes", "report_non_conforming_delivery", 0.25),
        ("remarks", "they said it was cancelled", "correct_answer", 0.55),
        ("description", "I ordered shoes and they never came", "report_non_delivery", 0.94),
        ("description", "they called me and I gave them my code", "report_phishing", 0.66),
        ("steps_taken", "I already blocked my card and called the bank", "report_payment_fraud", 0.55),
        ("steps_taken", "I wrote to customer service, is that ok?", "make_complaint", 0.34),
        ("steps_taken", "no, they did not answer me and I stopped writing to them", "deny", 0.60),
        ("goods", "thanks", "thank", 0.99),
    ],
)
def test_a_story_is_an_answer_whatever_intent_it_resembles(
    question: str, text: str, intent: str, confidence: float
) -> None:
    assert hears(BY_ID[question], text, intent, confidence) == Step("answer", question, text)


@pytest.mark.parametrize("question", ["incident_date", "seller", "seller_reminded", "payment_means", "remarks"])
@pytest.mark.parametrize(
    ("text", "intent", "confidence"),
    [
        ("why do you need that?", "ask_why", 1.0),
        ("stop", "stop", 1.0),
        ("I want to talk to a human", "talk_to_human", 1.0),
        ("in het Nederlands graag", "change_language", 1.0),
        ("is this a robot?", "bot_challenge", 1.0),
        ("this bot is useless", "express_frustration", 0.94),
        ("what does this cost?", "ask_price", 0.51),
        ("how much is covered?", "ask_limits", 0.53),
        ("do I have to file a police report?", "ask_required_documents", 0.75),
        ("I want to kill myself", "express_distress", 0.98),
    ],
)
def test_questions_and_wishes_are_not_taken_as_answers(
    question: str, text: str, intent: str, confidence: float
) -> None:
    assert hears(BY_ID[question], text, intent, confidence).kind == "leave"


def test_distress_that_is_only_a_weak_guess_does_not_close_the_form() -> None:
    # The model gives "for myself" express_distress with 0.25: the best of many bad guesses.
    assert hears(BY_ID["private_use"], "for myself", "express_distress", 0.25).kind == "answer"
    # From 0.3 on the classifier means it, and in a story even less is enough.
    assert hears(BY_ID["private_use"], "I can't go on", "express_distress", 0.31).kind == "leave"
    assert hears(BY_ID["description"], "I don't see a way out any more", "express_distress", 0.25).kind == "leave"


@pytest.mark.parametrize("text", ["I don't know", "I don't have it"])
@pytest.mark.parametrize(("intent", "confidence"), [("dont_know", 0.99), ("deny", 0.67)])
@pytest.mark.parametrize("question", ["amount", "order_date", "order_number", "tracking"])
def test_not_having_it_skips_the_question(question: str, text: str, intent: str, confidence: float) -> None:
    assert hears(BY_ID[question], text, intent, confidence) == Step("skip", question)


@pytest.mark.parametrize(("text", "confidence"), [("no", 1.0), ("no, that's all", 1.0), ("Nothing else", 0.74)])
def test_a_short_no_to_anything_else_leaves_it_open(text: str, confidence: float) -> None:
    assert hears(BY_ID["remarks"], text, "deny", confidence) == Step("skip", "remarks")


@pytest.mark.parametrize(
    ("text", "confidence"),
    [("no, the amount was 340", 0.95), ("the amount was 340, not 430", 0.99), ("I want to change the date", 0.91)],
)
@pytest.mark.parametrize("question", ["seller_reminded", "order_date", "payment_means", "seller", "confirm"])
def test_a_correction_is_not_the_answer_to_the_open_question(question: str, text: str, confidence: float) -> None:
    asked = BY_ID.get(question, CONFIRM)
    assert hears(asked, text, "correct_answer", confidence) == Step("which", value=text)


def test_opening_a_claim_while_one_is_open_asks_again() -> None:
    assert hears(BY_ID["amount"], "open a claim", "file_claim", 0.99) == Step("again", "amount")


@pytest.mark.parametrize("incident", ["non_delivery", None])
def test_what_the_claim_is_about_can_be_told_in_a_sentence(incident: str | None) -> None:
    step = hears(INCIDENT, "somebody emptied my account", "report_payment_fraud", 0.93, incident=incident)
    assert step == Step("answer", "incident", "payment_fraud")


def test_another_incident_is_reported_while_the_form_is_open() -> None:
    step = hears(BY_ID["amount"], "my account was also hacked", "report_hacked_account", 0.97)
    assert step.kind == "leave"


def test_more_about_the_same_incident_is_no_new_report() -> None:
    step = hears(BY_ID["amount"], "the seller stopped answering", "report_non_delivery", 0.92)
    assert step.kind == "answer"


def test_buttons_say_exactly_what_they_are() -> None:
    amount = BY_ID["amount"]
    assert hears(amount, "/dont_know", "dont_know", 1.0) == Step("skip")
    assert hears(amount, "/affirm", "affirm", 1.0) == Step("answer", value="yes")
    assert hears(amount, "/deny", "deny", 1.0) == Step("answer", value="no")
    assert hears(amount, "/file_claim", "file_claim", 1.0).kind == "again"
    assert hears(amount, "/correct_answer{}", "correct_answer", 1.0, question="goods") == Step("change", "goods")
    chosen = hears(amount, "/correct_answer{}", "correct_answer", 1.0, question="tracking", value="lost")
    assert chosen == Step("change", "tracking", "lost")
    assert hears(amount, "/ask_price", "ask_price", 1.0).kind == "leave"


def labels(language: str) -> dict[str, str]:
    return {name: RESPONSES.label(name, language) for name in BY_ID}


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("no, the amount was 340", "en", "amount"),
        ("the order number is wrong", "en", "order_number"),
        ("it was 340 euro", "en", "amount"),
        ("€ 340 instead of € 430", "en", "amount"),
        ("het bedrag was 340", "nl", "amount"),
        ("le montant était 340", "fr", "amount"),
    ],
)
def test_a_correction_finds_its_question(text: str, language: str, expected: str) -> None:
    answered = [BY_ID[name] for name in ("amount", "seller", "order_number", "payment_means", "incident_date")]
    found = which_question(text, answered, labels(language))
    assert found is not None
    assert found.id == expected


def test_the_only_date_is_meant_when_a_date_is_corrected() -> None:
    found = which_question("no, 4/11", [BY_ID["amount"], BY_ID["incident_date"]], labels("en"))
    assert found == BY_ID["incident_date"]


def test_a_correction_that_fits_several_questions_is_not_guessed() -> None:
    dates = [BY_ID["incident_date"], BY_ID["order_date"]]
    assert which_question("the date was 4/11", dates, labels("en")) is None
    assert which_question("that is wrong", [BY_ID["amount"], *dates], labels("en")) is None


@pytest.mark.parametrize(
    ("question", "text", "language", "expected"),
    [
        ("amount", "the amount was 340, not 430", "en", "340.00"),
        ("amount", "het bedrag was 340 en niet 430", "nl", "340.00"),
        ("amount", "le montant était 340 et non 430", "fr", "340.00"),
        ("incident_date", "the date was 4/11", "en", "2026-11-04"),
        ("amount", "the amount is wrong", "en", None),
        ("seller", "the seller was Bol", "en", None),
    ],
)
def test_the_new_value_of_a_correction(question: str, text: str, language: str, expected: str | None) -> None:
    said = Said(text, "correct_answer", language, TODAY)
    assert new_value(BY_ID[question], said) == expected


@pytest.mark.parametrize(
    ("question", "text", "kind", "name"),
    [
        ("seller", "c'était sur 2ememain", "platform", "2dehands"),
        ("seller", "it was on Temu", "shop", "Temu"),
        ("bank", "het was via PayPal", "bank", "PayPal"),
    ],
)
def test_a_name_of_the_kind_asked_for_is_the_answer(question: str, text: str, kind: str, name: str) -> None:
    asked = BY_ID[question]
    plain, named = (Said(text, "correct_answer", "en", TODAY, found=found) for found in ({}, {kind: (name,)}))
    assert understand(asked, Heard(plain, 0.8)).kind == "which"
    assert understand(asked, Heard(named, 0.8)) == Step("answer", question, text)


def test_a_name_in_a_correction_corrects() -> None:
    said = Said("no sorry, it was Temu", "correct_answer", "en", TODAY, found={"shop": ("Temu",)})
    assert understand(BY_ID["seller"], Heard(said, 0.8)).kind == "which"
