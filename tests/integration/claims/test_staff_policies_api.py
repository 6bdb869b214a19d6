"""A policy as staff look at it: whom it insures, what is left of its limits, its claims; and who looked."""

from __future__ import annotations

from typing import Any

import pytest

from claims.service.policy_reading import MOST_CLAIMS
from tests.integration.claims.claim_steps import move, submit, trail
from tests.integration.claims.claims_api import BORN, LIES, Api, Staff, code_of
from tests.integration.claims.conftest import running
from tests.integration.claims.operator_system import BORN as BORN_THERE
from tests.integration.claims.operator_system import NEW, TOKEN, failing, operator_system

KOEN, ROSSI, UNPAID = "CYB-5001-0007", "CYB-6001-0008", "CYB-2001-0004"


async def shown(staff: Staff, reference: str = LIES) -> dict[str, Any]:
    """A policy that can be read."""
    answer = await staff.call("GET", f"/v1/staff/policies/{reference}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def checked(staff: Staff, **facts: str) -> dict[str, Any]:
    """What the check of cover finds for an intake under way."""
    body = {"incident": "non_delivery", "facts": facts}
    answer = await staff.call("POST", f"/v1/staff/policies/{LIES}/eligibility", body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_an_agent_reads_a_household_with_ages_and_without_dates_of_birth(api: Api) -> None:
    answer = await (await api.staff("agent")).call("GET", f"/v1/staff/policies/{LIES.lower()}")
    policy = answer.json()
    assert (policy["reference"], policy["status"], policy["terms"]) == (LIES, "active", "product_page")
    assert policy["holder"] == {"first_name": "Lies", "last_name": "Peeters"}
    people = [(each["first_name"], each["relation"], each["family"], each["age"]) for each in policy["insured_persons"]]
    assert people[2] == ("Noor", "child", True, 13)
    assert policy["payment"]["state"] == "paid"
    assert policy["payment"]["open_since"] is None
    assert policy["antivirus_declared_on"] < policy["start_date"]
    assert policy["period"]["ends_on"] is None
    assert policy["rules_version"] == "product_page-2021-12"
    assert BORN[LIES] not in answer.text
    assert "@" not in answer.text


async def test_who_lives_there_without_being_family_is_told_apart(api: Api) -> None:
    policy = await shown(await api.staff("agent"), ROSSI)
    assert [each["family"] for each in policy["insured_persons"]] == [True, True, False]


async def test_a_first_invoice_that_is_open(api: Api) -> None:
    policy = await shown(await api.staff("agent"), UNPAID)
    assert (policy["status"], policy["payment"]["state"], policy["start_date"]) == ("unpaid", "unpaid", None)
    assert policy["payment"]["first_paid_on"] is None


async def test_limits_count_what_was_handled_elsewhere_and_what_was_approved_here(api: Api) -> None:
    handler, koen = await api.staff(), await shown(await api.staff("agent"), KOEN)
    used = {each["name"]: (each["limit"], each["used"], each["left"]) for each in koen["limits"]}
    assert used["online_purchases"] == ("5000.00", "5000.00", "0.00")
    assert [each["approved_amount"] for each in koen["handled_before"]] == ["1800.00", "3200.00"]

    reference = await submit(await api.customer(), incident_date="2026-06-10", amount="240")
    await move(handler, reference, "in_review", "approved", amount="240")
    policy = await shown(handler)
    (limit,) = [each for each in policy["limits"] if each["name"] == "online_purchases"]
    assert (limit["used"], limit["left"]) == ("240.00", "4760.00")
    assert limit["incidents"] == ["non_conforming_delivery", "non_delivery"]
    assert limit["first_day"] <= "2026-06-10" <= limit["last_day"]
    (claim,) = policy["claims"]
    assert (claim["reference"], claim["status"], claim["approved_amount"]) == (reference, "approved", "240.00")
    assert (claim["incident"], claim["incident_date"]) == ("non_delivery", "2026-06-10")


async def test_the_latest_claims_come_first_and_there_is_an_end_to_them(api: Api) -> None:
    customer, agent = await api.customer(), await api.staff("agent")
    references = []
    for _ in range(MOST_CLAIMS + 1):
        references.append(await submit(customer))
        api.clock.forward(minutes=1)
    policy = await shown(agent)
    assert [each["reference"] for each in policy["claims"]] == references[:0:-1]
    assert policy["more_claims"]


async def test_the_reasons_of_an_intake_that_is_under_way(api: Api) -> None:
    agent = await api.staff("agent")
    found = await checked(agent, incident_date="2026-06-10", victim=f"{LIES}-1", purchase_from="private_person")
    assert "seller_private_person" in [each["code"] for each in found["reasons"]]
    assert all(each["source"] for each in found["reasons"])
    assert found["missing"]
    # Free words are no fact, and no error.
    assert (await checked(agent, incident_date="somewhere in June"))["finding"] == "needs_review"


async def test_each_look_is_an_entry_in_the_trail(api: Api) -> None:
    agent = await api.staff("agent")
    await shown(agent)
    await checked(agent)
    assert trail(api, f"policy:{LIES}") == [
        (f"staff:{agent.username}", "policy_read"),
        (f"staff:{agent.username}", "cover_checked"),
    ]


@pytest.mark.parametrize(
    ("reference", "refusal"),
    [("CYB-9999-9999", (404, "policy_not_found")), ("nonsense", (422, "invalid_policy_reference"))],
)
async def test_what_there_is_not(api: Api, reference: str, refusal: tuple[int, str]) -> None:
    agent = await api.staff("agent")
    assert code_of(await agent.call("GET", f"/v1/staff/policies/{reference}")) == refusal
    body = {"incident": "non_delivery", "facts": {}}
    assert code_of(await agent.call("POST", f"/v1/staff/policies/{reference}/eligibility", body)) == refusal


async def test_an_admin_and_a_customer_read_no_policy(api: Api) -> None:
    admin, customer = await api.staff("admin"), await api.customer()
    assert code_of(await admin.call("GET", f"/v1/staff/policies/{LIES}")) == (403, "not_allowed")
    assert code_of(await customer.call("GET", f"/v1/staff/policies/{LIES}")) == (401, "staff_session_invalid")


async def test_a_body_that_is_none_is_refused(api: Api) -> None:
    agent = await api.staff("agent")
    for body in ({"incident": "rain", "facts": {}}, {"incident": "non_delivery"}, {"incident": "non_delivery", "x": 1}):
        answer = await agent.call("POST", f"/v1/staff/policies/{LIES}/eligibility", body)
        assert code_of(answer) == (422, "invalid_body")


async def test_a_policy_of_the_operators_system(database_url: str) -> None:
    async with (
        operator_system() as operator,
        running(database_url, operator_url=operator.address + "/", operator_token=TOKEN) as api,
    ):
        agent = await api.staff("agent")
        assert (await shown(agent, NEW))["holder"]["first_name"] == "Zoë"
        api.clock.forward(days=2)
        await agent.sign_in()
        operator.answer = failing
        answer = await agent.call("GET", f"/v1/staff/policies/{NEW}")
        assert code_of(answer) == (503, "policy_source_unavailable")
        assert BORN_THERE not in answer.text
