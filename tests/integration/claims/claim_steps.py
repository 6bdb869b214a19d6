"""Steps of a claim that several tests take, over HTTP."""

from __future__ import annotations

from itertools import count
from typing import Any

import httpx

from tests.integration.claims.claims_api import Api, Customer, Staff

ANSWERS = {"incident_date": "2026-06-10", "amount": "240", "seller": "A Shop"}

_KEYS = count(1)


async def submit(customer: Customer, incident: str = "non_delivery", **answers: str) -> str:
    """Submit a claim and tell its reference; with these answers, or the usual ones when there are none."""
    key = f"steps-{next(_KEYS)}"
    draft = (await customer.open_draft(f"open-{key}", incident)).json()["id"]
    change = {"answers": answers or ANSWERS, "version": 1}
    assert (await customer.call("PATCH", f"/v1/drafts/{draft}", change)).status_code == 200
    submitted = await customer.submit(draft, 2, f"submit-{key}")
    assert submitted.status_code == 201, submitted.text
    return str(submitted.json()["reference"])


async def read(person: Customer | Staff, reference: str) -> dict[str, Any]:
    """Read a claim as a customer or as staff."""
    place = "/v1/staff/claims" if isinstance(person, Staff) else "/v1/claims"
    found = await person.call("GET", f"{place}/{reference}")
    assert found.status_code == 200, found.text
    shown: dict[str, Any] = found.json()
    return shown


async def try_move(staff: Staff, reference: str, to: str, **more: Any) -> httpx.Response:
    """Take a step on the version that is there, unless another one is named."""
    body = {"to": to, "version": more.pop("version", None) or (await read(staff, reference))["version"]}
    return await staff.call("POST", f"/v1/staff/claims/{reference}/transitions", body | more)


async def move(staff: Staff, reference: str, *steps: str, **more: Any) -> dict[str, Any]:
    """Take steps that must work; what they need is given with the last one."""
    for to in steps[:-1]:
        assert (await try_move(staff, reference, to)).status_code == 200
    moved = await try_move(staff, reference, steps[-1], **more)
    assert moved.status_code == 200, moved.text
    shown: dict[str, Any] = moved.json()
    return shown


async def assess(staff: Staff, reference: str, reason: str = "seen on the invoice", **facts: Any) -> httpx.Response:
    """Establish facts on the version that is there."""
    body = {"facts": facts, "version": (await read(staff, reference))["version"], "reason": reason}
    return await staff.call("PATCH", f"/v1/staff/claims/{reference}/assessment", body)


async def do(customer: Customer, reference: str, what: str, **body: Any) -> httpx.Response:
    """Withdraw, remark or answer on the version that is there, unless another one is named."""
    version = body.pop("version", None) or (await read(customer, reference))["version"]
    return await customer.call("POST", f"/v1/claims/{reference}/{what}", {"version": version} | body)


def trail(api: Api, subject: str) -> list[tuple[str, str]]:
    """Who did what to something, from the audit trail."""
    with api.services.unit() as unit:
        return [(entry["actor"], entry["action"]) for entry in unit.audit.entries() if entry["subject"] == subject]
