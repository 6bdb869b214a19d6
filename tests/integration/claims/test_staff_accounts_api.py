"""Admins make and change accounts; somebody who can stays, and whoever is changed must sign in again."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from claims.domain.actors import Actor
from claims.domain.errors import LastAdmin
from claims.domain.staff import Role
from claims.service.accounts import Change, add_account, change_account, list_accounts
from claims.service.services import Services
from tests.integration.claims.claims_api import Api, code_of

ACCOUNTS = "/v1/staff/accounts"
NEW = {"username": "New.Agent", "name": "Nele Wouters", "role": "agent"}
OVER = (401, "staff_session_invalid")


async def test_a_new_account_is_shown_with_its_credentials_once(api: Api) -> None:
    admin = await api.staff("admin", "jean.admin")
    made = await admin.call("POST", ACCOUNTS, NEW)
    assert made.status_code == 201
    assert made.json()["initial_password"] not in (await admin.call("GET", ACCOUNTS)).text
    assert made.json()["second_factor_uri"].startswith("otpauth://totp/Cyber%20Care:new.agent?secret=")
    account = made.json()["account"]
    assert (account["username"], account["role"], account["active"]) == ("new.agent", "agent", True)
    assert account["must_change_password"] is True
    assert code_of(await admin.call("POST", ACCOUNTS, NEW)) == (409, "username_taken")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"username": "no spaces"}, (422, "invalid_username")),
        ({"name": "two\nlines"}, (422, "invalid_body")),
        ({"name": ""}, (422, "invalid_body")),
        ({"role": "director"}, (422, "invalid_body")),
        ({"password": "chosen by the admin"}, (422, "invalid_body")),
    ],
)
async def test_an_account_that_makes_no_sense_is_refused(
    api: Api, change: dict[str, str], expected: tuple[int, str]
) -> None:
    admin = await api.staff("admin")
    assert code_of(await admin.call("POST", ACCOUNTS, NEW | change)) == expected


async def test_the_list_comes_in_parts_with_the_newest_first(api: Api) -> None:
    admin = await api.staff("admin", "jean.admin")
    for name in ("first.agent", "second.agent", "third.agent"):
        api.clock.forward(seconds=1)
        add_account(api.services, Actor.system("tests"), name, name, Role.AGENT)
    first = (await admin.call("GET", f"{ACCOUNTS}?limit=3")).json()
    second = (await admin.call("GET", f"{ACCOUNTS}?limit=3&after={first['next']}")).json()
    names = [account["username"] for account in first["accounts"] + second["accounts"]]
    assert names == ["third.agent", "second.agent", "first.agent", "jean.admin"]
    assert second["next"] is None


@pytest.mark.parametrize("change", [{"role": "supervisor"}, {"active": False}])
async def test_another_role_or_a_closed_account_ends_its_sessions(api: Api, change: dict[str, Any]) -> None:
    admin, handler = await api.staff("admin"), await api.staff("handler")
    changed = (await admin.call("PATCH", f"{ACCOUNTS}/{handler.username}", change)).json()
    assert {key: changed[key] for key in change} == change
    assert code_of(await handler.call("GET", "/v1/staff/me")) == OVER


async def test_another_name_ends_nothing(api: Api) -> None:
    admin, handler = await api.staff("admin"), await api.staff("handler")
    await admin.call("PATCH", f"{ACCOUNTS}/{handler.username}", {"name": "Another Name"})
    assert (await handler.call("GET", "/v1/staff/me")).json()["name"] == "Another Name"


async def test_a_reset_account_needs_its_new_credentials(api: Api) -> None:
    admin, handler = await api.staff("admin"), await api.staff("handler")
    api.clock.forward(minutes=1)
    for _ in range(5):
        await handler.try_sign_in(password="wrong password")
    answer = await admin.call("POST", f"{ACCOUNTS}/{handler.username}/credentials")
    assert answer.status_code == 201
    assert code_of(await handler.call("GET", "/v1/staff/me")) == OVER
    assert code_of(await handler.try_sign_in()) == (401, "sign_in_failed")
    handler.password, handler.enrolment = answer.json()["initial_password"], answer.json()["second_factor_uri"]
    await handler.sign_in()
    assert (await handler.call("GET", "/v1/staff/me")).json()["must_change_password"] is True


async def test_sessions_are_revoked_from_outside(api: Api) -> None:
    admin, handler = await api.staff("admin"), await api.staff("handler")
    assert (await admin.call("DELETE", f"{ACCOUNTS}/{handler.username}/sessions")).status_code == 204
    assert code_of(await handler.call("GET", "/v1/staff/me")) == OVER


@pytest.mark.parametrize("username", ["nobody.here", "No%20Name", "%00", "x" * 300])
async def test_an_account_that_is_not_there(api: Api, username: str) -> None:
    admin = await api.staff("admin")
    answers = [
        await admin.call("PATCH", f"{ACCOUNTS}/{username}", {"active": False}),
        await admin.call("POST", f"{ACCOUNTS}/{username}/credentials"),
        await admin.call("DELETE", f"{ACCOUNTS}/{username}/sessions"),
    ]
    assert {code_of(answer) for answer in answers} == {(404, "staff_not_found")}


@pytest.mark.parametrize("change", [{"role": "agent"}, {"active": False}])
async def test_the_last_admin_stays(api: Api, change: dict[str, Any]) -> None:
    admin, other = await api.staff("admin"), await api.staff("admin")
    assert (await admin.call("PATCH", f"{ACCOUNTS}/{other.username}", {"active": False})).status_code == 200
    own = f"{ACCOUNTS}/{admin.username}"
    assert code_of(await admin.call("PATCH", own, change)) == (409, "last_admin")
    assert (await admin.call("PATCH", own, {"name": "Still Here"})).status_code == 200


async def test_two_admins_who_close_each_other_at_once_leave_one(api: Api) -> None:
    for number in range(10):
        names = [(await api.staff("admin")).username for _ in range(2)]
        _close_all_but(api.services, names)
        with ThreadPoolExecutor(2) as threads:
            done = list(threads.map(_closing(api.services), names))
        assert sorted(done) == [False, True], number


def _closing(services: Services) -> Callable[[str], bool]:
    def close(username: str) -> bool:
        try:
            change_account(services, Actor.system("tests"), username, Change(active=False))
        except LastAdmin:
            return False
        return True

    return close


def _close_all_but(services: Services, names: list[str]) -> None:
    for account in list_accounts(services):
        if account.active and account.username not in names:
            assert _closing(services)(account.username)


@pytest.mark.parametrize("role", ["agent", "handler", "supervisor"])
async def test_only_admins_manage_accounts(api: Api, role: str) -> None:
    member = await api.staff(role)
    own = f"{ACCOUNTS}/{member.username}"
    answers = [
        await member.call("GET", ACCOUNTS),
        await member.call("POST", ACCOUNTS, NEW),
        await member.call("PATCH", own, {"role": "admin"}),
        await member.call("POST", f"{own}/credentials"),
        await member.call("DELETE", f"{own}/sessions"),
    ]
    assert {code_of(answer) for answer in answers} == {(403, "not_allowed")}
