"""Amounts, references, codes and free text as customers type them."""

from __future__ import annotations

import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.reading import MAX_TEXT, Said, Unreadable, read


def value(kind: str, text: str) -> str:
    return str(read(kind, Said(text, "out_of_scope", "en", date(2026, 11, 22))))


def refusal(kind: str, text: str) -> str:
    with pytest.raises(Unreadable) as problem:
        value(kind, text)
    return problem.value.response


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("240", "240.00"),
        ("€240", "240.00"),
        ("240 €", "240.00"),
        ("240EUR", "240.00"),
        ("about 240.", "240.00"),
        ("it was 240 euros", "240.00"),
        ("12,5", "12.50"),
        ("49,99€", "49.99"),
        ("€ 49.99", "49.99"),
        ("EUR 49,-", "49.00"),
        ("0.01", "0.01"),
        # Belgian and Dutch
        ("1.234,56", "1234.56"),
        ("€ 1.234", "1234.00"),
        ("1.234.567,89", "1234567.89"),
        # English
        ("1,234.56", "1234.56"),
        ("1,234", "1234.00"),
        # French, with the spaces keyboards and documents use
        ("1 234,56 €", "1234.56"),
        ("1\u00a0234,56\u00a0€", "1234.56"),
        ("1\u202f234,56\u202f€", "1234.56"),
        ("12 000", "12000.00"),
    ],
)
def test_an_amount_in_any_notation(text: str, expected: str) -> None:
    assert value("amount", text) == expected


@pytest.mark.parametrize("text", ["-50", "- 50 euro", "€ -50", "−50", "-€50"])
def test_a_negative_amount_is_not_taken_as_positive(text: str) -> None:
    assert refusal("amount", text) == "invalid_amount"


@pytest.mark.parametrize(
    "text", ["100 or 200", "between 100 and 200", "3x 40 euro", "on 3/11 I paid 240", "240 euros 50", "240 50", "1 2 3"]
)
def test_two_numbers_are_not_joined_into_one(text: str) -> None:
    assert refusal("amount", text) == "invalid_amount"


@pytest.mark.parametrize(
    "text", ["2k", "2 k", "1,5 miljoen", "1.5 million", "2 mille", "20%", "0.001", "1e5", "0", "0,00"]
)
def test_an_amount_that_means_something_else_than_its_digits_is_not_guessed(text: str) -> None:
    assert refusal("amount", text) == "invalid_amount"


@pytest.mark.parametrize("text", ["10000000", "10.000.000", "9" * 400, "BE68 5390 0754 7034"])
def test_a_huge_number_is_no_amount(text: str) -> None:
    assert refusal("amount", text) == "invalid_amount"


@pytest.mark.parametrize("text", ["", "a lot", "no", "hundreds", "½", "²", "٢٤٠", "€", ",", "."])
def test_words_and_other_signs_are_no_amount(text: str) -> None:
    assert refusal("amount", text) == "invalid_amount"


@given(cents=st.integers(1, 999_999_999), notation=st.sampled_from([",.", ".,", " ,", "\u202f,"]))
def test_every_amount_is_read_back_as_it_was_written(cents: int, notation: str) -> None:
    thousands, decimals = notation
    whole = f"{cents // 100:,}".replace(",", thousands)
    assert value("amount", f"€ {whole}{decimals}{cents % 100:02}") == f"{cents // 100}.{cents % 100:02}"


@given(st.text(max_size=60))
def test_no_text_makes_a_reader_fail_in_another_way_than_by_saying_so(text: str) -> None:
    for kind in ("text", "amount", "policy_reference", "code", "yes_no", "choice", "person"):
        with contextlib.suppress(Unreadable):
            assert value(kind, text)


@pytest.mark.parametrize(
    "text",
    [
        "CYB-1001-0001",
        "cyb-1001-0001",
        "CYB 1001 0001",
        "cyb10010001",
        "Cyb 1001 - 0001",
        "CYB–1001–0001",
        "my reference is CYB-1001-0001, thanks",
    ],
)
def test_a_policy_reference_however_it_is_spaced(text: str) -> None:
    assert value("policy_reference", text) == "CYB-1001-0001"


@pytest.mark.parametrize("text", ["1001-0001", "CYB-100-0001", "CYB-1001-00012", "XCYB-1001-0001", "CYB", ""])
def test_something_like_a_policy_reference_is_not_completed(text: str) -> None:
    assert refusal("policy_reference", text) == "invalid_policy_reference"


@pytest.mark.parametrize("text", ["123456", "123 456", "123-456", "12 34 56", "The code is 123456.", " 123456\n"])
def test_a_code_however_it_is_spaced(text: str) -> None:
    assert value("code", text) == "123456"


@pytest.mark.parametrize("text", ["12345", "1234567", "123 4567", "0470 12 34 56", "123", "", "١٢٣٤٥٦", "abcdef"])
def test_another_number_is_no_code(text: str) -> None:
    assert refusal("code", text) == "invalid_code"


def test_free_text_keeps_what_was_written_and_loses_invisible_characters() -> None:
    assert (
        value("text", "  Een jas\u0000 van\u202e Zalando, 2 stuks\nmaat 38 ") == "Een jas van Zalando, 2 stuks\nmaat 38"
    )


@pytest.mark.parametrize("text", ["", "  ", "…", "😀", "\u200b"])
def test_free_text_needs_a_word(text: str) -> None:
    assert refusal("text", text) == "invalid_text"


def test_free_text_may_be_as_long_as_the_limit_and_no_longer() -> None:
    assert value("text", "a" * MAX_TEXT) == "a" * MAX_TEXT
    assert refusal("text", "a" * (MAX_TEXT + 1)) == "invalid_text_long"


def test_one_amount_among_several_numbers_is_the_amount() -> None:
    said = Said("240 euro for 2 pairs", "", "en", date(2026, 11, 22), found={"amount": ("240.00",)})
    assert read("amount", said) == "240.00"


@pytest.mark.parametrize("text", ["2 x 120 euro", "3 keer 120 euro", "2 fois 120 €"])
def test_an_amount_that_has_to_be_worked_out_is_asked_again(text: str) -> None:
    with pytest.raises(Unreadable):
        read("amount", Said(text, "", "en", date(2026, 11, 22), found={"amount": ("120.00",)}))


def test_two_amounts_are_asked_again() -> None:
    said = Said("120 euro and 240 euro", "", "en", date(2026, 11, 22), found={"amount": ("120.00", "240.00")})
    with pytest.raises(Unreadable):
        read("amount", said)


def test_one_date_in_a_story_is_the_date() -> None:
    story = "the 2 shops sent me 3 mails, the last one came on 3 November I think"
    said = Said(story, "", "en", date(2026, 11, 22), found={"date": ("3 November",)})
    assert read("date", said) == "2026-11-03"
