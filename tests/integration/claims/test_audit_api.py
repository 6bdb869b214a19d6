"""What staff do is written down, and those who watch over it can read it through the API."""

from __future__ import annotations

from typing import Any

import pytest

from claims.domain.actors import Actor
from claims.service.audit import verify
from tests.integration.claims.claims_api import Api, code_of


async def test_signing_in_and_out_is_written_down(api: Api) -> None:
    member = await api.staff("handler", "lies.handler")
    await member.try_sign_in(password="wrong password")
    await member.try_sign_in(username="typed-my-password-here", password="x")
    await member.call("DELETE", "/v1/staff/sessions/current")
    entries = trail(api)
    assert [(entry["actor"], entry["action"], entry["subject"]) for entry in entries] == [
        ("system:tests", "staff_added", "staff:lies.handler"),
        ("staff:lies.handler", "signed_in", "staff:lies.handler"),
        ("staff:lies.handler", "password_changed", "staff:lies.handler"),
        ("system:sign-in", "sign_in_failed", "staff:lies.handler"),
        ("system:sign-in", "sign_in_failed", "staff:unknown"),
        ("staff:lies.handler", "signed_out", "staff:lies.handler"),
    ]
    assert "typed-my-password-here" not in str(entries)
    assert verify(api.services).how is None


async def test_changes_of_accounts_are_written_down_without_secrets(api: Api) -> None:
    admin, handler = await api.staff("admin", "jean.admin"), await api.staff("handler", "lies.handler")
    account = f"/v1/staff/accounts/{handler.username}"
    before = len(trail(api))
    await admin.call("PATCH", account, {"name": "A New Name", "role": "agent"})
    made = (await admin.call("POST", f"{account}/credentials")).json()
    await admin.call("DELETE", f"{account}/sessions")
    entries = trail(api)[before:]
    assert {(entry["actor"], entry["subject"]) for entry in entries} == {("staff:jean.admin", "staff:lies.handler")}
    assert [(entry["action"], entry["details"]) for entry in entries] == [
        ("staff_changed", {"role": "agent", "active": True, "renamed": True}),
        ("staff_reset", {}),
        ("sessions_revoked", {"sessions": 0}),
    ]
    assert made["initial_password"] not in str(entries)
    assert "A New Name" not in str(entries)


async def test_a_wrong_old_password_is_written_down(api: Api) -> None:
    member = await api.staff()
    member.password = "not the old password"
    await member.change_password("another password 1")
    assert trail(api)[-1]["action"] == "password_change_failed"


@pytest.mark.parametrize("role", ["supervisor", "admin"])
async def test_the_trail_is_read_in_parts_and_reading_it_is_an_entry(api: Api, role: str) -> None:
    reader = await api.staff(role)
    with api.services.unit() as unit:
        for number in range(5):
            unit.audit.add(Actor.system("tests"), "claim_read", f"claim:{number}", api.clock.now)
        unit.commit()
    mine = "/v1/staff/audit?actor=system:tests&limit=4"
    first = (await reader.call("GET", mine)).json()
    second = (await reader.call("GET", f"{mine}&after={first['next']}")).json()
    assert [entry["subject"] for entry in first["entries"]] == ["claim:4", "claim:3", "claim:2", "claim:1"]
    assert [entry["subject"] for entry in second["entries"]] == ["claim:0", f"staff:{reader.username}"]
    assert second["next"] is None
    assert set(first["entries"][0]) == {"number", "at", "actor", "action", "subject", "details", "hash"}
    read = trail(api)[-1]
    assert (read["actor"], read["action"], read["subject"]) == (f"staff:{reader.username}", "audit_read", "audit")
    of_one = (await reader.call("GET", "/v1/staff/audit?subject=claim:3")).json()["entries"]
    assert [entry["subject"] for entry in of_one] == ["claim:3"]


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=101",
        "subject=%00",
        "actor=" + "x" * 101,
        "after=x",
        "after=eyJtb21lbnQiOiIyMDI2LTA2LTE1VDEyOjAwOjAwWiIsImlkIjoiaWQtMSJ9",
        "after=eyJtb21lbnQiOiIyMDI2LTA2LTE1VDEyOjAwOjAwWiIsImlkIjoiOTk5OTk5OTk5OTk5OSJ9",
        "unknown=1",
    ],
)
async def test_a_query_that_makes_no_sense_is_refused(api: Api, query: str) -> None:
    reader = await api.staff("supervisor")
    assert code_of(await reader.call("GET", f"/v1/staff/audit?{query}")) == (422, "invalid_query")


def trail(api: Api) -> list[Any]:
    with api.services.unit() as unit:
        return list(unit.audit.entries())
