"""Yes and no, choices and persons as customers type them."""

from __future__ import annotations

from datetime import date

import pytest

from actions.reading import Said, Unreadable, read
from content import LANGUAGES
from content.facts import Facts
from content.responses import Responses

RESPONSES = Responses.load()
PERSONS = {"p1": "An Peeters", "p2": "Jan Peeters", "p3": "Lou De Smet", "outsider": "Somebody else"}
CHOICES = sorted({q.id for questions in Facts.load().intakes.values() for q in questions if q.kind == "choice"})


def answer(kind: str, text: str, options: dict[str, str] | None = None, intent: str = "out_of_scope") -> str | None:
    """What is read, None when it is refused."""
    try:
        return str(read(kind, Said(text, intent, "en", date(2026, 11, 22), options or {})))
    except Unreadable:
        return None


def choice(question: str, text: str, language: str = "en") -> str | None:
    return answer("choice", text, dict(RESPONSES.options(question, language)))


def person(text: str) -> str | None:
    return answer("person", text, PERSONS)


@pytest.mark.parametrize(
    "text", ["yes", "Yes!", "yes please", "y", "okay", "ja", "Ja hoor", "jazeker", "oui", "Oui, bien sûr", "ouais"]
)
def test_yes_by_the_word(text: str) -> None:
    assert answer("yes_no", text) == "yes"


@pytest.mark.parametrize(
    "text", ["no", "No.", "no, not yet", "not yet", "nee", "neen", "nog niet", "nee hoor", "non merci", "pas encore"]
)
def test_no_by_the_word(text: str) -> None:
    assert answer("yes_no", text) == "no"


def test_yes_and_no_by_the_intent() -> None:
    assert answer("yes_no", "of course", intent="affirm") == "yes"
    assert answer("yes_no", "👍", intent="affirm") == "yes"
    assert answer("yes_no", "I don't think so", intent="deny") == "no"


def test_the_word_weighs_more_than_the_intent() -> None:
    assert answer("yes_no", "yes", intent="deny") == "yes"
    assert answer("yes_no", "nee", intent="affirm") == "no"


@pytest.mark.parametrize("text", ["", "maybe", "no problem, yes", "yesterday", "nobody", "notary", "janitor"])
def test_neither_yes_nor_no(text: str) -> None:
    assert answer("yes_no", text) is None


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("question", [*CHOICES, "incident"])
def test_every_option_is_found_by_its_id_and_by_its_title(question: str, language: str) -> None:
    options = RESPONSES.options(question, language)
    for option, title in options.items():
        assert choice(question, option, language) == option
        assert choice(question, title, language) == option
        assert choice(question, f"  {title.upper()}. ", language) == option


@pytest.mark.parametrize(
    ("question", "text", "language", "expected"),
    [
        ("private_use", "for private use", "en", "private"),
        ("private_use", "it was for work", "en", "professional"),
        ("private_use", "voor het werk", "nl", "professional"),
        ("private_use", "pour le travail", "fr", "professional"),
        ("payment_means", "with PayPal", "en", "paypal"),
        ("payment_means", "met paypal", "nl", "paypal"),
        ("payment_means", "avec PayPal", "fr", "paypal"),
        ("payment_means", "with my credit card", "en", "card"),
        ("payment_means", "par carte de crédit", "fr", "card"),
        ("payment_means", "par virement", "fr", "transfer"),
        ("purchase_from", "from a shop", "en", "business"),
        ("purchase_from", "in een winkel", "nl", "business"),
        ("tracking", "it says delivered", "en", "marked_delivered"),
        ("goods_kept", "I still have it", "en", "kept"),
        ("seller_reply", "no answer at all", "en", "no_reply"),
        ("bank_answer", "nog altijd geen antwoord", "nl", "no_answer_yet"),
        ("caused_by", "mijn huisgenoot", "nl", "housemate"),
        ("difference", "it's a fake", "en", "counterfeit"),
    ],
)
def test_words_that_fit_one_option_only(question: str, text: str, language: str, expected: str) -> None:
    assert choice(question, text, language) == expected


