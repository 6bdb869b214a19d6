"""The claims service refuses to start with settings that are not safe."""

from __future__ import annotations

import dataclasses

import pytest

from claims.settings import PREFIX, Settings
from common.settings import SettingsError, read

GOOD = {
    "CLAIMS_SERVICE_TOKENS": "a-service-token-01, a-service-token-02",
    "CLAIMS_TOKEN_SECRET": "0123456789abcdef",
    "CLAIMS_AUDIT_SECRET": "fedcba9876543210",
}

EVENTS = {"CLAIMS_EVENTS_SECRET": "dGhpcnR5LXR3by1ieXRlcy1vZi1zZWNyZXQtZm9yLXRlc3Rz"}


def test_the_secrets_are_enough() -> None:
    settings = read(Settings, PREFIX, GOOD)
    assert settings.service_tokens == ("a-service-token-01", "a-service-token-02")
    assert (settings.port, settings.demo, settings.smtp_port) == (5056, False, 5025)


@pytest.mark.parametrize(
    ("changes", "variable"),
    [
        ({"CLAIMS_SERVICE_TOKENS": "a-service-token-01,short"}, "CLAIMS_SERVICE_TOKENS"),
        ({"CLAIMS_SERVICE_TOKENS": " , , , , , , , , , , ,"}, "CLAIMS_SERVICE_TOKENS"),
        ({"CLAIMS_TOKEN_SECRET": "short"}, "CLAIMS_TOKEN_SECRET"),
        ({"CLAIMS_PORT": "five"}, "CLAIMS_PORT"),
        ({"CLAIMS_SMTP_USER": "me"}, "CLAIMS_SMTP_STARTTLS"),
        ({"CLAIMS_STAFF_SESSION_HOURS": "0"}, "CLAIMS_STAFF_SESSION_HOURS"),
        ({"CLAIMS_STAFF_IDLE_MINUTES": "-1"}, "CLAIMS_STAFF_IDLE_MINUTES"),
        ({"CLAIMS_EVENTS_URL": "https://bot.example.be/claim-events"}, "CLAIMS_EVENTS_SECRET"),
        ({"CLAIMS_EVENTS_URL": "http://bot.example.be/claim-events", **EVENTS}, "CLAIMS_EVENTS_URL"),
        ({"CLAIMS_EVENTS_SECRET": "c2hvcnQgb2YgMzIgYnl0ZXM="}, "CLAIMS_EVENTS_SECRET"),
        ({"CLAIMS_EVENTS_SECRET": "not base64, but more than thirty-two characters"}, "CLAIMS_EVENTS_SECRET"),
        ({"CLAIMS_CODES_PER_POLICY": "0"}, "CLAIMS_CODES_PER_POLICY"),
        ({"CLAIMS_CODES_PER_ADDRESS": "-1"}, "CLAIMS_CODES_PER_ADDRESS"),
        ({"CLAIMS_HOST_KEY_FILE": "host.pem"}, "CLAIMS_HOST_ISSUER"),
        ({"CLAIMS_OPERATOR_URL": "http://customers.example.be"}, "CLAIMS_OPERATOR_URL"),
        ({"CLAIMS_OPERATOR_URL": "http://localhost.example.be"}, "CLAIMS_OPERATOR_URL"),
        ({"CLAIMS_OPERATOR_URL": "customers"}, "CLAIMS_OPERATOR_URL"),
        ({"CLAIMS_OPERATOR_URL": "https://customers.example.be"}, "CLAIMS_OPERATOR_TOKEN"),
        ({"CLAIMS_OPERATOR_URL": "https://customers.example.be", "CLAIMS_OPERATOR_TOKEN": "short"}, "CLAIMS_OPERATOR"),
    ],
)
def test_an_unsafe_setting_is_named(changes: dict[str, str], variable: str) -> None:
    with pytest.raises(SettingsError, match=variable):
        read(Settings, PREFIX, {**GOOD, **changes})


def test_the_operator_is_asked_over_an_encrypted_connection_or_on_this_machine() -> None:
    for address in ("https://customers.example.be/api", "http://127.0.0.1:5070", "http://localhost:5070/api"):
        asked = {"CLAIMS_OPERATOR_URL": address, "CLAIMS_OPERATOR_TOKEN": "an-operator-token"}
        assert read(Settings, PREFIX, GOOD | asked).operator_url == address


@pytest.mark.parametrize("before", ["", "whsec_"])
def test_events_go_to_an_address_with_a_secret(before: str) -> None:
    told = {"CLAIMS_EVENTS_URL": "http://127.0.0.1:5000/claim-events"}
    secret = {"CLAIMS_EVENTS_SECRET": before + EVENTS["CLAIMS_EVENTS_SECRET"]}
    assert read(Settings, PREFIX, GOOD | told | secret).events_url == told["CLAIMS_EVENTS_URL"]


def test_secrets_are_not_shown() -> None:
    shown = repr(read(Settings, PREFIX, {**GOOD, **EVENTS, "CLAIMS_SMTP_PASSWORD": "hidden"}))
    assert not any(secret in shown for secret in ("a-service-token-01", "0123456789abcdef", "hidden", "dGhpcnR5"))


def test_every_setting_is_explained() -> None:
    assert all(len(field.metadata["help"]) > 10 for field in dataclasses.fields(Settings))
