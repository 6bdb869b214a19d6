"""Staff sign in with a password and a second factor; guessing is stopped, and failures all look the same."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from claims.adapters.passwords import Passwords
from claims.adapters.second_factor import SecondFactor
from claims.adapters.tables import staff, staff_sessions
from claims.domain.actors import Actor
from claims.domain.errors import NotAllowed, SignInFailed
from claims.domain.staff import Permission, Role
from claims.service.accounts import Change, change_account
from claims.service.staff import SessionInvalid, allowed, sign_in
from tests.integration.claims.claims_api import Api, code_of

FAILED = (401, "sign_in_failed")


async def test_somebody_who_signs_in_is_known_and_signs_out(api: Api) -> None:
    handler = await api.staff("handler", "lies.handler")
    me = (await handler.call("GET", "/v1/staff/me")).json()
    assert (me["username"], me["role"], me["must_change_password"]) == ("lies.handler", "handler", False)
    assert "decide_claims" in me["permissions"]
    assert "manage_staff" not in me["permissions"]
    assert (await handler.call("DELETE", "/v1/staff/sessions/current")).status_code == 204
    assert code_of(await handler.call("GET", "/v1/staff/me")) == (401, "staff_session_invalid")


async def test_whatever_is_wrong_the_answer_is_the_same(api: Api) -> None:
    member = await api.staff("agent", "lies.agent")
    closed = await api.staff("agent", "closed.agent")
    change_account(api.services, Actor.system("tests"), "closed.agent", Change(active=False))
    used = member.code()
    answers = [
        await member.try_sign_in(username="nobody.here"),
        await member.try_sign_in(username="Not A Username"),
        await member.try_sign_in(password="not the password"),
        await member.try_sign_in(code="000000"),
        await member.try_sign_in(code="éé 12"),
        await member.try_sign_in(code=used),
        await closed.try_sign_in(),
    ]
    assert {code_of(answer) for answer in answers} == {FAILED}
    assert len({answer.text for answer in answers}) == 1


async def test_a_code_works_once_and_one_step_early_or_late(api: Api) -> None:
    member = await api.staff()
    for offset in (30, -30, 0):
        api.clock.forward(seconds=120)
        shown = member.code()
        api.clock.forward(seconds=offset)
        assert (await member.try_sign_in(code=f"{shown[:3]} {shown[3:]}")).status_code == 201
        assert code_of(await member.try_sign_in(code=shown)) == FAILED
    for offset in (60, -60):
        api.clock.forward(seconds=180)
        shown = member.code()
        api.clock.forward(seconds=offset)
        assert code_of(await member.try_sign_in(code=shown)) == FAILED


async def test_the_username_may_be_typed_in_capitals(api: Api) -> None:
    member = await api.staff("agent", "lies.agent")
    api.clock.forward(minutes=1)
    assert (await member.try_sign_in(username=" Lies.AGENT ")).status_code == 201


async def test_five_failures_lock_for_a_quarter_of_an_hour(api: Api) -> None:
    member = await api.staff()
    api.clock.forward(minutes=1)
    for _ in range(4):
        assert code_of(await member.try_sign_in(password="wrong password")) == FAILED
    assert (await member.try_sign_in()).status_code == 201
    api.clock.forward(minutes=1)
    for _ in range(5):
        assert code_of(await member.try_sign_in(password="wrong password")) == FAILED
    api.clock.forward(minutes=14, seconds=59)
    assert code_of(await member.try_sign_in()) == FAILED
    api.clock.forward(seconds=1)
    assert (await member.try_sign_in()).status_code == 201


async def test_guesses_at_the_same_moment_count_one_by_one(api: Api) -> None:
    member = await api.staff()
    api.clock.forward(minutes=1)
    guesses = [member.try_sign_in(password=f"wrong password {number}") for number in range(8)]
    assert {code_of(answer) for answer in await asyncio.gather(*guesses)} == {FAILED}
    assert code_of(await member.try_sign_in()) == FAILED
    assert _account(api, member.username)["failures"] == 0
    assert _account(api, member.username)["locked_until"] is not None


async def test_one_code_at_the_same_moment_opens_one_session(api: Api) -> None:
    member = await api.staff()
    api.clock.forward(minutes=1)
    answers = await asyncio.gather(*(member.try_sign_in() for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 401, 401, 401]


@pytest.mark.parametrize("session", [b"", b"x", b"\xff", b"id-999", b"a" * 5000])
async def test_a_session_that_is_none_is_refused(api: Api, session: bytes) -> None:
    response = await api.client.get("/v1/staff/me", headers=[(b"x-staff-session", session)])
    assert code_of(response) == (401, "staff_session_invalid")


async def test_a_session_ends_after_half_an_hour_without_use_and_after_eight_hours(api: Api) -> None:
    member = await api.staff()
    for _ in range(16):
        assert (await member.call("GET", "/v1/staff/me")).status_code == 200
        api.clock.forward(minutes=29)
    assert (await member.call("GET", "/v1/staff/me")).status_code == 200
    api.clock.forward(minutes=16)
    assert code_of(await member.call("GET", "/v1/staff/me")) == (401, "staff_session_invalid")
    await member.sign_in()
    api.clock.forward(minutes=30)
    assert code_of(await member.call("GET", "/v1/staff/me")) == (401, "staff_session_invalid")


async def test_a_role_that_does_not_allow_it_is_refused(api: Api) -> None:
    agent = await api.staff("agent")
    for path in ("/v1/staff/accounts", "/v1/staff/audit"):
        assert code_of(await agent.call("GET", path)) == (403, "not_allowed")
    session = agent.headers["x-staff-session"]
    assert allowed(api.services, session, Permission.READ_CLAIMS).role is Role.AGENT
    with pytest.raises(NotAllowed):
        allowed(api.services, session, Permission.DECIDE_CLAIMS)
    with pytest.raises(SessionInvalid):
        allowed(api.services, "", Permission.READ_CLAIMS)


async def test_the_database_holds_neither_session_nor_password_nor_secret(api: Api) -> None:
    member = await api.staff()
    account = _account(api, member.username)
    secret = member.enrolment.split("secret=")[1].split("&")[0]
    with api.services.engine.connect() as connection:
        hashes = connection.execute(select(staff_sessions.c.token_hash)).scalars().all()
    assert account["password_hash"].startswith("$argon2id$")
    assert secret not in account["totp_secret"]
    assert len(hashes) == 1
    assert hashes[0] != member.headers["x-staff-session"]


async def test_a_hash_made_with_weaker_parameters_is_made_again_at_the_next_sign_in(api: Api) -> None:
    member = await api.staff()
    api.clock.forward(minutes=1)
    before = _account(api, member.username)["password_hash"]
    stronger = Passwords(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    sign_in(replace(api.services, passwords=stronger), member.username, member.password, member.code())
    after = _account(api, member.username)["password_hash"]
    assert before != after
    assert not stronger.outdated(after)
    api.clock.forward(minutes=1)
    await member.sign_in()


async def test_with_another_key_nobody_s_second_factor_can_be_read(api: Api) -> None:
    member = await api.staff()
    api.clock.forward(minutes=1)
    other = replace(api.services, second_factor=SecondFactor("another token secret"))
    with pytest.raises(SignInFailed):
        sign_in(other, member.username, member.password, member.code())


async def test_the_first_password_opens_nothing_but_its_change(api: Api) -> None:
    admin = await api.staff("admin")
    body = {"username": "new.handler", "name": "New", "role": "handler"}
    made = (await admin.call("POST", "/v1/staff/accounts", body)).json()
    member = replace(
        admin,
        username="new.handler",
        password=made["initial_password"],
        enrolment=made["second_factor_uri"],
        headers={},
    )
    await member.sign_in()
    assert (await member.call("GET", "/v1/staff/me")).json()["must_change_password"] is True
    session = member.headers["x-staff-session"]
    assert code_of(await member.call("GET", "/v1/staff/accounts")) == (403, "password_change_needed")
    assert code_of(await member.change_password(made["initial_password"])) == (422, "weak_password")
    assert (await member.change_password("something of my own")).status_code == 204
    assert allowed(api.services, session, Permission.DECIDE_CLAIMS).username == "new.handler"


async def test_a_new_password_ends_the_other_sessions(api: Api) -> None:
    member = await api.staff()
    api.clock.forward(minutes=1)
    elsewhere = replace(member, headers={})
    await elsewhere.sign_in()
    assert (await member.change_password("changed in the first one")).status_code == 204
    assert (await member.call("GET", "/v1/staff/me")).status_code == 200
    assert code_of(await elsewhere.call("GET", "/v1/staff/me")) == (401, "staff_session_invalid")


@pytest.mark.parametrize(
    ("password", "details"),
    [
        ("short", {"reason": "too_short", "minimum": 12}),
        ("x" * 201 + "abc", {"reason": "too_long", "maximum": 200}),
        ("lies.handler 2026", {"reason": "holds_username"}),
        ("Password1234", {"reason": "common"}),
        ("aaaaaaaaaaaabb", {"reason": "common"}),
    ],
)
async def test_a_password_that_is_easy_to_guess_is_refused(api: Api, password: str, details: dict[str, Any]) -> None:
    member = await api.staff("handler", "lies.handler")
    answer = await member.change_password(password)
    assert code_of(answer) == (422, "weak_password")
    assert answer.json()["error"]["details"] == details


async def test_an_open_session_does_not_help_to_find_out_the_password(api: Api) -> None:
    member = await api.staff()
    right = member.password
    for guess in range(5):
        member.password = f"guessed password {guess}"
        assert code_of(await member.change_password("another password 1")) == (422, "wrong_password")
    member.password = right
    assert code_of(await member.change_password("another password 1")) == (422, "wrong_password")
    api.clock.forward(minutes=15)
    assert (await member.change_password("another password 1")).status_code == 204


def _account(api: Api, username: str) -> Any:
    with api.services.engine.connect() as connection:
        return connection.execute(select(staff).where(staff.c.username == username)).mappings().one()
