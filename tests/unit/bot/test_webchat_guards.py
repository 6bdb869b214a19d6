"""Tokens, limits and origins."""

from __future__ import annotations

import pytest

from bot.webchat.limits import Limit, address_key
from bot.webchat.origins import cors_headers, is_own, is_welcome, preflight_headers
from bot.webchat.tokens import Tokens, new_conversation_id


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def test_a_token_stands_for_its_conversation_until_it_expires() -> None:
    clock = Clock()
    tokens = Tokens("a secret", seconds=60, clock=clock)
    token = tokens.make("web:abc")
    clock.now += 60
    assert tokens.read(token) == "web:abc"
    clock.now += 1
    assert tokens.read(token) is None


def test_a_token_of_another_secret_or_with_another_letter_is_none() -> None:
    tokens = Tokens("a secret", seconds=60)
    token = tokens.make("web:abc")
    assert Tokens("other secret", seconds=60).read(token) is None
    for place in range(len(token)):
        changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        # The last letter of a base64 part has bits that mean nothing; the conversation is the same all the same.
        assert tokens.read(changed) in (None, "web:abc")
    assert tokens.read("é\udcff") is None


def test_ids_are_long_and_new() -> None:
    assert len({new_conversation_id() for _ in range(100)}) == 100
    assert len(new_conversation_id()) >= 36


def test_a_limit_lets_the_next_one_pass_when_the_oldest_is_past() -> None:
    clock = Clock()
    limit = Limit(2, 60, clock)
    assert limit.take("me") == 0
    clock.now += 20.5
    assert limit.take("me") == 0
    assert limit.take("me") == 40
    assert limit.take("you") == 0
    clock.now += 39.5
    assert limit.take("me") == 0
    assert limit.take("me") == 21


def test_a_limit_forgets_who_is_quiet() -> None:
    clock = Clock()
    limit = Limit(2, 60, clock)
    for number in range(100):
        limit.take(str(number))
    clock.now += 61
    limit.take("new")
    assert len(limit._events) == 1


def test_addresses_of_one_house_share_a_limit() -> None:
    assert address_key("2001:db8:1:2:3::1") == address_key("2001:db8:1:2:ffff::2") == "2001:db8:1:2::/64"
    assert address_key("192.0.2.1") == "192.0.2.1"
    assert address_key("unix") == "unix"


@pytest.mark.parametrize(
    ("origin", "host", "own"),
    [
        ("https://chat.example", "chat.example", True),
        ("https://chat.example", "chat.example:443", True),
        ("http://127.0.0.1:5000", "127.0.0.1:5000", True),
        ("http://[::1]:5000", "[::1]:5000", True),
        ("https://CHAT.example", "chat.example", True),
        ("https://chat.example:8443", "chat.example", False),
        ("https://chat.example.evil", "chat.example", False),
        ("ftp://chat.example", "chat.example", False),
        ("null", "chat.example", False),
        ("", "", False),
        ("https://chat.example:x", "chat.example", False),
        ("https://[", "chat.example", False),
    ],
)
def test_is_own(origin: str, host: str, own: bool) -> None:
    assert is_own(origin, host) is own


def test_a_program_without_origin_is_welcome_and_an_allowed_site_is_told_so() -> None:
    allowed = ("https://partner.example",)
    assert is_welcome(None, "chat.example", allowed)
    assert is_welcome(allowed[0], "chat.example", allowed)
    assert not is_welcome("https://partner.example.evil", "chat.example", allowed)
    assert cors_headers("https://stranger.example", allowed) == {"Vary": "Origin"}
    assert cors_headers(allowed[0], allowed)["Access-Control-Allow-Origin"] == allowed[0]
    assert "Access-Control-Allow-Methods" not in preflight_headers(None, allowed)
