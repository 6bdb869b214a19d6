"""Every question, greeting and wish outside the form gets its sentence."""

from __future__ import annotations

import re

import pytest

from actions.server import ACTIONS
from content.facts import Facts
from tests.unit.actions.dialogue import RULES, Dialogue

FACTS = Facts.load()
SMALL_TALK = ("goodbye", "thank", "bot_challenge", "out_of_scope", "ask_capabilities")


@pytest.mark.parametrize("language", ["en", "nl", "fr"])
@pytest.mark.parametrize("intent", sorted(FACTS.answers))
async def test_every_question_is_answered_and_can_name_its_source(
    intent: str, language: str, customer: Dialogue
) -> None:
    customer.language = language
    await customer.say("…", intent, 0.9)
    assert customer.names == [FACTS.answers[intent].response]
    source = customer.context.responses.render("button_source", language).text
    await customer.choose(source)
    for name in FACTS.answers[intent].sources:
        assert FACTS.sources[name]["title"] in customer.text()


@pytest.mark.parametrize("intent", sorted(RULES))
async def test_no_message_is_left_without_an_answer(intent: str, customer: Dialogue) -> None:
    await customer.say("words", intent, 0.9)
    assert customer.heard
    assert all(message.text for message in customer.heard)


@pytest.mark.parametrize("incident", sorted(FACTS.first_aid))
async def test_first_aid_comes_before_the_offer_of_a_claim(incident: str, customer: Dialogue) -> None:
    await customer.say("…", f"report_{incident}", 0.9)
    assert customer.names == [FACTS.first_aid[incident].response, "offer_claim"]
    assert (customer.heard[0].card or {}).get("steps")
    await customer.say("yes", "affirm", 0.99)
    assert customer.intake["incident"] == incident


async def test_an_offer_that_is_declined_is_gone(customer: Dialogue) -> None:
    await customer.say("my parcel never came", "report_non_delivery", 0.99)
    await customer.choose("Not now")
    assert customer.names == ["offer_declined"]
    await customer.say("yes", "affirm", 0.99)
    assert customer.names == ["affirm_nothing"]
    await customer.say("no", "deny", 0.99)
    assert customer.names == ["deny_nothing"]


async def test_the_first_greeting_is_a_welcome_and_the_next_is_shorter(customer: Dialogue) -> None:
    await customer.say("hello", "greet", 0.99)
    welcome = customer.text()
    await customer.say("hello", "greet", 0.99)
    assert "an AI, not a person" in welcome
    assert len(customer.text()) < len(welcome)


@pytest.mark.parametrize(("language", "hello"), [("en", "hello"), ("nl", "goeiedag"), ("fr", "bonjour")])
async def test_a_greeting_right_after_the_welcome_adds_nothing_but_the_choices(
    language: str, hello: str, customer: Dialogue
) -> None:
    customer.language = language
    await customer.press("/greet")
    assert customer.names == ["welcome"]
    offered = customer.buttons()
    await customer.say(hello, "greet", 0.99)
    assert customer.names == ["greet_first"]
    assert customer.buttons() == offered
    assert not re.search(r"hello|dag\b|bonjour", customer.text(), re.I)
    await customer.say(hello, "greet", 0.99)
    assert customer.names == ["greet"]


async def test_the_buttons_of_the_welcome_lead_to_all_incidents_and_to_questions(customer: Dialogue) -> None:
    await customer.say("hello", "greet", 0.99)
    buttons = customer.buttons()
    await customer.press(buttons["Something happened"])
    assert {payload.removeprefix("/report_") for payload in customer.buttons().values()} == set(FACTS.first_aid)
    await customer.press(buttons["A question"])
    assert set(customer.buttons().values()) <= {f"/{intent}" for intent in FACTS.answers}


@pytest.mark.parametrize("intent", SMALL_TALK)
async def test_small_talk_in_every_language(intent: str, customer: Dialogue) -> None:
    said = set()
    for customer.language in ("en", "nl", "fr"):
        await customer.say("…", intent, 0.9)
        said.add(customer.text())
    assert len(said) == 3


