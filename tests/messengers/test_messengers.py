"""Claims and conversations over Messenger and WhatsApp: the running house, and the stand-in for Meta's servers."""

from __future__ import annotations

import io
import json
import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.browser.visitor import said
from tests.conftest import RunningHouse
from tests.meta_user import MetaUser

Meet = Callable[[str, str], MetaUser]

# What is pressed is a button's title or what is typed; {photo} is sent, {code} is read from the mail.
FRENCH_CLAIM = [
    ("mon colis n'est jamais arrivé", "offer_claim"),
    ("Oui", "ask_policy_reference"),
    ("CYB-1001-0001", "ask_date_of_birth"),
    ("14/03/1985", "ask_one_time_code"),
    ("{code}", "ask_incident_date__non_delivery"),
    ("il y a deux semaines", "ask_victim"),
    ("moi", "ask_private_use"),
    ("Privé", "ask_caused_by"),
    ("1", "ask_purchase_from"),
    ("1", "ask_amount"),
    ("240 €", "ask_seller"),
    ("Kitchenfactory.eu", "ask_goods"),
    ("{photo}", "ask_goods"),
    ("une machine à café rouge", "ask_order_date"),
]
DUTCH_CLAIM = [
    ("mijn pakje is nooit aangekomen", "offer_claim"),
    ("Ja", "ask_policy_reference"),
    ("CYB-1003-0003", "ask_date_of_birth"),
    ("23/11/1990", "ask_one_time_code"),
    ("{code}", "ask_incident_date__non_delivery"),
    ("tien dagen geleden", "ask_victim"),
    ("Emma Clarke", "ask_private_use"),
    ("Privé", "ask_caused_by"),
    ("ik weet het niet", "ask_purchase_from"),
    ("Particulier", "ask_amount"),
    ("59 euro", "ask_seller"),
    ("Vélo Plus", "ask_goods"),
    ("{photo}", "ask_goods"),
    ("een fietshelm", "ask_order_date"),
]


def photo() -> bytes:
    """A small picture."""
    file = io.BytesIO()
    Image.effect_noise((120, 90), 60).convert("RGB").save(file, "JPEG")
    return file.getvalue()


