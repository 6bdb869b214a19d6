"""Who may see what: service tokens, customer tokens, and nobody another customer's."""

from __future__ import annotations

import httpx
import pytest

from tests.integration.claims.claims_api import LIES, Api, Customer, code_of


@pytest.mark.parametrize(
    "value", ["", "Bearer", "Bearer wrong", "Basic test-service-token-1", b"Bearer \xff\xfe", "test-service-token-1"]
)
async def test_without_a_service_token_nothing_is_served(api: Api, value: str | bytes) -> None:
    headers = [(b"authorization", value if isinstance(value, bytes) else value.encode())]
    async with httpx.AsyncClient(base_url=api.client.base_url) as stranger:
        response = await stranger.get(f"/v1/policies/{LIES}", headers=headers)
    assert code_of(response) == (401, "unauthorised")


async def test_either_service_token_is_good(api: Api) -> None:
    response = await api.client.get("/v1/drafts/x", headers={"authorization": "bearer test-service-token-2"})
    assert code_of(response) == (401, "customer_token_invalid")


@pytest.mark.parametrize("token", [b"", b"x", b"a.b.c", b"\xff", b"eyJwb2xpY3kiOiJDWUItMTAwMS0wMDAxIn0.aaaaaa.bbbb"])
async def test_a_forged_customer_token_is_refused(api: Api, token: bytes) -> None:
    response = await api.client.get(f"/v1/policies/{LIES}", headers=[(b"x-customer-token", token)])
    assert code_of(response) == (401, "customer_token_invalid")


async def test_another_policy_is_refused_whether_it_exists_or_not(api: Api) -> None:
    customer = await api.customer()
    for other in ("CYB-1002-0002", "CYB-9999-9999"):
        body = {"policy_reference": other, "incident": "phishing", "facts": {}}
        opening = {"policy_reference": other, "incident": "phishing", "conversation": "c", "language": "en"}
        answers = [
            await customer.call("GET", f"/v1/policies/{other}"),
            await customer.call("POST", "/v1/eligibility", body),
            await customer.call("POST", "/v1/drafts", opening, "k"),
            await customer.call("GET", f"/v1/drafts?policy_reference={other}"),
            await customer.call("GET", f"/v1/claims?policy_reference={other}"),
        ]
        assert {code_of(answer) for answer in answers} == {(403, "other_policy")}
        assert all(other not in answer.text for answer in answers)


async def test_another_customer_s_draft_and_claim_look_as_if_they_did_not_exist(api: Api) -> None:
    lies, marc = await api.customer(), await api.customer("CYB-1002-0002")
    draft = (await lies.open_draft()).json()["id"]
    change = {"answers": {}, "version": 1}

    async def answers_of(customer: Customer, draft: str, claim: str) -> list[httpx.Response]:
        return [
            await customer.call("GET", f"/v1/drafts/{draft}"),
            await customer.call("PATCH", f"/v1/drafts/{draft}", change),
            await customer.submit(draft, 1),
            await customer.call("DELETE", f"/v1/drafts/{draft}"),
            await customer.call("GET", f"/v1/claims/{claim}"),
        ]

    claim = (await lies.submit(draft, 1)).json()["reference"]
    theirs = [answer.text for answer in await answers_of(marc, draft, claim)]
    nobodys = [answer.text for answer in await answers_of(marc, "id-99", "CC-2026-999999")]
    assert theirs == nobodys
    codes = [code_of(answer) for answer in await answers_of(marc, draft, claim)]
    assert codes == [(404, "draft_not_found")] * 4 + [(404, "claim_not_found")]
    assert (await lies.call("GET", f"/v1/claims/{claim.lower()}")).json()["reference"] == claim
    assert (await marc.call("GET", "/v1/claims?policy_reference=CYB-1002-0002")).json() == {"claims": [], "next": None}


async def test_the_same_key_of_two_customers_does_not_meet(api: Api) -> None:
    lies, marc = await api.customer(), await api.customer("CYB-1002-0002")
    first, second = await lies.open_draft("same"), await marc.open_draft("same")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] != second.json()["id"]


async def test_answers_are_not_cached(api: Api) -> None:
    customer = await api.customer()
    response = await customer.call("GET", f"/v1/policies/{LIES}")
    assert response.headers["cache-control"] == "no-store"
    assert response.json()["status"] == "active"