@pytest.mark.parametrize(
    ("question", "text", "language"),
    [
        # "for" is in "For work", "with" in "With my card", "through" in "Through my banking app".
        ("private_use", "for myself", "en"),
        ("private_use", "it was for my own use", "en"),
        ("private_use", "voor mezelf", "nl"),
        ("private_use", "pour moi", "fr"),
        ("instrument", "with PayPal", "en"),
        ("instrument", "through the website of the bank", "en"),
        ("instrument", "avec PayPal", "fr"),
        # What is denied is not what is meant.
        ("private_use", "not for work", "en"),
        ("private_use", "niet voor het werk", "nl"),
        ("private_use", "pas pour le travail", "fr"),
        ("tracking", "it is still not delivered", "en"),
        ("goods_kept", "I don't have them", "en"),
        # Fits more than one.
        ("seller_reply", "they", "en"),
        ("caused_by", "somebody", "en"),
        ("private_use", "", "en"),
        ("private_use", "1", "en"),
    ],
)
def test_filler_words_denials_and_half_words_pick_nothing(question: str, text: str, language: str) -> None:
    assert choice(question, text, language) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Jan", "p2"),
        ("jan.", "p2"),
        ("Jan Peeters", "p2"),
        ("An", "p1"),
        ("an", "p1"),
        ("Lou", "p3"),
        ("De Smet", "p3"),
        ("it happened to Lou", "p3"),
        ("mijn dochter Lou", "p3"),
        ("I think it was Jan", "p2"),
        ("my son Jan, I think", "p2"),
        ("not me, Jan", "p2"),
        ("niet mij maar Jan", "p2"),
        ("pas moi, Lou", "p3"),
        ("somebody else", "outsider"),
    ],
)
def test_a_person_by_name(text: str, expected: str) -> None:
    assert person(text) == expected


@pytest.mark.parametrize(
    "text", ["me", "Myself", "I was the victim", "ik", "ikzelf", "mij", "moi", "moi-même", "c'est moi"]
)
def test_me_is_the_holder(text: str) -> None:
    assert person(text) == "p1"


@pytest.mark.parametrize(
    "text",
    [
        "Peeters",
        "Bob",
        "my mother",
        "mijn man",
        "me and Jan",
        "Lou and I",
        "An and Jan",
        "not Jan",
        "I don't know",
        "",
        "de dochter",
    ],
)
def test_nobody_or_more_than_one_is_not_guessed(text: str) -> None:
    assert person(text) is None


PLATFORMS = [
    *(("purchase_from", word, "business") for word in ("bol.com", "Temu", "Amazon", "Zalando", "Shein")),
    *(("purchase_from", word, "private_person") for word in ("Vinted", "2dehands", "2ememain", "Facebook Marketplace")),
    *(("payment_means", word, "paypal") for word in ("PayPal", "pay pal")),
    *(("payment_means", word, "card") for word in ("Visa", "Apple Pay")),
    ("payment_means", "Payconiq", "bancontact"),
    *(("account_kind", word, "shop") for word in ("Vinted", "2dehands", "2ememain", "Facebook Marketplace", "Bol")),
    *(("account_kind", word, "shop") for word in ("Temu", "Amazon", "Zalando", "eBay")),
    *(("account_kind", word, "payment") for word in ("PayPal", "pay pal", "Payconiq")),
    ("account_kind", "Facebook", "social"),
    *(("instrument", word, "payment_service") for word in ("PayPal", "Payconiq", "Klarna")),
    ("instrument", "Apple Pay", "wallet"),
    *(("how", word, "marketplace") for word in ("Vinted", "Facebook Marketplace", "eBay")),
]


@pytest.mark.parametrize("language", ["en", "nl", "fr"])
@pytest.mark.parametrize(("question", "word", "expected"), PLATFORMS)
def test_shops_platforms_and_ways_to_pay_are_known_by_name(
    question: str, word: str, expected: str, language: str
) -> None:
    options, also = RESPONSES.options(question, language), RESPONSES.also(question, language)
    assert read("choice", Said(word, "out_of_scope", language, date(2026, 11, 22), options, also)) == expected
