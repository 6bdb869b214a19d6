"""The settings of the payout clock are checked at the start."""

from __future__ import annotations

import pytest

from claims.settings import PREFIX, Settings
from common.settings import SettingsError, read

GOOD = {
    "CLAIMS_SERVICE_TOKENS": "a-service-token-01",
    "CLAIMS_TOKEN_SECRET": "0123456789abcdef",
    "CLAIMS_AUDIT_SECRET": "fedcba9876543210",
}


def test_the_product_page_is_the_default() -> None:
    settings = read(Settings, PREFIX, GOOD)
    assert (settings.payout_days, settings.reminder_days, settings.staff_mail) == (15, ("5", "2", "0"), "")


def test_an_installation_chooses() -> None:
    chosen = {"CLAIMS_PAYOUT_DAYS": "10", "CLAIMS_REMINDER_DAYS": "4, 1", "CLAIMS_STAFF_MAIL": "claims@example.be"}
    settings = read(Settings, PREFIX, GOOD | chosen)
    assert (settings.payout_days, settings.reminder_days) == (10, ("4", "1"))
    assert read(Settings, PREFIX, GOOD | {"CLAIMS_REMINDER_DAYS": ""}).reminder_days == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CLAIMS_PAYOUT_DAYS", "0"),
        ("CLAIMS_PAYOUT_DAYS", "366"),
        ("CLAIMS_PAYOUT_DAYS", "soon"),
        ("CLAIMS_REMINDER_DAYS", "5,two"),
        ("CLAIMS_REMINDER_DAYS", "-1"),
        ("CLAIMS_REMINDER_DAYS", "16"),
        ("CLAIMS_REMINDER_DAYS", "²"),
        ("CLAIMS_STAFF_MAIL", "the team"),
        ("CLAIMS_STAFF_MAIL", "a@example.be,b@example.be"),
        ("CLAIMS_STAFF_MAIL", "a@example.be\nBcc: b@example.be"),
    ],
)
def test_what_cannot_be_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        read(Settings, PREFIX, GOOD | {name: value})
