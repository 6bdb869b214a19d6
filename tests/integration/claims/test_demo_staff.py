"""The demo's staff can sign in as printed, and are nowhere but in the demo."""

from __future__ import annotations

from pathlib import Path

import pyotp
import pytest

from claims.api.app import join
from claims.demo.__main__ import load_staff
from claims.demo.staff import DEMO_STAFF, PASSWORD, table
from claims.domain.staff import Permission
from claims.service.accounts import Change, change_account
from claims.service.staff import allowed, sign_in
from common.settings import SettingsError
from tests.integration.claims.claims_api import settings_for


def test_demo_accounts_sign_in_and_come_back_as_they_are_printed(database_url: str) -> None:
    settings = settings_for(database_url, demo=True)
    assert load_staff(settings) == load_staff(settings) == 4
    services = join(settings)
    try:
        for shown in DEMO_STAFF:
            opened = sign_in(services, shown.username, PASSWORD, pyotp.TOTP(shown.totp_secret).now())
            assert allowed(services, opened.token, Permission.OWN_ACCOUNT).role is shown.role
        agent = DEMO_STAFF[0]
        with services.unit() as unit:
            assert [entry["action"] for entry in unit.audit.entries()] == ["staff_added"] * 4 + ["signed_in"] * 4
            account = unit.staff.get(agent.username)
        change_account(services, account.member.actor, agent.username, Change(active=False))
        assert load_staff(settings) == 4
        assert sign_in(services, agent.username, PASSWORD, pyotp.TOTP(agent.totp_secret).now()).account.active
    finally:
        services.engine.dispose()


def test_demo_accounts_stay_out_of_a_real_installation(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="CLAIMS_DEMO"):
        load_staff(settings_for(f"sqlite:///{tmp_path}/claims.db"))
    assert not (tmp_path / "claims.db").exists()


def test_the_table_for_visitors_shows_how_each_signs_in() -> None:
    lines = table().splitlines()
    assert len(lines) == 5
    for line, shown in zip(lines[1:], DEMO_STAFF, strict=True):
        assert line.split("  ")[0] == shown.username
        assert all(cell in line for cell in (shown.role.value, PASSWORD, shown.totp_secret))
