"""What a customer tells in one go fills the questions it answers, and only those."""

from __future__ import annotations

from datetime import date

import pytest

from actions.reading import Said
from actions.told import answers_from, told_in
from content.facts import Facts

FACTS = Facts.load()
TODAY = date(2026, 11, 22)


def found(text: str, **marked: str) -> dict[str, str]:
    """What `text` tells; `marked` names the entities in it."""
    entities = [
        {"entity": kind.rstrip("_"), "value": value, "start": text.index(value), "end": text.index(value) + len(value)}
        for kind, value in marked.items()
    ]
    return told_in(text, entities)


def answers(incident: str, told: dict[str, str], language: str = "en") -> dict[str, str]:
    return answers_from(told, FACTS.fills(incident), FACTS.questions(incident), Said("", "", language, TODAY))


@pytest.mark.parametrize(
    ("text", "day", "role"),
    [
        ("I paid 240 euro to a webshop on 3 November and nothing came", "3 November", "ordered"),
        ("It was ordered in May. I noticed it on 2 June", "2 June", "noticed"),
        ("Het pakje moest op 5 mei aankomen", "5 mei", "expected"),
        ("Ik heb het gisteren pas gemerkt", "gisteren", "noticed"),
        ("J'ai reçu le colis hier", "hier", "arrived"),
        ("Hier, de l'argent a disparu", "Hier", "happened"),
        ("On 1 May it happened. I paid nothing.", "1 May", "happened"),
        ("they emptied my account last Monday", "last Monday", "happened"),
    ],
)
def test_a_day_is_told_under_what_happened_on_it(text: str, day: str, role: str) -> None:
    assert found(text, date=day) == {role: day}


def test_two_days_of_different_things_are_kept_apart() -> None:
    text = "Money left my account on 3 May, I only noticed it on 9 May"
    assert found(text, date="3 May", date_="9 May") == {"happened": "3 May", "noticed": "9 May"}


def test_what_is_said_twice_differently_tells_nothing() -> None:
    assert found("first 200, then 300", amount="200", amount_="300") == {}


def test_one_sentence_answers_amount_shop_and_day() -> None:
    told = found(
        "I paid 240 euro to a webshop called Mode Paris on 3 November and nothing came",
        amount="240",
        shop="Mode Paris",
        date="3 November",
    )
    assert answers("non_delivery", told) == {
        "amount": "240.00",
        "seller": "Mode Paris",
        "order_date": "2026-11-03",
    }


def test_relative_days_become_dates_in_the_language_of_the_message() -> None:
    assert answers("payment_fraud", {"happened": "eergisteren"}, "nl") == {"incident_date": "2026-11-20"}


@pytest.mark.parametrize("told", [{"happened": "soon"}, {"amount": "a lot"}, {"shop": "Bol"}])
def test_what_cannot_be_read_or_does_not_belong_answers_nothing(told: dict[str, str]) -> None:
    assert answers("payment_fraud", told) == {}


@pytest.mark.parametrize("incident", sorted(FACTS.told.keys() - {"common"}))
def test_what_may_be_told_answers_questions_that_exist(incident: str) -> None:
    known = {question.id: question.kind for question in FACTS.questions(incident)}
    own = FACTS.told[incident]
    assert own.keys() <= known.keys()
    days = {"happened", "noticed", "ordered", "arrived", "expected"}
    for question, kinds in own.items():
        assert set(kinds) <= days | {"amount", "shop", "platform", "bank"}
        assert (known[question] == "date") == (set(kinds) <= days)
