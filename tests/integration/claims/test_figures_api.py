"""What supervisors and Prometheus are told: the export, and gauges that fall again."""

from __future__ import annotations

import csv
import io

import pytest

from tests.integration.claims.claim_steps import assess, move, submit
from tests.integration.claims.claims_api import Api, code_of
from tests.integration.claims.evidence_files import TEXT, draft_of, give


async def exported(api: Api) -> dict[str, dict[str, str]]:
    """The lines of the export, by reference."""
    answer = await (await api.staff("supervisor")).call("GET", "/v1/staff/export")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    return {line["reference"]: line for line in csv.DictReader(io.StringIO(answer.text, newline=""))}


async def test_the_export_tells_both_findings_and_what_was_paid(api: Api) -> None:
    customer, handler = await api.customer(), await api.staff("handler")
    reference = await submit(customer)
    assert (await assess(handler, reference, private_use="professional")).status_code == 200
    await move(handler, reference, "in_review", "approved", amount="120.50")
    line = (await exported(api))[reference]
    assert (line["finding_at_submission"], line["latest_finding"]) == ("needs_review", "looks_not_covered")
    assert (line["approved_amount"], line["paid_amount"]) == ("120.5", "")
    await move(handler, reference, "paid")
    assert (await exported(api))[reference]["paid_amount"] == "120.5"


async def test_until_it_is_checked_again_the_latest_finding_is_the_first(api: Api) -> None:
    reference = await submit(await api.customer())
    line = (await exported(api))[reference]
    assert line["latest_finding"] == line["finding_at_submission"] == "needs_review"
    assert (line["approved_amount"], line["paid_amount"]) == ("", "")


async def test_the_export_can_begin_at_a_moment(api: Api) -> None:
    reference, supervisor = await submit(await api.customer()), await api.staff("supervisor")
    for since, found in (("2026-06-15T12:00:00Z", True), ("2026-06-15T14:00:01%2B02:00", False)):
        answer = await supervisor.call("GET", f"/v1/staff/export?since={since}")
        assert (reference in answer.text) is found


@pytest.mark.parametrize("since", ["0.5", "1781524800", "null", "", "yesterday", "2026-06-15", "2026-06-15T12:00:00"])
async def test_what_is_no_moment_with_a_zone_is_refused(api: Api, since: str) -> None:
    supervisor = await api.staff("supervisor")
    answer = await supervisor.call("GET", f"/v1/staff/export?since={since}")
    assert code_of(answer) == (422, "invalid_query")


async def test_the_export_is_for_supervisors(api: Api) -> None:
    assert code_of(await (await api.staff("handler")).call("GET", "/v1/staff/export")) == (403, "not_allowed")


async def gauge(api: Api, line: str) -> float:
    """The value of one line of the metrics."""
    text = (await api.client.get("/metrics")).text
    (value,) = (each.rpartition(" ")[2] for each in text.splitlines() if each.startswith(f"{line} "))
    return float(value)


async def test_a_gauge_falls_when_the_last_of_a_state_is_gone(api: Api) -> None:
    customer = await api.customer()
    draft = await draft_of(customer)
    item = (await give(customer, draft, TEXT)).json()["id"]
    assert await gauge(api, 'claims_evidence{state="unscanned"}') == 1
    assert await gauge(api, 'claims_evidence{state="infected"}') == 0
    assert (await customer.call("DELETE", f"{draft}/evidence/{item}")).status_code == 204
    assert await gauge(api, 'claims_evidence{state="unscanned"}') == 0