async def test_the_crisis_lines_and_a_person_come_at_once_and_the_person_once(customer: Dialogue) -> None:
    await customer.say("I want to die", "express_distress", 0.9)
    assert "02 648 40 14" in customer.text()
    first = customer.text()
    await customer.say("I can't go on", "express_distress", 0.9)
    assert customer.text() != first
    assert customer.requests == [{"kind": "handover", "reason": "distress", "priority": "urgent"}]


async def test_a_person_is_asked_for_with_the_reason(customer: Dialogue) -> None:
    await customer.say("a human please", "talk_to_human", 0.9)
    await customer.say("you are useless", "express_frustration", 0.9)
    assert [(r["reason"], r["priority"]) for r in customer.requests] == [("wanted", "normal"), ("frustration", "high")]


async def test_what_may_mean_several_things_is_asked_back_with_buttons(customer: Dialogue) -> None:
    await customer.mumble(
        "the thing with my card", "report_payment_fraud", "out_of_scope", "ask_price", "deny", "thank"
    )
    assert customer.names == ["did_you_mean"]
    assert customer.buttons() == {
        "Money gone by fraud": "/report_payment_fraud",
        "What it costs": "/ask_price",
        "Just saying thanks": "/thank",
        "None of these": "/deny",
    }
    await customer.choose("What it costs")
    assert customer.names == [FACTS.answers["ask_price"].response]


async def test_choices_then_other_words_then_a_person_and_never_a_loop(customer: Dialogue) -> None:
    names = []
    for _ in range(5):
        names += await customer.mumble("asdf", "ask_price", "greet")
    assert names == ["did_you_mean", "say_it_otherwise", *["nothing_understood_again"] * 3]
    assert [request["reason"] for request in customer.requests] == ["not_understood"]


@pytest.mark.parametrize("no", ["None of these", "no"])
async def test_none_of_the_choices_asks_for_other_words_then_a_person(no: str, customer: Dialogue) -> None:
    await customer.mumble("asdf", "ask_price", "greet")
    if no == "no":
        await customer.say(no, "deny", 0.9)
    else:
        await customer.choose(no)
    assert customer.names == ["say_it_otherwise"]
    assert await customer.mumble("asdf", "ask_price", "greet") == ["nothing_understood_again"]


async def test_a_no_long_after_the_choices_is_a_plain_no(customer: Dialogue) -> None:
    await customer.mumble("asdf", "ask_price", "greet")
    await customer.say("what does it cost?", "ask_price", 0.9)
    assert await customer.say("no", "deny", 0.9) == ["deny_nothing"]


async def test_an_offer_survives_being_asked_what_was_meant(customer: Dialogue) -> None:
    await customer.say("my parcel never came", "report_non_delivery", 0.99)
    await customer.mumble("hm ok go then", "affirm", "stop")
    await customer.choose("Yes")
    assert customer.intake["incident"] == "non_delivery"


async def test_leaning_to_no_is_a_no_to_what_is_offered(customer: Dialogue) -> None:
    await customer.say("my parcel never came", "report_non_delivery", 0.99)
    assert await customer.mumble("rather wait a few days", "stop", "deny", "goodbye") == ["offer_declined"]


async def test_a_stop_declines_what_is_offered(customer: Dialogue) -> None:
    await customer.say("my parcel never came", "report_non_delivery", 0.99)
    assert await customer.say("let us wait", "stop", 0.9) == ["offer_declined"]


async def test_leaning_to_yes_opens_what_is_offered(customer: Dialogue) -> None:
    await customer.say("my parcel never came", "report_non_delivery", 0.99)
    await customer.mumble("let us begin then", "file_claim", "affirm")
    assert customer.intake["incident"] == "non_delivery"


async def test_help_lines_stand_beside_the_question_when_it_may_be_distress(customer: Dialogue) -> None:
    await customer.mumble("I am so tired of it", "stop", "express_distress", "goodbye")
    assert "02 648 40 14" in customer.text()
    assert "/express_distress" in customer.buttons().values()
    assert customer.requests == []


async def test_nothing_likely_is_nothing_to_choose_from(customer: Dialogue) -> None:
    assert await customer.mumble("请帮帮我") == ["nothing_understood"]
    assert await customer.mumble("请帮帮我") == ["say_it_otherwise"]


