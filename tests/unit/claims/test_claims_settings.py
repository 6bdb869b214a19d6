"""The claims service refuses to start with settings that are not safe."""

from __future__ import annotations

import dataclasses

import pytest

from claims.settings import PREFIX, Settings
from common.settings import SettingsError, read

GOOD = {"CLAIMS_SERVICE_TOKENS": "a-service-token-01, a-service-token-02", "CLAIMS_TOKEN_SECRET": "0123456789abcdef"}


def test_two_secrets_are_enough() -> None:
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
    ],
)
def test_an_unsafe_setting_is_named(changes: dict[str, str], variable: str) -> None:
    with pytest.raises(SettingsError, match=variable):
        read(Settings, PREFIX, {**GOOD, **changes})


def test_secrets_are_not_shown() -> None:
    shown = repr(read(Settings, PREFIX, {**GOOD, "CLAIMS_SMTP_PASSWORD": "hidden"}))
    assert not any(secret in shown for secret in ("a-service-token-01", "0123456789abcdef", "hidden"))


def test_every_setting_is_explained() -> None:
    assert all(len(field.metadata["help"]) > 10 for field in dataclasses.fields(Settings))