def rows(database: Path, query: str, *values: str) -> list[dict[str, Any]]:
    """Read from a database of the house, without touching it."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(query, values)]


@pytest.fixture
def meet(house: RunningHouse) -> Iterator[Meet]:
    """Somebody new on a platform; without the limit for pairs, because tests talk faster than people."""
    house.another_day()
    met: list[MetaUser] = []

    def somebody(platform: str, language: str) -> MetaUser:
        met.append(MetaUser(house, platform, language))
        met[-1].phone.control("behaviour", pair_burst=0)
        return met[-1]

    yield somebody
    for one in met:
        one.phone.control("reset")
        one.close()


def plays(user: MetaUser, language: str, turns: list[tuple[str, str]]) -> None:
    """Say one thing after the other; each is answered with the response of that name at the end."""
    for text, expected in turns:
        if text == "{photo}":
            user.sends_photo(photo())
        else:
            user.says(user.code_from_mail() if text == "{code}" else text)
        words = said(expected, language, incident="non_delivery").split("\n")[0]
        assert words in user.all_text(), f"{text!r} was not answered with {expected}\n{user.dialogue()}"


def skips_to_the_end(user: MetaUser, language: str) -> str:
    """Skip what is left to ask, confirm, and return the reference of the claim."""
    question = said("ask_confirm", language, incident="non_delivery").split("\n")[0]
    for _ in range(15):
        if question in user.all_text():
            break
        user.says(said("button_skip", language))
    user.presses(said("button_yes", language))
    found = re.search(r"\bCC-[0-9A-Z-]+[0-9A-Z]", user.all_text())
    assert found, user.dialogue()
    return found.group()


@pytest.mark.parametrize(
    ("platform", "language", "turns"), [("messenger", "fr", FRENCH_CLAIM), ("whatsapp", "nl", DUTCH_CLAIM)]
)
def test_a_claim_with_a_photo(
    house: RunningHouse, meet: Meet, platform: str, language: str, turns: list[tuple[str, str]]
) -> None:
    user = meet(platform, language)
    plays(user, language, turns)
    reference = skips_to_the_end(user, language)
    claims = rows(house.claims_database, "SELECT * FROM claims WHERE conversation = ?", user.conversation)
    assert [claim["reference"] for claim in claims] == [reference], user.dialogue()
    assert json.loads(claims[0]["answers"])["seller"] in ("Kitchenfactory.eu", "Vélo Plus")
    query = "SELECT content_type FROM evidence WHERE draft_id = ?"
    assert [row["content_type"] for row in rows(house.claims_database, query, claims[0]["draft_id"])] == ["image/jpeg"]
    assert user.phone.seen()["complaints"] == []


def test_a_claim_begun_on_messenger_goes_on_on_whatsapp(house: RunningHouse, meet: Meet) -> None:
    first, then = meet("messenger", "fr"), meet("whatsapp", "nl")
    plays(first, "fr", FRENCH_CLAIM[:12])
    first.says("je continue plus tard")
    plays(then, "nl", [("mijn pakje is nooit aangekomen", "offer_claim"), ("Ja", "ask_policy_reference")])
    plays(then, "nl", [("CYB-1001-0001", "ask_date_of_birth"), ("14/03/1985", "ask_one_time_code")])
    plays(then, "nl", [("{code}", "ask_resume"), ("ja", "ask_goods"), ("een koffiemachine", "ask_order_date")])
    reference = skips_to_the_end(then, "nl")
    claims = rows(house.claims_database, "SELECT * FROM claims WHERE reference = ?", reference)
    answers = json.loads(claims[0]["answers"])
    assert (answers["amount"], answers["seller"], answers["goods"]) == (
        "240.00",
        "Kitchenfactory.eu",
        "een koffiemachine",
    )


def test_choices_with_long_titles_are_numbered_and_a_typed_number_chooses(meet: Meet) -> None:
    user = meet("messenger", "fr")
    plays(user, "fr", [*FRENCH_CLAIM[:7], ("Privé", "ask_caused_by")])
    assert "\n1. " in user.all_text(), user.dialogue()
    for number, expected in (("1", "ask_purchase_from"), ("2", "ask_amount")):
        user.waits(user.types(number))
        assert said(expected, "fr") in user.all_text(), user.dialogue()


def test_fifty_messages_repeated_and_mixed_are_fifty_turns_in_order(house: RunningHouse, meet: Meet) -> None:
    user = meet("messenger", "en")
    user.says("hello")
    user.phone.control("behaviour", hold=True, batch=50, repeat=1, shuffle=3, echoes=False, receipts=False)
    texts = [f"what is covered? ({number})" for number in range(50)]
    done = [user.types(text) for text in texts]
    calls = user.phone.control("flush")["calls"]
    assert {call["status"] for call in calls} == {200}
    user.phone.control("behaviour", hold=False)
    user.waits(done[-1])
    query = "SELECT text FROM messages WHERE conversation = ? AND author = 'customer' AND seq > 1 ORDER BY id"
    arrived = [row["text"] for row in rows(house.bot_database, query, user.conversation)]
    assert arrived == ["hello", *texts] or arrived == texts
    query = "SELECT state, count(*) AS n FROM messages WHERE conversation = ? AND direction = 'in' GROUP BY state"
    assert {row["state"] for row in rows(house.bot_database, query, user.conversation)} == {"done"}
    query = "SELECT seq, part FROM deliveries WHERE conversation = ?"
    assert len(user.lines()) - 51 == len(rows(house.bot_database, query, user.conversation))


@pytest.mark.parametrize(
    "fault",
    [
        {"how": "error", "error": "rate_page", "times": 1},
        {"how": "error", "error": "temporary", "times": 2},
        {"how": "status", "status": 502, "times": 2},
        {"how": "status", "status": 502, "after": True},
        {"how": "drop", "after": True},
    ],
    ids=["rate", "temporary", "502", "502-after-it-went-out", "dropped-after-it-went-out"],
)
def test_what_fails_arrives_once(meet: Meet, fault: dict[str, Any]) -> None:
    user = meet("messenger", "en")
    user.says("hello")
    user.phone.control("faults", where="send", **fault)
    user.says("my parcel never came")
    texts = [line["text"] for line in user.heard]
    assert len(texts) == len(set(texts)), user.dialogue()
    assert said("offer_claim", "en") in texts[-1], user.dialogue()


def test_the_assistant_is_silent_while_a_person_answers_in_the_page_inbox(house: RunningHouse, meet: Meet) -> None:
    user = meet("messenger", "fr")
    user.says("bonjour")
    user.phone.http.post(f"/play/users/{user.id}/inbox", json={"text": "Bonjour, ici Sofie."})
    query = "SELECT mode FROM conversations WHERE id = ?"
    deadline = time.monotonic() + 10
    while rows(house.bot_database, query, user.conversation)[0]["mode"] != "human":
        assert time.monotonic() < deadline, "the echo did not take the conversation over"
        time.sleep(0.05)
    assert [line for line in user.says("mon colis n'est jamais arrivé") if line["author"] == "app"] == []


def test_what_was_written_while_the_engine_was_stopped_is_answered(house: RunningHouse, meet: Meet) -> None:
    users = [meet("messenger", "nl"), meet("whatsapp", "nl")]
    for user in users:
        user.says("hallo")
    house.house.stop_room("engine")
    try:
        done = [[user.types(text) for text in ("mijn pakje is nooit aangekomen", "ja")] for user in users]
    finally:
        house.house.start_room("engine")
        house.house.wait_until_ready()
    for user, sent in zip(users, done, strict=True):
        user.waits(sent[-1])
        assert said("ask_policy_reference", "nl") in user.heard[-1]["text"], user.dialogue()


def test_the_menu_of_the_page_is_understood(house: RunningHouse, meet: Meet) -> None:
    house.house.set_up_page()
    user = meet("messenger", "nl")
    profile = user.phone.http.get(f"/play/users/{user.id}").json()["profile"]
    start = next(choice for choice in profile["choices"] if choice["kind"] == "start")
    assert said("welcome", "nl").split("\n")[0] in user.chooses(start["payload"])[0]["text"]
    for choice in profile["choices"]:
        if choice["kind"] != "start":
            assert user.chooses(choice["payload"]), f"{choice['title']} was not answered"


def test_a_forged_webhook_changes_nothing(house: RunningHouse, meet: Meet) -> None:
    user = meet("messenger", "en")
    user.phone.control("behaviour", hold=True, signature="wrong", retries=0)
    user.types("hello")
    assert [call["status"] for call in user.phone.control("flush")["calls"]] == [403]
    query = "SELECT id FROM conversations WHERE id = ?"
    assert rows(house.bot_database, query, user.conversation) == []