async def test_being_understood_in_between_starts_the_count_again(customer: Dialogue) -> None:
    await customer.mumble("asdf", "greet")
    await customer.say("what does it cost?", "ask_price", 0.9)
    assert await customer.mumble("asdf", "greet") == ["did_you_mean"]


async def test_an_emoji_is_not_a_language_nobody_understands(customer: Dialogue) -> None:
    assert await customer.mumble("😀") == ["only_emoji"]


async def test_the_source_of_first_aid_and_of_nothing(customer: Dialogue) -> None:
    await customer.say("why?", "ask_why", 0.9)
    assert customer.names == ["why_nothing"]
    await customer.press('/ask_why{"about": "source"}')
    assert customer.names == ["source_none"]
    await customer.say("my parcel never came", "report_non_delivery", 0.99)
    await customer.say("where does that come from?", "ask_why", 0.9)
    assert "ECC" in customer.text()


@pytest.mark.parametrize("intent", ["dont_know", "correct_answer", "stop"])
async def test_what_belongs_to_a_form_is_answered_kindly_without_one(intent: str, customer: Dialogue) -> None:
    await customer.say("…", intent, 0.9)
    assert customer.names[0] in {"dont_know_nothing", "correct_nothing", "stop_nothing"}


async def test_the_language_recognised_wins_over_that_of_the_page(customer: Dialogue) -> None:
    customer.slots["language"] = "nl"
    await customer.say("open a claim", "file_claim", 0.99)
    await customer.press('/correct_answer{"question": "incident", "value": "non_delivery"}')
    for text in ("CYB-1001-0001", "14 maart 1985"):
        await customer.say(text)
    assert customer.asked == "one_time_code"


def test_each_action_has_its_own_name(customer: Dialogue) -> None:
    names = [action(customer.context).name() for action in ACTIONS]
    assert len(names) == len(set(names))
    assert set(RULES.values()) <= set(names) | {"intake_form"}


@pytest.mark.parametrize(
    "text",
    [
        "there is a man with a knife at my door",
        "mijn vriend zegt dat hij zichzelf iets gaat aandoen",
        "Il dit qu'il n'en peut plus et qu'il veut en finir avec la vie",
    ],
)
async def test_danger_of_another_person_has_its_own_words(customer: Dialogue, text: str) -> None:
    await customer.say(text, "express_distress", 0.9)
    assert customer.names == ["distress_someone_else"]
    assert "112" in customer.text()
    assert {"reason": "distress", "priority": "urgent"}.items() <= customer.requests[-1].items()


@pytest.mark.parametrize(
    "text",
    ["my husband left me and I want to die", "mijn man mag het niet weten, ik wil niet meer leven", "je veux mourir"],
)
async def test_who_speaks_of_themselves_too_is_spoken_to(customer: Dialogue, text: str) -> None:
    await customer.say(text, "express_distress", 0.9)
    assert customer.names == ["distress"]


MEETINGS = [
    ("en", "my daughter of 13 is going to meet a man from the internet"),
    ("nl", "mijn zoon van 12 heeft afgesproken met een onbekende van het internet"),
    ("fr", "ma fille de 12 ans a rendez-vous avec un inconnu"),
]


@pytest.mark.parametrize(("language", "text"), MEETINGS)
async def test_a_child_that_is_to_meet_a_stranger_gets_the_lines_for_children(
    language: str, text: str, customer: Dialogue
) -> None:
    customer.language = language
    await customer.say(text, "express_distress", 0.9)
    assert customer.names == ["child_at_risk"]
    assert customer.requests[-1]["reason"] == "child_at_risk"
    await customer.say("I want to die", "express_distress", 0.9)
    assert customer.names == ["distress"]


@pytest.mark.parametrize("language", ["en", "nl", "fr"])
async def test_a_child_that_speaks_of_death_gets_the_lines_for_that(language: str, customer: Dialogue) -> None:
    customer.language = language
    text = "my daughter of 13 was to meet a man from the internet and now she wants to die"
    await customer.say(text, "express_distress", 0.9)
    assert customer.names == ["distress_someone_else"]
