"""Questions about a case get the rule for it, its doubt, and the offer to look at the customer's own policy."""

from __future__ import annotations

import pytest

from actions.cover_cases import case_of
from content import LANGUAGES
from content.facts import Facts
from content.responses import Responses
from tests.unit.actions.dialogue import Dialogue

FACTS, RESPONSES = Facts.load(), Responses.load()


@pytest.mark.parametrize(
    ("text", "language", "case"),
    [
        ("am I covered if my son bought it?", "en", "bought_by_family"),
        ("Is dat verzekerd als ik het van een particulier op 2dehands kocht?", "nl", "second_hand_private"),
        ("et si le harceleur est à l'école de ma fille ?", "fr", "child_bullied"),
        ("Am I covered when MY laptop of work is hit?", "en", None),
        ("What is covered?", "en", None),
    ],
)
def test_a_case_is_known_by_its_words(text: str, language: str, case: str | None) -> None:
    found = case_of(text, language, FACTS.cases)
    assert found == case


@pytest.mark.parametrize("case", sorted(FACTS.cases))
def test_every_case_has_its_answer_words_and_sources(case: str) -> None:
    known = FACTS.cases[case]
    assert known.answer.response in RESPONSES.entries["en"]
    assert known.words.keys() == set(LANGUAGES)
    assert all(group for groups in known.words.values() for group in groups)
    assert set(known.answer.sources) <= FACTS.sources.keys()
    assert known.answer.sources


async def test_the_answer_to_a_case_offers_a_look_at_the_own_policy(customer: Dialogue) -> None:
    await customer.say("am I covered if my son bought it?", "ask_coverage", 0.95)
    assert customer.names == ["cover_case_bought_by_family"]
    assert "Check my policy" in customer.buttons()
    await customer.say("yes please", "affirm", 0.99)
    assert customer.names == ["errand_cover", "ask_policy_reference"]


async def test_where_the_answer_to_a_case_comes_from_can_be_asked(customer: Dialogue) -> None:
    await customer.say("am I covered if my son bought it?", "ask_insured_persons", 0.95)
    await customer.choose("Where is that from?")
    assert customer.names == ["source_intro"]


async def test_other_questions_about_cover_keep_their_answer(customer: Dialogue) -> None:
    await customer.say("what is covered?", "ask_coverage", 0.95)
    assert customer.names == ["policy_coverage"]
    assert "Check my policy" in customer.buttons()


@pytest.mark.parametrize(
    ("text", "intent", "answer"),
    [
        ("it happened a year ago, can I still report it?", "ask_claim_procedure", "cover_case_long_ago"),
        ("it was before my contract, do you still help?", "ask_contract_term", "cover_case_before_contract"),
        ("how do I claim for the tickets I ordered?", "ask_claim_procedure", "claims_procedure"),
        ("what if the webshop is in china?", "ask_prevention_online_shopping", "cover_case_shop_abroad"),
        ("how do I shop safely in china?", "ask_prevention_online_shopping", "prevention_online_shopping"),
        ("is my company laptop included?", "ask_insurer", "cover_case_work_device"),
    ],
)
async def test_questions_that_resemble_others_are_about_the_case_they_name(
    text: str, intent: str, answer: str, customer: Dialogue
) -> None:
    await customer.say(text, intent, 0.8)
    assert customer.names == [answer]


async def test_before_asking_back_the_words_of_the_cases_are_tried(customer: Dialogue) -> None:
    await customer.mumble("my flatmate was behind it, does the insurance still pay?", "ask_price", "ask_contract_term")
    assert customer.names == ["cover_case_caused_at_home"]
    await customer.mumble("lost 900 on a trading platform", "ask_coverage", "report_payment_fraud")
    assert customer.names == ["cover_case_crypto_investment"]


@pytest.mark.parametrize("guesses", [(), ("report_non_delivery", "ask_price")])
async def test_words_of_a_case_without_a_question_about_cover_are_asked_back(
    guesses: tuple[str, ...], customer: Dialogue
) -> None:
    await customer.mumble("the festival tickets on vinted", *guesses)
    assert customer.names == ["did_you_mean" if guesses else "nothing_understood"]


async def test_what_happened_gets_first_aid_and_then_the_answer_about_cover(customer: Dialogue) -> None:
    await customer.say("my daughter is bullied at school, is that covered?", "report_cyberbullying", 0.9)
    assert customer.names == ["first_aid_cyberbullying", "cover_case_child_bullied", "offer_claim"]
    await customer.say("my daughter is bullied by her whole class", "report_cyberbullying", 0.9)
    assert customer.names == ["first_aid_cyberbullying", "offer_claim"]
