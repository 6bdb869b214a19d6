"""One message, two platforms: nothing is longer than they take, and nothing is left out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.log.model import Message
from bot.meta.language import guess, of_locale
from bot.meta.render import render
from bot.meta.sentences import words_of
from bot.meta.split import length, shorten, split
from bot.meta.wording import Words
from bot.sentences import Sentences
from content.responses import Responses

WORDS = Words("Choose", "Answer with the number.", "To change a line, send its number.", "en")


def message(text: str = "well?", titles: tuple[str, ...] = (), **more: Any) -> Message:
    buttons = [{"title": title, "payload": f"/p{place}"} for place, title in enumerate(titles)]
    values: dict[str, Any] = {"card": None, "progress": None, "client_id": None, "buttons": buttons} | more
    return Message(seq=12, author="bot", text=text, at=datetime(2026, 1, 1, tzinfo=UTC), **values)


def on(channel: str, *arguments: Any, last: bool = True, **more: Any) -> tuple[list[dict[str, Any]], list[str]]:
    made = render(message(*arguments, **more), channel, WORDS, last=last)
    return made.bodies, [choice["payload"] for choice in made.numbered]


def text_of(body: dict[str, Any]) -> str:
    if "message" in body:
        sent = body["message"]
        return str(sent["text"] if "text" in sent else sent["attachment"]["payload"]["text"])
    return str(body["text"]["body"] if body["type"] == "text" else body["interactive"]["body"]["text"])


@pytest.mark.parametrize("language", ["en", "nl", "fr"])
def test_the_words_beside_choices_are_the_products_own(language: str) -> None:
    entries = Responses.load().entries[language]
    words = words_of(Sentences.load(Responses.load()).say)(language)
    assert words.choose == entries["messenger_choose"]["text"]
    assert words.answer_by_number == entries["messenger_by_number"]["text"]
    assert words.change_by_number == entries["messenger_change_by_number"]["text"]
    assert length(words.choose) <= 20


def test_a_text() -> None:
    assert on("messenger") == ([{"message": {"text": "well?"}}], [])
    assert on("whatsapp") == ([{"type": "text", "text": {"body": "well?"}}], [])


def test_few_short_buttons() -> None:
    (body,), numbered = on("messenger", "well?", ("Yes", "No"))
    assert body["message"]["quick_replies"] == [
        {"content_type": "text", "title": "Yes", "payload": "c:12:0"},
        {"content_type": "text", "title": "No", "payload": "c:12:1"},
    ]
    assert numbered == []
    (body,), numbered = on("whatsapp", "well?", ("Yes", "No"))
    replies = [button["reply"] for button in body["interactive"]["action"]["buttons"]]
    assert replies == [{"id": "c:12:0", "title": "Yes"}, {"id": "c:12:1", "title": "No"}]
    assert numbered == []


def test_buttons_of_a_message_that_is_not_the_last() -> None:
    (body,), _ = on("messenger", "well?", ("Yes", "No"), last=False)
    assert [button["title"] for button in body["message"]["attachment"]["payload"]["buttons"]] == ["Yes", "No"]
    (body,), numbered = on("messenger", "well?", ("a", "b", "c", "d"), last=False)
    assert body["message"] == {"text": "well?\n\n1. a\n2. b\n3. c\n4. d\n\nAnswer with the number."}
    assert numbered == ["/p0", "/p1", "/p2", "/p3"]


def test_long_titles() -> None:
    titles = ("A title of more than twenty letters", "No")
    (body,), numbered = on("messenger", "well?", titles)
    assert text_of(body).endswith("1. A title of more than twenty letters\n2. No\n\nAnswer with the number.")
    assert [reply["title"] for reply in body["message"]["quick_replies"]] == ["1", "2"]
    assert numbered == ["/p0", "/p1"]
    (body,), numbered = on("whatsapp", "well?", titles)
    rows = body["interactive"]["action"]["sections"][0]["rows"]
    assert rows == [
        {"id": "c:12:0", "title": "A title of more than tw…", "description": "A title of more than twenty letters"},
        {"id": "c:12:1", "title": "No"},
    ]
    assert numbered == []


def test_two_buttons_of_one_title_are_a_list_on_whatsapp() -> None:
    (body,), _ = on("whatsapp", "well?", ("Same", "Same"))
    assert body["interactive"]["type"] == "list"


@pytest.mark.parametrize(("channel", "most"), [("messenger", 13), ("whatsapp", 10)])
def test_more_choices_than_the_platform_has(channel: str, most: int) -> None:
    titles = tuple(f"choice {number}" for number in range(1, most + 2))
    _, numbered = on(channel, "well?", titles[:-1])
    assert numbered == []
    (body,), numbered = on(channel, "well?", titles)
    assert f"{most + 1}. choice {most + 1}" in text_of(body)
    assert len(numbered) == most + 1
    assert "quick_replies" not in body.get("message", {})


CARD = {
    "title": "Do this first",
    "helplines": [
        {"name": "Card Stop", "number": "078 170 170", "dial": "+3278170170", "note": "day and night"},
        {"name": "Safeonweb", "email": "suspicious@safeonweb.be"},
    ],
    "steps": ["first", "then"],
    "points": ["one"],
    "rows": [
        {"label": "Amount", "value": "€ 240,00", "payload": "/amount"},
        {"label": "Fixed", "value": "x"},
        {"label": "Date", "value": "1 May", "payload": "/date"},
    ],
}


def test_a_card_is_written_out_with_its_numbers() -> None:
    (body,), numbered = on("whatsapp", "Here:", ("Send",), card=CARD, progress={"step": 4, "of": 9}, staff_name="Lies")
    assert text_of(body).split("\n\n") == [
        "Lies: (4/9) Here:",
        "*Do this first*",
        "☎ Card Stop: 078 170 170 (day and night)\n› Safeonweb: suspicious@safeonweb.be",
        "1. first\n2. then",
        "• one",
        "1. Amount: € 240,00\nFixed: x\n2. Date: 1 May",
        "To change a line, send its number.",
    ]
    assert numbered == ["/amount", "/date"]


def test_rows_and_buttons_with_numbers_count_on() -> None:
    (body,), numbered = on("messenger", "Here:", ("A title of more than twenty letters",), card={"rows": CARD["rows"]})
    assert "3. A title of more than twenty letters" in text_of(body)
    assert body["message"]["quick_replies"][0] == {"content_type": "text", "title": "3", "payload": "c:12:0"}
    assert numbered == ["/amount", "/date", "/p0"]


def test_buttons_without_a_word() -> None:
    for channel in ("messenger", "whatsapp"):
        (body,), _ = on(channel, "", ("Yes",))
        assert text_of(body) == "Choose"


def test_nothing_at_all_is_not_sent() -> None:
    assert on("messenger", " ") == ([], [])


TITLES = st.lists(st.text(min_size=1, max_size=90), max_size=16).map(tuple)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=9_000), TITLES, st.booleans())
def test_everything_is_within_the_limits(text: str, titles: tuple[str, ...], last: bool) -> None:
    for body in on("messenger", text, titles, last=last)[0]:
        replies = body["message"].get("quick_replies", [])
        template = body["message"].get("attachment", {}).get("payload", {})
        assert 0 < length(text_of(body)) <= (640 if template else 1_999)
        assert len(replies) <= 13
        assert len(template.get("buttons", [])) <= 3
        assert all(length(each["title"]) <= 20 for each in [*replies, *template.get("buttons", [])])
    for body in on("whatsapp", text, titles)[0]:
        interactive = body.get("interactive", {})
        assert 0 < length(text_of(body)) <= (1_024 if interactive else 4_096)
        action = interactive.get("action", {})
        assert all(length(button["reply"]["title"]) <= 20 for button in action.get("buttons", []))
        for row in [row for section in action.get("sections", []) for row in section["rows"]]:
            assert length(row["title"]) <= 24
            assert length(row.get("description", "")) <= 72


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab .\n!😀"), max_size=500), st.integers(10, 100))
def test_splitting_loses_no_letter(text: str, longest: int) -> None:
    parts = split(text, longest)
    assert all(0 < length(part) <= longest for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_splitting_where_a_reader_would_pause() -> None:
    assert split("One sentence. And another one. A third.", 32) == ["One sentence. And another one.", "A third."]
    assert split("a paragraph of words\n\nand one more. Ok.", 36) == ["a paragraph of words", "and one more. Ok."]
    assert split("", 10) == []
    assert shorten("a word too many", 8) == "a word…"
    assert shorten("😀😀😀", 4) == "😀…"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Hello, I think my account was hacked", "en"),
        ("hallo, mijn pakje is niet aangekomen", "nl"),
        ("Bonjour, je n'ai pas reçu mon colis", "fr"),
        ("Dag", "nl"),
        ("Salut", "fr"),
        ("ok", None),
        ("👍", None),
        ("bol.com iphone 15", None),
    ],
)
def test_a_first_guess_at_the_language(text: str, language: str | None) -> None:
    assert guess(text) == language


def test_the_language_of_a_locale() -> None:
    assert [of_locale(locale) for locale in ("nl_BE", "fr-FR", "EN", "de_DE", "")] == ["nl", "fr", "en", None, None]


def test_french_labels_have_a_space_before_the_colon() -> None:
    card = {
        "helplines": [{"name": "Ligne d'aide Cyber Care", "number": "02 552 51 65", "note": "jour et nuit"}],
        "rows": [{"label": "Montant", "value": "240"}],
    }
    words = Words("Choisir", "Répondez avec le numéro.", "Envoyez le numéro.", "fr")
    (body,) = render(message("voilà", card=card, staff_name="Lies"), "messenger", words, last=True).bodies
    text = text_of(body)
    assert "Lies\u00a0: voilà" in text
    assert "☎ Ligne d'aide Cyber Care\u00a0: 02 552 51 65 (jour et nuit)" in text
    assert "Montant\u00a0: 240" in text
