"""Staff read copies, deciders read originals, always as downloads and never unnoticed."""

from __future__ import annotations

import base64
import hashlib
from io import BytesIO

import httpx
import pytest
from PIL import Image
from sqlalchemy import text

from claims.domain.errors import NotAllowed
from claims.domain.staff import Role, StaffMember
from claims.service.evidence_reading import list_for_staff, read_copy, read_original
from tests.integration.claims.claims_api import LIES, Api, code_of
from tests.integration.claims.evidence_files import CAMERA, MAIL, PDF, TEXT, claim_with, draft_of, give, photo, stored


async def test_staff_see_a_list_with_hashes(api: Api) -> None:
    customer = await api.customer()
    claim, given = await claim_with(customer, photo())
    staff = await api.staff("agent")
    listed = (await staff.call("GET", f"/v1/staff{claim[3:].lower()}/evidence")).json()["evidence"]
    more = {
        "sha256": hashlib.sha256(photo()).hexdigest(),
        "uploaded_by": f"customer:{LIES}",
        "copy_type": "image/jpeg",
    }
    assert listed == [given[0] | more]
    assert listed[0]["state"] == "unscanned"
    assert code_of(await staff.call("GET", "/v1/staff/claims/CC-2026-999999/evidence")) == (404, "claim_not_found")


async def test_the_copy_has_no_metadata_and_the_original_is_untouched(api: Api) -> None:
    _, given = await claim_with(await api.customer(), photo())
    staff, path = await api.staff("handler"), f"/v1/staff/evidence/{given[0]['id']}"
    copy = await staff.call("GET", f"{path}/content")
    with Image.open(BytesIO(copy.content)) as image:
        # Turned upright before the note that says so went.
        assert (image.size, dict(image.getexif())) == ((20, 40), {})
    assert CAMERA not in copy.content
    original = await staff.call("GET", f"{path}/original")
    assert original.content == photo()
    digest = base64.b64encode(hashlib.sha256(photo()).digest()).decode()
    assert original.headers["repr-digest"] == f"sha-256=:{digest}:"


@pytest.mark.parametrize(
    ("content", "name", "kind", "saved_as"),
    [
        (PDF, "rekening été.pdf", "application/pdf", "rekening%20%C3%A9t%C3%A9.pdf"),
        (TEXT, "invoice.html", "text/plain", "invoice.html.txt"),
        (MAIL, 'a"\r\nx: y.eml', "message/rfc822", "a%22%20x%3A%20y.eml"),
        (photo("GIF"), "run.exe", "image/png", "run.exe.png"),
    ],
)
async def test_files_are_downloads_and_never_pages(
    api: Api, content: bytes, name: str, kind: str, saved_as: str
) -> None:
    customer = await api.customer()
    draft = await draft_of(customer)
    item = (await give(customer, draft, content, name)).json()["id"]
    await customer.submit(draft.rpartition("/")[2], 1)
    answer = await (await api.staff("agent")).call("GET", f"/v1/staff/evidence/{item}/content")
    headers = answer.headers
    assert (answer.status_code, headers["content-type"]) == (200, kind)
    disposition = headers["content-disposition"]
    assert disposition.startswith('attachment; filename="')
    assert disposition.endswith(f"; filename*=UTF-8''{saved_as}")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert headers["cache-control"] == "no-store"
    assert int(headers["content-length"]) == len(answer.content)
    assert "x" not in headers
    assert kind == "image/png" or answer.content == content


async def test_a_large_file_comes_in_parts_and_whole(api: Api) -> None:
    content = b"0123456789abcdef" * 100_000
    _, given = await claim_with(await api.customer(), content)
    staff = await api.staff("handler")
    assert (await staff.call("GET", f"/v1/staff/evidence/{given[0]['id']}/original")).content == content


