"""What a customer may send."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.webchat.rules import (
    NewMessage,
    accepted_languages,
    check_message,
    choose_language,
    clean,
    read_after,
    read_position,
)
from common.errors import BadRequest, Unprocessable


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  hello \n", "hello"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("\x00\x1b[31mred\x7f\x85", "[31mred"),
        ("ab\ud800c", "abc"),
        ("user\u202egnp.exe", "usergnp.exe"),
        ("👩‍👩‍👧", "👩‍👩‍👧"),
        ("\x00\t\n", ""),
    ],
)
def test_clean(typed: str, kept: str) -> None:
    assert clean(typed) == kept


@given(st.text())
def test_cleaning_twice_changes_nothing_and_can_be_stored(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert once.encode().count(b"\x00") == 0


def test_a_long_text_is_cut_for_the_log() -> None:
    assert len(check_message(NewMessage("abcd1234", "x" * 20_000)).text or "") == 10_000


@pytest.mark.parametrize("client_id", ["", "seven77", "with space", "é" * 8, "a:bcdefgh", "x" * 65])
def test_client_ids_that_are_none(client_id: str) -> None:
    with pytest.raises(Unprocessable) as caught:
        check_message(NewMessage(client_id, "hi"))
    assert caught.value.code == "invalid_client_id"


@pytest.mark.parametrize(
    ("asked", "accepted", "language"),
    [
        ("NL_be", [], "nl"),
        (None, ["de", "fr-FR"], "fr"),
        ("de", [], "en"),
        ("", ["*"], "en"),
        ("english", ["nl"], "nl"),
    ],
)
def test_choose_language(asked: str | None, accepted: list[str], language: str) -> None:
    assert choose_language(asked, accepted, "en") == language


def test_the_dearest_language_comes_first_and_the_refused_not_at_all() -> None:
    assert accepted_languages("en;q=0.5, nl-BE, fr;q=0.9, de;q=0, it;q=x") == ["nl-BE", "fr", "en"]
    assert accepted_languages("") == [""]


@pytest.mark.parametrize("raw", ["-1", "1.0", " 1", "٣", "1234567890", "0x1"])
def test_numbers_that_are_none(raw: str) -> None:
    with pytest.raises(BadRequest):
        read_after(raw)
    assert read_position(raw, "5") == 0


def test_where_a_stream_goes_on() -> None:
    assert read_position("7", "5") == 7
    assert read_position("", "5") == 5
    assert read_position("", "") == 0
