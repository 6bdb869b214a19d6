"""What must not stay in a conversation is found and taken out; what only looks like it stays."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.sensitive import find, without_sensitive

CARDS = ("4111111111111111", "5555555555554444", "6703444444444449", "378282246310005")
IBANS = ("BE68539007547034", "NL91ABNA0417164300", "FR1420041010050500013M02606", "DE89370400440532013000")


def grouped(number: str, separator: str) -> str:
    return separator.join(number[start : start + 4] for start in range(0, len(number), 4))


@pytest.mark.parametrize("separator", ["", " ", "-", ".", "\u00a0"])
@pytest.mark.parametrize("number", [*CARDS[:3], *IBANS])
def test_cards_and_accounts_go_however_they_are_written(number: str, separator: str) -> None:
    assert without_sensitive(f"paid with {grouped(number, separator)}, last week") == "paid with ****, last week"


@pytest.mark.parametrize("number", IBANS)
def test_accounts_go_in_small_letters_too(number: str) -> None:
    assert without_sensitive(number.lower()) == "****"


def test_a_card_of_fifteen_digits() -> None:
    assert without_sensitive("3782 822463 10005 is my card") == "**** is my card"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4111 1111 1111 1111 12/27", "**** 12/27"),
        ("3/11 4111 1111 1111 1111", "3/11 ****"),
        ("4111 1111 1111 1111 and 5555 5555 5555 4444", "**** and ****"),
        ("4111 1111 1111 1111 5555 5555 5555 4444", "**** ****"),
        ("BE68 5390 0754 7034 BIC KREDBEBB", "**** BIC KREDBEBB"),
        ("from BE68 5390 0754 7034 to BE71 0961 2345 6769 today", "from **** to **** today"),
        ("BE68 5390 0754 7034 4111 1111 1111 1111", "**** ****"),
    ],
)
def test_what_stands_beside_a_number_neither_hides_it_nor_goes_with_it(text: str, expected: str) -> None:
    assert without_sensitive(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "order 1234567890123",
        "4111 1111 1111 1112",
        "BE68 5390 0754 7035",
        "JVGL06052840001234567890",
        "3SABCD1234567",
        "405-1234567-7654321",
        "0470 12 34 56 and 02 552 51 65",
        "CYB-1001-0001",
        "paid 240,00 on 2026-11-03 and 1.234,56 on 2026-11-04",
        "0000 0000 0000 0000",
        "323212345678901234567890",
    ],
)
def test_look_alikes_stay_as_they_are(text: str) -> None:
    assert without_sensitive(text) == text


@given(st.text(max_size=80))
def test_any_text_without_digits_stays(text: str) -> None:
    plain = "".join(character for character in text if not character.isdigit())
    assert without_sensitive(plain) == plain


@given(st.integers(10**13, 10**15 - 1), st.text("abc \n,;", min_size=1, max_size=10))
def test_a_wrong_check_digit_is_no_card(stem: int, around: str) -> None:
    digits = f"4{stem}"
    doubled = [sum(divmod(2 * int(d), 10)) if place % 2 == 0 else int(d) for place, d in enumerate(reversed(digits))]
    right = -sum(doubled) % 10
    text = f"{around} {digits}{(right + 1) % 10} {around}"
    assert without_sensitive(text) == text
    assert without_sensitive(f"{digits}{right}") == "****"


@pytest.mark.parametrize(
    ("text", "expected", "kind"),
    [
        ("mijn rijksregisternummer is 85.07.30-033.28", "mijn rijksregisternummer is ****", "national_number"),
        ("born later: 01021500101", "born later: ****", "national_number"),
        ("my pin is 4821", "my pin is ****", "code"),
        ("pincode 4821 doorgegeven", "pincode **** doorgegeven", "code"),
        ("code pin de ma carte : 4821", "code pin de ma carte : ****", "code"),
        ("cvc 123", "cvc ****", "code"),
        ("password: hunter", "password: ****", "password"),
        ("mijn wachtwoord is Zomer2024!", "mijn wachtwoord is ****", "password"),
        ("mon mot de passe est «Soleil99»", "mon mot de passe est «****»", "password"),
        ("mdp=azerty", "mdp=****", "password"),
    ],
)
def test_national_numbers_codes_and_passwords_go(text: str, expected: str, kind: str) -> None:
    assert without_sensitive(text) == expected
    assert [finding.kind for finding in find(text)] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "85.07.30-033.29",
        "01/02/2024 123",
        "my password is gone",
        "wachtwoord is gehackt en nu kan ik nergens in",
        "mon mot de passe est volé",
        "what makes a password strong?",
        "my zip code is 1000",
        "promo code is 2024",
        "the code is 482913",
        "pin on the map",
        "they asked my pin on 3/11",
        "code 12",
    ],
)
def test_words_about_secrets_are_no_secrets(text: str) -> None:
    assert without_sensitive(text) == text


def test_a_one_time_code_is_named_but_stays_because_the_intake_needs_it() -> None:
    text = "the code is 482913"
    assert [finding.kind for finding in find(text)] == ["code"]
    assert without_sensitive(text) == text


@given(st.text("0123456789 .-/BEbe:pinis", max_size=60))
def test_what_is_found_never_overlaps_and_goes_altogether(text: str) -> None:
    found = find(text)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(finding.kind == "code" for finding in find(without_sensitive(text)))
