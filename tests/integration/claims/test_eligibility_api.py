"""The check of cover over HTTP, on the demo policies."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from claims.domain.incidents import Incident
from claims.domain.limits import PastClaim, PastClaimStatus
from claims.domain.policies import Payment, Period, Terms
from tests.integration.claims.claims_api import LIES, Api, code_of

DAY = date(2026, 6, 1)
IN_ORDER = {
    "incident_date": "2026-06-10",
    "private_use": "private",
    "caused_by": "unknown",
    "amount": "240",
    "purchase_from": "business",
}


def keep(api: Api, past: list[PastClaim] | None = None, **changes: Any) -> None:
    """Change the first demo policy."""
    with api.services.unit() as unit:
        unit.policies.put(replace(unit.policies.get(LIES), **changes), past)
        unit.commit()


def approved(claim_id: str, incident: Incident, euros: str) -> PastClaim:
    """A past claim that was approved."""
    return PastClaim(claim_id, incident, DAY, PastClaimStatus.APPROVED, Decimal(euros))


async def test_a_finding_has_reasons_limits_and_what_is_missing(api: Api) -> None:
    customer = await api.customer()
    found = (await customer.check(**IN_ORDER, what_happened="a story")).json()
    assert (found["finding"], found["missing"]) == ("needs_review", ["victim"])
    covered = (await customer.check(**IN_ORDER, victim="CYB-1001-0001-3")).json()
    assert covered["finding"] == "looks_covered"
    assert covered["limits"] == [
        {
            "name": "online_purchases",
            "limit": "5000.00",
            "used": "0.00",
            "left": "5000.00",
            "claims_allowed": None,
            "claims_used": 0,
            "claims_left": None,
            "currency": "EUR",
        }
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


@pytest.mark.parametrize("incident", Incident)
async def test_every_incident_is_checked(api: Api, incident: Incident) -> None:
    customer = await api.customer()
    everything = {"consent": "deceived", "loss_cause": "software_bug", "data_authorised": "yes"}
    found = (await customer.check(incident, **IN_ORDER, **everything, victim="CYB-1001-0001-1")).json()
    to_a_person = {Incident.PHISHING, Incident.HACKED_ACCOUNT, Incident.PAYMENT_FRAUD}
    assert found["finding"] == ("needs_review" if incident in to_a_person else "looks_covered")
    assert (found["missing"], found["rules_version"]) == ([], "product_page-2021-12")


async def test_an_exclusion_somebody_states_is_against_and_silence_is_not(api: Api) -> None:
    customer = await api.customer()
    stated = (await customer.check("identity_theft", spread_by_institution="yes")).json()
    assert [reason["code"] for reason in stated["reasons"] if reason["effect"] == "against"] == [
        "spread_by_institution"
    ]
    assert "spread_by_institution" not in (await customer.check("identity_theft")).text
    assert code_of(await customer.check("identity_theft", spread_by_institution="no idea")) == (422, "invalid_facts")


async def test_what_is_left_of_a_limit_in_claims(api: Api) -> None:
    keep(api, past=[approved("A", Incident.SEXTORTION, "1000"), approved("B", Incident.CYBERBULLYING, "0")])
    customer = await api.customer()
    found = (await customer.check("cyberbullying", **IN_ORDER)).json()
    (limit,) = found["limits"]
    assert (limit["name"], limit["left"], limit["claims_used"], limit["claims_left"]) == (
        "e_reputation",
        "4000.00",
        2,
        1,
    )


async def test_periods_payments_and_conditions_are_kept_as_they_are(api: Api) -> None:
    keep(
        api,
        country="FR",
        antivirus_declared_on=None,
        periods=(
            Period(date(2025, 1, 1), date(2026, 5, 31), Terms.PRODUCT_PAGE),
            Period(date(2026, 6, 5), None, Terms.LATER_PAGE),
        ),
        payments=(
            Payment(date(2025, 1, 1), date(2025, 1, 1), Decimal("4.99")),
            Payment(date(2026, 6, 6), None, Decimal("4.99")),
        ),
    )
    customer = await api.customer()
    codes = {}
    for day in ("2026-05-31", "2026-06-04", "2026-06-05", "2026-06-10"):
        found = (await customer.check(**IN_ORDER | {"incident_date": day}, victim="CYB-1001-0001-1")).json()
        codes[day] = {reason["code"] for reason in found["reasons"] if reason["effect"] != "supports"}
    conditions = {"holder_outside_belgium", "antivirus_not_declared"}
    assert codes == {
        "2026-05-31": conditions,
        "2026-06-04": conditions | {"contract_interrupted"},
        "2026-06-05": conditions | {"online_purchase_conditions"},
        "2026-06-10": conditions | {"online_purchase_conditions", "invoice_unpaid"},
    }


async def test_a_limit_without_an_amount_shows_none(api: Api) -> None:
    keep(api, periods=(Period(date(2025, 1, 1), None, Terms.LATER_PAGE),))
    customer = await api.customer()
    (limit,) = (await customer.check("sextortion", **IN_ORDER)).json()["limits"]
    assert (limit["limit"], limit["left"], limit["claims_allowed"]) == (None, None, 3)


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
