"""What the claims backend says of a file, and what the customer hears of it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.files import claims, model
from bot.files.claims import NotNow, Verdict, read_verdict
from bot.sentences import FILE_REFUSED, Sentences
from bot.settings import LANGUAGES
from content.responses import Responses


def error(code: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": "", "details": {}}}


@pytest.mark.parametrize("status", [200, 201])
def test_what_is_kept(status: int) -> None:
    assert read_verdict(status, {"id": "e-1", "state": "clean"}) == Verdict("kept", evidence="e-1")
    assert read_verdict(status, {"id": "e-1", "state": "infected"}) == Verdict("refused", "infected")


@pytest.mark.parametrize(
    ("status", "code", "refused"),
    [
        (413, "too_large", "too_large"),
        (422, "evidence_type_refused", "file_type_refused"),
        (422, "evidence_empty", "file_empty"),
        (422, "too_many_files", "too_many_files"),
        (422, "invalid_conversation", "not_taken"),
    ],
)
def test_what_is_refused(status: int, code: str, refused: str) -> None:
    assert read_verdict(status, error(code)) == Verdict("refused", refused)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        *((status, error("not_found")) for status in (401, 403, 404, 409, 429, 500, 502, 503)),
        (422, error("invalid_body")),
        (422, {"error": "nonsense"}),
        (413, {}),
        (302, {}),
    ],
)
def test_what_says_nothing_about_the_file_is_asked_again(status: int, body: dict[str, Any]) -> None:
    with pytest.raises(NotNow) as problem:
        read_verdict(status, body)
    assert problem.value.kind == f"status_{status}"


def test_every_refusal_has_a_sentence() -> None:
    """Also `file_not_taken`, for what nobody can explain."""
    assert set(FILE_REFUSED) == {*claims._REFUSALS.values(), model.INFECTED}
    sentences = Sentences.load(Responses.load())
    for language in LANGUAGES:
        for key in FILE_REFUSED.values():
            assert "a {strange} name.pdf" in sentences.say(key, language, name="a {strange} name.pdf").text
