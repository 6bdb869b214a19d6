"""Finding claims as staff: filters, two orders, in parts; and the clock they are sorted by."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.claims.claim_steps import do, move, read, submit
from tests.integration.claims.claims_api import LIES, Api, Customer, Staff, code_of

KOEN = "CYB-5001-0007"


async def found(staff: Staff, query: str = "") -> list[str]:
    """The references a search finds."""
    answer = await staff.call("GET", f"/v1/staff/claims?{query}")
    assert answer.status_code == 200, answer.text
    return [claim["reference"] for claim in answer.json()["claims"]]


async def in_parts(staff: Staff, query: str) -> list[str]:
    """The references of a list that is read two at a time."""
    references, after = [], ""
    while after is not None:
        page = (await staff.call("GET", f"/v1/staff/claims?{query}&limit=2&after={after}")).json()
        references += [claim["reference"] for claim in page["claims"]]
        after = page["next"]
    return references


async def test_filters(api: Api) -> None:
    lies, koen, agent = await api.customer(), await api.customer(KOEN), await api.staff("agent")
    first = await submit(lies)
    api.clock.forward(minutes=1)
    second = await submit(lies, "phishing", incident_date="2026-06-01")
    api.clock.forward(minutes=1)
    third = await submit(koen, "phishing", incident_date="2026-06-02")
    await move(agent, second, "in_review")
    await agent.call("PUT", f"/v1/staff/claims/{third}/handler", {"handler": agent.username, "version": 1})
    assert await found(agent) == [third, second, first]
    assert await found(agent, "status=in_review") == [second]
    assert await found(agent, "incident=phishing") == [third, second]
    assert await found(agent, f"handler={agent.username}") == [third]
    assert await found(agent, f"policy_reference={LIES.lower()}") == [second, first]
    assert await found(agent, f"policy_reference={LIES}&status=submitted&incident=non_delivery") == [first]
    assert await found(agent, "handler=nobody") == []


@pytest.mark.parametrize("query", ["", "status=submitted"])
async def test_a_list_in_parts_is_the_whole_list(api: Api, query: str) -> None:
    lies, agent = await api.customer(), await api.staff("agent")
    references = [await submit(lies) for _ in range(3)]
    api.clock.forward(days=1)
    lies = await api.customer()
    await agent.sign_in()
    references += [await submit(lies) for _ in range(2)]
    assert await in_parts(agent, query) == references[3:] + references[:3]
    assert await in_parts(agent, f"{query}&order=urgent") == references
    assert len((await lies.call("GET", f"/v1/claims?policy_reference={LIES}&limit=2")).json()["claims"]) == 2


async def test_the_most_urgent_first_and_what_is_overdue(api: Api) -> None:
    lies, agent = await api.customer(), await api.staff()
    early, asked, done = [await submit(lies) for _ in range(3)]
    await move(agent, asked, "information_requested", reason="Which shop?")
    await move(agent, done, "in_review", "declined", reason="No.")
    api.clock.forward(days=15)
    lies = await api.customer()
    await agent.sign_in()
    late = await submit(lies)
    assert await found(agent, "order=urgent") == [early, late, *sorted([asked, done])]
    assert await found(agent, "overdue=true") == []
    api.clock.forward(days=1)
    await agent.sign_in()
    assert await found(agent, "overdue=true") == [early]
    assert await found(agent, "overdue=false") == [late, *sorted([asked, done])]
    payout = {"due_on": "2026-06-30", "days_left": -1, "running": True, "overdue": True}
    assert (await read(agent, early))["payout"] == payout
    # Sixteen days of asking do not count: nothing of the fifteen is used.
    lies = await api.customer()
    answered = (await do(lies, asked, "answers", remark="A shop in Ghent.")).json()
    assert answered["payout"] == {"due_on": "2026-07-16", "days_left": 15, "running": True, "overdue": False}
    assert await found(agent, "order=urgent&status=in_review") == [asked]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("status=lost", "invalid_query"),
        ("overdue=perhaps", "invalid_query"),
        ("order=oldest", "invalid_query"),
        ("handler=", "invalid_query"),
        ("handler=%00", "invalid_query"),
        ("handler=" + "x" * 65, "invalid_query"),
        ("limit=0", "invalid_query"),
        ("limit=101", "invalid_query"),
        ("after=e30", "invalid_query"),
        ("colour=red", "invalid_query"),
        ("status=paid&status=closed", "invalid_query"),
        ("policy_reference=1234", "invalid_policy_reference"),
    ],
)
async def test_a_query_that_cannot_be_read(api: Api, query: str, code: str) -> None:
    agent = await api.staff("agent")
    assert code_of(await agent.call("GET", f"/v1/staff/claims?{query}")) == (422, code)


async def test_staff_need_a_session_and_a_role(api: Api) -> None:
    customer: Customer = await api.customer()
    for headers in ({}, customer.headers, {"x-staff-session": "made up"}):
        answer = await api.client.get("/v1/staff/claims", headers=headers)
        assert code_of(answer) == (401, "staff_session_invalid")
    admin: Any = await api.staff("admin")
    assert code_of(await admin.call("GET", "/v1/staff/claims")) == (403, "not_allowed")
