"""Every change has its mail and its news in three languages, which ask for nothing and promise nothing."""

from __future__ import annotations

import re

import pytest

from bot.sentences import NEWS, Sentences
from claims.adapters.mail import write_mail
from claims.domain.claims import ClaimStatus
from claims.service.announcements import EVENTS, TOLD_IN_CONVERSATION
from content import LANGUAGES
from content.facts import Facts
from content.responses import Responses

RESPONSES, CONTACTS = Responses.load(), Facts.load().contacts
TEMPLATES = [*(f"claim_mail_{event}" for event in EVENTS), "claim_mail_approved_without_payment"]
VALUES = {
    "reference": "CC-2026-7K4M2P",
    "reason": "Please send us the order confirmation.",
    "to_pay": {"kind": "amount", "value": "1234.50"},
    "paid": {"kind": "amount", "value": "1234.50"},
}
AMOUNT = {"en": "€1,234.50", "nl": "€ 1.234,50", "fr": "1 234,50 €"}
TO_ANSWER = {
    "en": "“I want to add something to my claim”",
    "nl": "“ik wil iets toevoegen aan mijn dossier”",
    "fr": "« je veux ajouter quelque chose à mon dossier »",
}
FORMAL = {"nl": r"\b(?:[Uu]|[Uu]w)\b", "fr": r"\b(?:tu|te|ton|ta|tes|toi)\b"}


def text_of(template: str, language: str) -> str:
    mail = write_mail("lies@example.be", template, language, VALUES)
    return f"{mail.subject}\n{mail.text}".replace("\xa0", " ").replace("\u202f", " ")


def test_every_status_is_an_event_and_all_but_the_first_are_told_in_the_conversation() -> None:
    assert set(EVENTS) == {status.value for status in ClaimStatus}
    assert set(TOLD_IN_CONVERSATION) == set(EVENTS) - {"submitted"}
    assert set(NEWS) == {f"claim_news_{event}" for event in TOLD_IN_CONVERSATION}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", TEMPLATES)
def test_a_mail_names_the_claim_and_who_to_call(template: str, language: str) -> None:
    text = text_of(template, language)
    assert VALUES["reference"] in text.split("\n")[0]
    assert str(CONTACTS["cyber_care"]["number"]) in text
    assert "{" not in text


@pytest.mark.parametrize("language", ["nl", "fr"])
@pytest.mark.parametrize("name", [*TEMPLATES, *NEWS])
def test_the_reader_is_spoken_to_in_one_way(name: str, language: str) -> None:
    assert not re.search(FORMAL[language], RESPONSES.entries[language][name]["text"])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", ["claim_mail_approved", "claim_mail_paid"])
def test_amounts_are_written_as_the_reader_expects(template: str, language: str) -> None:
    assert AMOUNT[language] in text_of(template, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_decline_gives_the_reason_and_the_two_ways_to_complain(language: str) -> None:
    text = text_of("claim_mail_declined", language)
    for expected in (
        VALUES["reason"],
        CONTACTS["quality_department"]["email"],
        CONTACTS["insurance_ombudsman"]["number"],
        "7, 1000 ",
        "90",
    ):
        assert expected in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["claim_mail_information_requested", "claim_news_information_requested"])
def test_a_question_says_how_to_answer_in_the_chat_or_by_phone(name: str, language: str) -> None:
    said = " ".join(RESPONSES.entries[language][name]["text"].split())
    assert TO_ANSWER[language] in said
    assert said.index(TO_ANSWER[language]) < said.index("{contacts.cyber_care}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_date_is_named_by_which_money_comes(language: str) -> None:
    says_who = r"(?:product page|productpagina|page du produit)[^.]*15|15[^.]*produ"
    for template in ("claim_mail_submitted", "claim_mail_approved"):
        assert re.search(says_who, text_of(template, language))
    assert "15" not in text_of("claim_mail_approved_without_payment", language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_claim_that_was_just_sent_is_promised_nothing(language: str) -> None:
    said = text_of("claim_mail_submitted", language).lower()
    assert not re.search(r"\b(?:covered|approved|gedekt|verzekerd|goedgekeurd|couvert|accepté)\b", said)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NEWS)
def test_news_fills_in_exactly_what_the_bot_is_sent(name: str, language: str) -> None:
    values = {value: f"<{value}>" for value in NEWS[name]}
    text = Sentences.load(RESPONSES).say(name, language, **values).text
    assert all(value in text for value in values.values())
    assert "{" not in text


def test_what_staff_write_is_not_filled_in_again() -> None:
    said = Sentences.load(RESPONSES).say(
        "claim_news_information_requested", "en", reference="CC-1", reason="{reference} {contacts.cyber_care}"
    )
    assert "{reference} {contacts.cyber_care}" in said.text
    mail = write_mail("a@example.be", "claim_mail_declined", "en", {"reference": "CC-1", "reason": "{reference}"})
    assert "\n{reference}\n" in mail.text
