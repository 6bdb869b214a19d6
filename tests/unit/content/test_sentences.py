"""Every sentence exists in three languages, says the same, and can be filled in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import yaml

from bot.desk.sentences import CHOICES
from content import LANGUAGES
from content.facts import PROJECT_ROOT, ContentError, Facts
from content.responses import Responses

RESPONSES, FACTS = Responses.load(), Facts.load()
NAMES = sorted(RESPONSES.entries["en"])
INTENTS = {
    next(iter(intent)) if isinstance(intent, dict) else intent
    for intent in yaml.safe_load((PROJECT_ROOT / "domain.yml").read_text("utf-8"))["intents"]
}
# What the bot service answers itself, without the engine; and what it asks of the engine itself, without a customer.
BY_THE_BOT = {payload.removeprefix("/") for payload in CHOICES}
HIDDEN = {"resume_after_person", "give_evidence", "identify"}
# What actions and services fill in, of the kind they fill it in with.
VALUES: dict[str, Any] = {
    "incident": "non_delivery",
    "name": "Marie",
    "reference": "CLM-2026-0001",
    "provisional": "P-1A2B3C4D",
    "tries": 2,
    "label": "Amount",
    "value": "€240",
    "sources": "Safeonweb",
    "left": {"kind": "amount", "value": "3800"},
    "code": "123456",
    "minutes": 10,
    "reason": "Can you send us the order confirmation?",
    "to_pay": {"kind": "amount", "value": "240.50"},
    "paid": {"kind": "amount", "value": "240.50"},
    "days": 2,
    "day": {"kind": "date", "value": "2026-11-03"},
    "due": {"kind": "date", "value": "2026-11-18"},
    "amount": {"kind": "amount", "value": "240"},
    "message": "Can you send us the order confirmation?",
    "answered": 3,
    "questions": 15,
    "due_on": "2026-11-03",
    "place": 2,
    "names": "receipt.pdf",
    "moment": "23/11/2026 08:30",
    "opens": "Monday 23 November, 08:30",
}
FILE_NAMES = sorted(path.name for path in (PROJECT_ROOT / "data/responses/en").glob("*.yml"))
# Sentences that show how something is written may hold it.
EXAMPLES = re.compile(r"14/03/1985|3/11/2026|CYB-1001-0001|\b240\b|\b49[.,]99\b")
BUTTON_LENGTH, QUICK_REPLY_LENGTH = 24, 20


def placeholders(entry: Any) -> list[str]:
    text = json.dumps(entry, ensure_ascii=False)
    # Crisis lines and addresses have a fact of their own in each language.
    found = re.findall(r"\{[a-z_]+(?:\.[a-z0-9_]+)?\}", text)
    return sorted(re.sub(r"_(?:en|nl|fr)\}", "}", each) for each in found)


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key != "payload":
                yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)
    else:
        yield str(value)


def shape(entry: Mapping[str, Any]) -> dict[str, Any]:
    """What has to be the same in every language."""
    return {
        "parts": sorted(entry),
        "options": list(entry.get("options") or ()),
        "steps": len(entry.get("steps") or ()),
        "payloads": [button["payload"] for button in entry.get("buttons") or ()],
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_files_of_each_language_have_the_same_names(language: str) -> None:
    assert sorted(path.name for path in (PROJECT_ROOT / f"data/responses/{language}").glob("*.yml")) == FILE_NAMES


@pytest.mark.parametrize("language", ["nl", "fr"])
def test_no_language_lacks_a_sentence_or_has_one_of_its_own(language: str) -> None:
    assert sorted(RESPONSES.entries[language]) == NAMES


@pytest.mark.parametrize("language", ["nl", "fr"])
@pytest.mark.parametrize("name", NAMES)
def test_a_sentence_has_the_same_parts_and_placeholders_in_every_language(name: str, language: str) -> None:
    english, other = RESPONSES.entries["en"][name], RESPONSES.entries[language][name]
    assert shape(other) == shape(english)
    assert set(placeholders(other)) == set(placeholders(english))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_every_part_of_every_sentence_can_be_filled_in(name: str, language: str) -> None:
    entry = RESPONSES.entries[language][name]
    for part, content in entry.items():
        if part in ("options", "also", "buttons", "steps", "title"):
            continue
        text = RESPONSES.render(name, language, **VALUES, part=part).text
        assert text, f"{part} is empty"
        assert not re.search(r"[{}]", text), content
        assert not re.search(r"\bNone\b(?! of)", text)
    for text in strings(RESPONSES.render(name, language, **VALUES).card or {}):
        assert not re.search(r"[{}]", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_dutch_or_french_reader_is_not_given_english(language: str) -> None:
    same = [
        name
        for name in NAMES
        if language != "en"
        and len(str(RESPONSES.entries["en"][name].get("text", ""))) > 40
        and RESPONSES.entries[language][name].get("text") == RESPONSES.entries["en"][name]["text"]
    ]
    assert same == []


def sentence_cases() -> list[Any]:
    return [
        pytest.param(language, path.name, id=f"{language}-{path.stem}")
        for language in LANGUAGES
        for path in sorted((PROJECT_ROOT / f"data/responses/{language}").glob("*.yml"))
    ]


@pytest.mark.parametrize(("language", "file"), sentence_cases())
def test_numbers_addresses_and_amounts_come_from_the_facts(language: str, file: str) -> None:
    loaded = yaml.safe_load((PROJECT_ROOT / f"data/responses/{language}/{file}").read_text("utf-8"))
    literal = re.compile(r"\d{3,}|\d{2,4}[ ./]\d{2,}|@|https?:|www\.|\b[a-z0-9-]+\.(?:be|com|org)\b|€|\bEUR\b")
    found = [text for text in strings(loaded) if literal.search(EXAMPLES.sub("", text.replace("1813", "")))]
    assert found == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [name for name in NAMES if RESPONSES.entries["en"][name].get("buttons")])
def test_every_button_leads_to_an_intent_and_fits_a_screen(name: str, language: str) -> None:
    for button in RESPONSES.render(name, language, **VALUES).buttons:
        match = re.fullmatch(r"/([a-z_]+)(\{.*\})?", button["payload"])
        assert match, button
        assert match[1] in INTENTS | BY_THE_BOT
        assert not match[2] or isinstance(json.loads(match[2]), dict)
        assert 0 < len(button["title"]) <= BUTTON_LENGTH


def questions_with_options() -> list[str]:
    return [
        name.removeprefix("ask_")
        for name in NAMES
        if name.startswith("ask_") and RESPONSES.entries["en"][name].get("options")
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("question", ["incident", *questions_with_options()])
def test_choices_fit_and_differ(question: str, language: str) -> None:
    titles = list(RESPONSES.options(question, language).values())
    assert max(map(len, titles)) <= BUTTON_LENGTH
    assert len(set(map(str.lower, titles))) == len(titles)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["button_yes", "button_no", "button_skip", "button_go_on", "button_new_code"])
def test_answers_to_a_question_fit_a_quick_reply(name: str, language: str) -> None:
    assert len(RESPONSES.render(name, language).text) <= QUICK_REPLY_LENGTH


def test_what_is_missing_is_said_clearly() -> None:
    with pytest.raises(ContentError, match="no response nothing_like_it in en"):
        RESPONSES.render("nothing_like_it", "en")
    with pytest.raises(ContentError, match="reference"):
        RESPONSES.render("claim_submitted", "en")
    with pytest.raises(ContentError, match="nowhere"):
        RESPONSES.fill("{contacts.nowhere}", "en")
    with pytest.raises(ContentError, match="unknown placeholder"):
        RESPONSES.fill("{weather.today}", "en")


def test_what_a_customer_wrote_is_not_filled_in_again() -> None:
    said = RESPONSES.render("corrected", "en", label="Goods", value="{contacts.cyber_care} {name}").text
    assert "{contacts.cyber_care} {name}" in said


def test_help_lines_for_another_language_are_left_out() -> None:
    lines = ["emergency", "suicide_line_nl", "suicide_line_fr", "suicide_line_en"]
    for language in LANGUAGES:
        card = RESPONSES.render("distress", language, helplines=lines).card or {}
        assert [line["id"] for line in card["helplines"]] == ["emergency", f"suicide_line_{language}"]
        assert all(line["number"] and line["dial"] and line["name"] and line["note"] for line in card["helplines"])


@pytest.mark.parametrize(
    ("question", "kind", "value", "shown"),
    [
        ("amount", "amount", "240.00", "€240"),
        ("incident_date", "date", "2026-11-03", "3 November 2026"),
        ("bank_called", "yes_no", "yes", "Yes"),
        ("bank_called", "yes_no", "no", "No"),
        ("payment_means", "choice", "paypal", "PayPal"),
        ("goods", "text", "shoes", "shoes"),
        ("goods", "text", None, "left open"),
    ],
)
def test_answers_are_shown_as_a_person_reads_them(question: str, kind: str, value: Any, shown: str) -> None:
    assert RESPONSES.shown(question, kind, value, "en") == shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_meaning_that_may_be_offered_has_a_name_of_its_own_that_fits_a_button(language: str) -> None:
    titles = RESPONSES.meanings(language)
    assert set(titles) == INTENTS - {"deny", "out_of_scope"} - HIDDEN
    assert len(set(titles.values())) == len(titles)
    assert {title for title in titles.values() if len(title) > BUTTON_LENGTH} == set()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [name for name in NAMES if "mail" not in name])
def test_sentences_are_short_and_messages_fit_a_phone(name: str, language: str) -> None:
    """At most 30 words a sentence and 500 characters a message: read by people who are upset, on a small screen."""
    for text in strings([part for key, part in RESPONSES.entries[language][name].items() if key != "also"]):
        assert len(text) <= 500, text
        for sentence in re.split(r"(?<=[.!?:;])\s+", text):
            assert len(sentence.split()) <= 30, sentence
