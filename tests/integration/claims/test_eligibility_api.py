"""The check of cover over HTTP, on the demo policies."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.claims.claims_api import Api, code_of

IN_ORDER = {
    "incident_date": "2026-06-10",
    "private_use": "private",
    "caused_by": "unknown",
    "amount": "240",
    "purchase_from": "business",
}


async def test_a_finding_has_reasons_limits_and_what_is_missing(api: Api) -> None:
    customer = await api.customer()
    found = (await customer.check(**IN_ORDER, what_happened="a story")).json()
    assert (found["finding"], found["missing"]) == ("needs_review", ["victim"])
    covered = (await customer.check(**IN_ORDER, victim="CYB-1001-0001-3")).json()
    assert covered["finding"] == "looks_covered"
    assert covered["limits"] == [
        {"name": "online_purchases", "limit": "5000.00", "used": "0.00", "left": "5000.00", "currency": "EUR"}
    ]
    assert {"code", "effect", "source"} == set(covered["reasons"][0])


@pytest.mark.parametrize(
    ("reference", "person", "code"),
    [
        ("CYB-2001-0004", "1", "first_invoice_unpaid"),
        ("CYB-5001-0007", "1", "limit_used_up"),
        ("CYB-6001-0008", "3", "not_insured_person"),
    ],
)
async def test_a_demo_policy_shows_its_reason(api: Api, reference: str, person: str, code: str) -> None:
    customer = await api.customer(reference)
    found = (await customer.check(**IN_ORDER, victim=f"{reference}-{person}")).json()
    assert found["finding"] == "looks_not_covered"
    assert [reason["code"] for reason in found["reasons"] if reason["effect"] == "against"] == [code]


async def test_facts_that_cannot_be_read_are_named_but_not_repeated(api: Api) -> None:
    customer = await api.customer()
    response = await customer.check(incident_date="gisteren", victim="CYB-1002-0002-1", amount="veel")
    assert code_of(response) == (422, "invalid_facts")
    assert response.json()["error"]["details"] == {"facts": ["incident_date", "victim", "amount"]}
    assert "gisteren" not in response.text


@pytest.mark.parametrize(
    "body",
    [
        {"incident": "earthquake"},
        {"facts": {"Upper": "x"}},
        {"facts": {"amount": 240}},
        {"facts": {"amount": "x" * 4001}},
        {"facts": {"line_break\n": "x"}},
        {"facts": {"nul": "\x00"}},
        {"facts": {"a" * (n % 40 + 1) + "_" * (n // 40): "x" for n in range(61)}},
        {"facts": None},
        {"policy_reference": 1},
    ],
)
async def test_a_body_of_another_shape_is_refused_without_repeating_it(api: Api, body: dict[str, Any]) -> None:
    customer = await api.customer()
    full = {"policy_reference": customer.reference, "incident": "phishing", "facts": {}} | body
    response = await customer.call("POST", "/v1/eligibility", full)
    assert code_of(response) == (422, "invalid_body")
    assert "earthquake" not in response.text
    assert "line_break" not in response.text


async def test_a_policy_that_is_gone_is_not_found(api: Api) -> None:
    customer = await api.customer()
    customer.headers["x-customer-token"] = api.services.tokens.issue("CYB-9999-9999")
    customer.reference = "CYB-9999-9999"
    assert code_of(await customer.check()) == (404, "policy_not_found")
    assert code_of(await customer.call("GET", "/v1/policies/CYB-9999-9999")) == (404, "policy_not_found")
    assert code_of(await customer.open_draft()) == (404, "policy_not_found")
