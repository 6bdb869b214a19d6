"""Yearly limits: what is approved counts at once and everywhere, and is free again when a claim is opened again."""

from __future__ import annotations

from tests.integration.claims.claim_steps import do, move, read, submit, try_move
from tests.integration.claims.claims_api import Api, Staff, code_of


async def reviewed(api: Api, staff: Staff, incident: str = "non_delivery", day: str = "2026-06-10") -> str:
    """A claim of Lies that waits for a decision."""
    reference = await submit(await api.customer(), incident, incident_date=day, amount="3000")
    await move(staff, reference, "in_review")
    return reference


async def test_what_is_approved_takes_from_the_limit(api: Api) -> None:
    handler = await api.staff()
    first, second = await reviewed(api, handler), await reviewed(api, handler, "non_conforming_delivery")
    await move(handler, first, "approved", amount="3000.01")
    too_much = await try_move(handler, second, "approved", amount="2000")
    assert code_of(too_much) == (409, "limit_exceeded")
    details = too_much.json()["error"]["details"]
    assert (details["left"], details["currency"]) == ("1999.99", "EUR")
    assert (await read(handler, second))["status"] == "in_review"
    customer = await api.customer()
    asked = (await customer.check(incident_date="2026-06-10", amount="10")).json()["limits"][0]
    assert (asked["used"], asked["left"]) == ("3000.01", "1999.99")
    third = await submit(customer)
    assert (await read(handler, third))["at_submission"]["limits"][0]["left"] == "1999.99"
    await move(handler, second, "approved", amount="1999.99")
    full = await try_move(handler, third, "in_review")
    assert full.status_code == 200
    assert code_of(await try_move(handler, third, "approved", amount="0.01")) == (409, "limit_exceeded")


async def test_another_year_has_a_limit_of_its_own(api: Api) -> None:
    handler = await api.staff()
    now, before = await reviewed(api, handler), await reviewed(api, handler, day="2025-03-10")
    await move(handler, now, "approved", amount="5000")
    await move(handler, before, "approved", amount="5000")


async def test_what_the_insurer_paid_before_counts_too(api: Api) -> None:
    customer, handler = await api.customer("CYB-5001-0007"), await api.staff()
    reference = await submit(customer)
    await move(handler, reference, "in_review")
    refused = await try_move(handler, reference, "approved", amount="0.01")
    assert code_of(refused) == (409, "limit_exceeded")
    assert refused.json()["error"]["details"]["left"] == "0.00"


async def test_opening_again_frees_what_was_approved(api: Api) -> None:
    handler, supervisor = await api.staff(), await api.staff("supervisor")
    first, second = await reviewed(api, handler), await reviewed(api, handler)
    await move(handler, first, "approved", amount="5000")
    assert code_of(await try_move(handler, first, "in_review", reason="x")) == (403, "not_allowed")
    await move(supervisor, first, "in_review", reason="Approved by mistake.")
    await move(handler, second, "approved", amount="4000")
    assert code_of(await try_move(handler, first, "approved", amount="1000.01")) == (409, "limit_exceeded")
    await move(handler, first, "approved", amount="1000")


async def test_what_was_paid_stays_used_when_a_claim_is_opened_again(api: Api) -> None:
    handler, supervisor = await api.staff(), await api.staff("supervisor")
    first, second = await reviewed(api, handler), await reviewed(api, handler)
    await move(handler, first, "approved", amount="3000")
    await move(handler, first, "paid", "closed")
    await move(supervisor, first, "in_review", reason="A second invoice came.")
    assert code_of(await try_move(handler, second, "approved", amount="2000.01")) == (409, "limit_exceeded")
    # Its own payment does not stand in its way: 3,500 in all, of which 500 are still to be paid.
    again = await move(handler, first, "approved", amount="3500")
    assert (again["approved_amount"], again["paid_amount"]) == ("3500.00", "3000.00")
    assert code_of(await try_move(handler, second, "approved", amount="1500.01")) == (409, "limit_exceeded")
    await move(handler, second, "approved", amount="1500")


async def test_three_claims_a_year_for_online_bullying_also_without_money(api: Api) -> None:
    handler = await api.staff()
    claims = [
        await reviewed(api, handler, incident) for incident in ("cyberbullying", "sextortion", *["cyberbullying"] * 2)
    ]
    for reference in claims[:3]:
        await move(handler, reference, "approved", amount="0")
    fourth = await try_move(handler, claims[3], "approved", amount="0")
    assert code_of(fourth) == (409, "limit_exceeded")
    assert fourth.json()["error"]["details"]["claims_left"] == 0


async def test_before_the_contract_began_there_is_a_limit_too(api: Api) -> None:
    customer, handler = await api.customer(), await api.staff()
    reference = await submit(customer, incident_date="2020-02-01", amount="6000")
    await move(handler, reference, "in_review")
    assert code_of(await try_move(handler, reference, "approved", amount="5000.01")) == (409, "limit_exceeded")
    await do(customer, reference, "remarks", remark="Thank you for looking.")
    await move(handler, reference, "approved", amount="5000")
