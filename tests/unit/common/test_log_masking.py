"""What is written to a log holds nobody's data."""

from __future__ import annotations

import json
import logging

import pytest

from common import logs
from common.masking import mask


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("jan.peeters+shop@mail.telenet.be wrote", "[email] wrote"),
        ("BE68 5390 0754 7034", "[iban]"),
        ("be68539007547034", "[iban]"),
        ("FR1420041010050500013M02606", "[iban]"),
        ("4111 1111 1111 1111", "[card]"),
        ("4111-1111-1111-1111", "[card]"),
        ("85.03.14-123.45", "[national number]"),
        ("85031412345", "[national number]"),
        ("+32 470 12 34 56", "[phone]"),
        ("+32(0)470123456", "[phone]"),
        ("0470/12.34.56", "[phone]"),
        ("02 552 51 65", "[phone]"),
        ("CYB-1001-0001", "[policy]"),
        ("cyb 1001 0001", "[policy]"),
        ("born 14/03/1985", "born [date]"),
        ("born 1985-03-14.", "born [date]."),
    ],
)
def test_personal_data_is_masked(text: str, expected: str) -> None:
    assert mask(text) == expected


@pytest.mark.parametrize(
    "text",
    ["draft-1", "turn 0b9f3c", "status 503", "took 12.5 ms", "2026-11-22T15:00:00Z", "P-1A2B3C4D", "port 5055", ""],
)
def test_what_an_operator_needs_stays(text: str) -> None:
    assert mask(text) == text


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> pytest.CaptureFixture[str]:
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", list(root.handlers))
    monkeypatch.setattr(root, "level", root.level)
    return capsys


def test_a_log_line_is_json_with_its_service_and_masked(said: pytest.CaptureFixture[str]) -> None:
    log = logs.configure("shop")
    log.info("mail.sent", to="an@example.be", conversation="c-1")
    line = json.loads(said.readouterr().out.splitlines()[-1])
    assert line["event"] == "mail.sent"
    assert line["service"] == "shop"
    assert line["to"] == "[email]"
    assert line["conversation"] == "c-1"


def test_an_error_in_a_log_is_masked_with_its_trace(said: pytest.CaptureFixture[str]) -> None:
    log = logs.configure("shop")
    try:
        raise ValueError("no policy for an@example.be")
    except ValueError as error:
        log.error("failed", exc_info=error)
        logging.getLogger("library").exception("no mail to %s", "jo@example.be")
    out = said.readouterr().out
    assert "ValueError" in out
    assert "[email]" in out
    assert "example.be" not in out


def test_logs_go_to_standard_output(said: pytest.CaptureFixture[str]) -> None:
    logs.configure("shop").warning("here")
    out, err = said.readouterr()
    assert "here" in out
    assert err == ""