async def test_only_those_who_decide_read_originals(api: Api) -> None:
    claim, given = await claim_with(await api.customer(), TEXT)
    path = f"/v1/staff/evidence/{given[0]['id']}"
    agent, admin = await api.staff("agent"), await api.staff("admin")
    assert (await agent.call("GET", f"{path}/content")).status_code == 200
    refused = [
        await agent.call("GET", f"{path}/original"),
        await admin.call("GET", f"{path}/content"),
        await admin.call("GET", f"/v1/staff{claim[3:]}/evidence"),
    ]
    assert {code_of(answer) for answer in refused} == {(403, "not_allowed")}
    nobody = await api.client.get(f"{path}/content")
    assert code_of(nobody) == (401, "staff_session_invalid")


async def test_the_use_cases_look_at_the_role_themselves(api: Api) -> None:
    admin = StaffMember("an.admin", "An Admin", Role.ADMIN)
    agent = StaffMember("an.agent", "An Agent", Role.AGENT)
    for reading, staff in ((list_for_staff, admin), (read_copy, admin), (read_original, agent)):
        with pytest.raises(NotAllowed):
            reading(api.services, "anything", staff)


@pytest.mark.parametrize("state", ["quarantined", "infected"])
async def test_what_is_not_checked_or_infected_is_read_by_nobody(api: Api, state: str) -> None:
    claim, given = await claim_with(await api.customer(), photo())
    with api.services.engine.begin() as connection:
        connection.execute(text("UPDATE evidence SET state = :state"), {"state": state})
    staff = await api.staff("handler")
    for what in ("content", "original"):
        refused = await staff.call("GET", f"/v1/staff/evidence/{given[0]['id']}/{what}")
        assert code_of(refused) == (409, "evidence_not_readable")
        assert refused.json()["error"]["details"] == {"state": state}
    assert (await staff.call("GET", f"/v1/staff{claim[3:]}/evidence")).json()["evidence"][0]["state"] == state


async def test_what_is_not_submitted_is_not_staff_s_to_see(api: Api) -> None:
    customer = await api.customer()
    item = (await give(customer, await draft_of(customer), TEXT)).json()["id"]
    staff = await api.staff("supervisor")
    for evidence in (item, "nothing"):
        for what in ("content", "original"):
            answer = await staff.call("GET", f"/v1/staff/evidence/{evidence}/{what}")
            assert code_of(answer) == (404, "evidence_not_found")


async def test_a_file_that_is_gone_from_the_store_is_no_empty_answer(api: Api) -> None:
    _, given = await claim_with(await api.customer(), TEXT)
    for path in stored(api):
        path.unlink()
    staff = await api.staff("agent")
    answer = await staff.call("GET", f"/v1/staff/evidence/{given[0]['id']}/content")
    assert code_of(answer) == (503, "evidence_store_unavailable")


async def test_every_reading_is_in_the_trail(api: Api) -> None:
    customer = await api.customer()
    claim, given = await claim_with(customer, TEXT)
    staff = await api.staff("handler", "els.handler")
    path = f"/v1/staff/evidence/{given[0]['id']}"
    for call in (f"/v1/staff{claim[3:]}/evidence", f"{path}/content", f"{path}/original", f"{path}/content"):
        assert (await staff.call("GET", call)).status_code == 200
    await customer.call("GET", f"{claim}/evidence")
    with api.services.unit() as unit:
        subject = f"claim:{claim.rpartition('/')[2]}"
        entries = [entry for entry in unit.audit.entries() if entry["subject"] == subject]
    seen = [(entry["actor"], entry["action"]) for entry in entries if entry["action"].startswith("evidence")]
    assert seen == [
        ("staff:els.handler", "evidence_listed"),
        ("staff:els.handler", "evidence_read"),
        ("staff:els.handler", "evidence_original_read"),
        ("staff:els.handler", "evidence_read"),
        (f"customer:{LIES}", "evidence_listed"),
    ]
    assert {entry["details"].get("evidence") for entry in entries if "read" in entry["action"]} >= {given[0]["id"]}


async def test_customers_get_no_files_back(api: Api) -> None:
    customer = await api.customer()
    _, given = await claim_with(customer, TEXT)
    answers: list[httpx.Response] = [
        await customer.call("GET", f"/v1/staff/evidence/{given[0]['id']}/{what}") for what in ("content", "original")
    ]
    assert {code_of(answer) for answer in answers} == {(401, "staff_session_invalid")}
