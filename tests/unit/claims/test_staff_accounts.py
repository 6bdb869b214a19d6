"""Which usernames and passwords will do, when an account is locked, and what each role allows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from claims.domain.accounts import (
    LOCKED_FOR,
    Account,
    StaffSession,
    check_password,
    normal_password,
    read_username,
)
from claims.domain.errors import InvalidUsername, WeakPassword
from claims.domain.staff import PERMISSIONS, Permission, Role, StaffMember

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
ACCOUNT = Account("lies.agent", "Lies", Role.AGENT, "hash", "sealed", NOW)


@pytest.mark.parametrize("text", ["abc", " Lies.Agent ", "a-b_c.d", "jan2", "a" * 64])
def test_a_username_is_read_in_small_letters(text: str) -> None:
    assert read_username(text) == text.strip().lower()


@pytest.mark.parametrize(
    "text", ["", "ab", "a" * 65, "1abc", ".abc", "abc.", "a..b", "a b", "jörg", "abc\n.", "a:b", "abc\x00", "٣abc"]
)
def test_what_is_no_username_is_refused(text: str) -> None:
    with pytest.raises(InvalidUsername):
        read_username(text)


def test_a_long_password_of_any_kind_will_do() -> None:
    for password in ("correct horse battery", "ééééàààçç öö", "onlylowercaseletters", "twelve chars"):
        check_password(password, "lies.agent")


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("eleven char", "too_short"),
        ("x1y2" * 51, "too_long"),
        ("my LIES.agent password", "holds_username"),
        ("PasswordPassword", "common"),
        ("ababababababab", "common"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(password: str, reason: str) -> None:
    with pytest.raises(WeakPassword) as refused:
        check_password(password, "lies.agent")
    assert refused.value.details["reason"] == reason


def test_one_letter_composed_in_two_ways_is_one_password() -> None:
    assert normal_password("cafe\u0301 creme") == normal_password("caf\u00e9 creme")


def test_the_fifth_failure_locks_and_what_comes_meanwhile_does_not_count() -> None:
    account = ACCOUNT
    for _ in range(4):
        account = account.failed(NOW)
        assert not account.locked_at(NOW)
    account = account.failed(NOW)
    assert account.locked_at(NOW + LOCKED_FOR - timedelta(seconds=1))
    assert account.failed(NOW) == account
    assert not account.locked_at(NOW + LOCKED_FOR)
    assert account.failed(NOW + LOCKED_FOR).failures == 1


def test_success_forgets_failures_and_uses_up_the_code() -> None:
    after = ACCOUNT.failed(NOW).failed(NOW).proven(step=17)
    assert (after.failures, after.locked_until, after.totp_step) == (0, None, 17)
    assert after.failed(NOW).proven().totp_step == 17


def test_a_session_holds_until_its_end_idle_or_revoked() -> None:
    idle = timedelta(minutes=30)
    session = StaffSession("hash", "lies.agent", NOW, NOW, NOW + timedelta(hours=8))
    assert session.holds_at(NOW + timedelta(minutes=29), idle)
    assert not session.holds_at(NOW + idle, idle)
    used = replace(session, used_at=NOW + timedelta(hours=7, minutes=50))
    assert used.holds_at(NOW + timedelta(hours=7, minutes=59), idle)
    assert not used.holds_at(NOW + timedelta(hours=8), idle)
    assert not replace(session, revoked_at=NOW).holds_at(NOW, idle)


def test_every_permission_is_somebody_s_and_managing_staff_only_the_admin_s() -> None:
    assert set().union(*PERMISSIONS.values()) == set(Permission)
    holders = {role for role, allowed in PERMISSIONS.items() if Permission.MANAGE_STAFF in allowed}
    assert holders == {Role.ADMIN}
    admin = StaffMember("jean.admin", "Jean", Role.ADMIN)
    assert not any(admin.may(one) for one in (Permission.READ_CLAIMS, Permission.DECIDE_CLAIMS, Permission.EXPORT))
    assert str(admin.actor) == "staff:jean.admin"
