"""Files come in streamed, once each, within limits, as what they are and not as what they are called."""

from __future__ import annotations

import hashlib
import os

import pytest
from sqlalchemy import text

from claims.domain.evidence import EvidenceState, EvidenceType
from tests.integration.claims.claims_api import LIES, Api, code_of
from tests.integration.claims.evidence_files import MAIL, PDF, TEXT, claim_with, draft_of, give, photo, rows, stored


async def test_a_file_is_kept_and_listed(api: Api) -> None:
    customer = await api.customer()
    draft, content = await draft_of(customer), photo()
    answer = await give(customer, draft, content, "C:\\foto's\\écran 🛒.jpg")
    assert answer.status_code == 201
    item = answer.json()
    assert item == {
        "id": item["id"],
        "name": "écran 🛒.jpg",
        "type": "image/jpeg",
        "size": len(content),
        "state": "unscanned",
        "uploaded_at": "2026-06-15T12:00:00Z",
    }
    assert (await customer.call("GET", f"{draft}/evidence")).json() == {"evidence": [item]}
    copy, original = stored(api)
    assert (copy.parent.name, original.parent.name) == ("copies", "originals")
    assert original.read_bytes() == content
    assert not any("cran" in path.name for path in (copy, original))
    with api.services.unit() as unit:
        assert unit.evidence.get(item["id"]).sha256 == hashlib.sha256(content).hexdigest()


async def test_the_store_is_for_the_service_alone(api: Api) -> None:
    assert os.stat(api.services.settings.evidence_store).st_mode & 0o777 == 0o700


async def test_the_same_file_again_is_the_same_evidence(api: Api) -> None:
    customer = await api.customer()
    draft = await draft_of(customer)
    first, again = [await give(customer, draft, photo(), name) for name in ("a.jpg", "b.jpg")]
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    elsewhere = await give(customer, await draft_of(customer, "key-2"), photo())
    assert elsewhere.status_code == 201
    assert elsewhere.json()["id"] != first.json()["id"]
    assert (rows(api), len(stored(api))) == (2, 4)


async def test_evidence_of_a_draft_and_its_claim_is_one_list(api: Api) -> None:
    customer = await api.customer()
    claim, given = await claim_with(customer, TEXT)
    api.clock.forward(minutes=1)
    later = await give(customer, claim.replace("CC-", "cc-"), PDF, "bank.pdf")
    assert (later.status_code, (await give(customer, claim, TEXT)).status_code) == (201, 200)
    listed = (await customer.call("GET", f"{claim}/evidence")).json()["evidence"]
    assert listed == [*given, later.json()]
    draft = (await customer.call("GET", claim)).json()["draft"]
    assert (await customer.call("GET", f"/v1/drafts/{draft}/evidence")).json()["evidence"] == listed
    assert code_of(await give(customer, f"/v1/drafts/{draft}", MAIL)) == (409, "already_submitted")


@pytest.mark.parametrize("status", ["withdrawn", "closed"])
async def test_a_claim_that_is_over_takes_no_evidence(api: Api, status: str) -> None:
    customer = await api.customer()
    claim, _ = await claim_with(customer)
    with api.services.engine.begin() as connection:
        connection.execute(text("UPDATE claims SET status = :status"), {"status": status})
    assert code_of(await give(customer, claim, TEXT)) == (409, "evidence_closed")
    assert (rows(api), stored(api)) == (0, [])


async def test_nobody_gives_to_or_sees_of_another_customer(api: Api) -> None:
    lies, marc = await api.customer(), await api.customer("CYB-1002-0002")
    draft = await draft_of(lies)
    item = (await give(lies, draft, TEXT)).json()
    answers = [
        await give(marc, draft, PDF),
        await marc.call("GET", f"{draft}/evidence"),
        await marc.call("DELETE", f"{draft}/evidence/{item['id']}"),
    ]
    claim = (await lies.submit(draft.rpartition("/")[2], 1)).json()["reference"]
    answers += [await give(marc, f"/v1/claims/{claim}", PDF), await marc.call("GET", f"/v1/claims/{claim}/evidence")]
    assert [code_of(answer)[1] for answer in answers] == ["draft_not_found"] * 3 + ["claim_not_found"] * 2


async def test_a_file_is_taken_back_while_it_is_a_draft(api: Api) -> None:
    customer = await api.customer()
    draft, other = await draft_of(customer), await draft_of(customer, "key-2")
    item = (await give(customer, draft, photo())).json()["id"]
    assert code_of(await customer.call("DELETE", f"{other}/evidence/{item}")) == (404, "evidence_not_found")
    assert code_of(await customer.call("DELETE", f"{draft}/evidence/nothing")) == (404, "evidence_not_found")
    assert (await customer.call("DELETE", f"{draft}/evidence/{item}")).status_code == 204
    assert (rows(api), stored(api)) == (0, [])
    kept = (await give(customer, draft, TEXT)).json()["id"]
    await customer.submit(draft.rpartition("/")[2], 1)
    assert code_of(await customer.call("DELETE", f"{draft}/evidence/{kept}")) == (409, "already_submitted")


async def test_a_dropped_draft_takes_its_evidence_along(api: Api) -> None:
    customer = await api.customer()
    draft = await draft_of(customer)
    given = [(await give(customer, draft, content)).json()["id"] for content in (photo(), PDF)]
    assert (await customer.call("DELETE", draft)).status_code == 204
    assert (rows(api), stored(api)) == (0, [])
    with api.services.unit() as unit:
        entries = [entry for entry in unit.audit.entries() if entry["action"] == "evidence_removed"]
    assert [entry["details"]["evidence"] for entry in entries] == given
    assert {(entry["actor"], entry["subject"]) for entry in entries} == {
        (f"customer:{LIES}", f"draft:{draft.rpartition('/')[2]}")
    }
    assert all(len(entry["details"]["sha256"]) == 64 for entry in entries)


@pytest.mark.parametrize(
    ("content", "code", "reason"),
    [
        (b"", "evidence_empty", None),
        (b"<html><script>alert(1)</script>", "evidence_type_refused", "not_allowed"),
        (photo()[:-300], "evidence_type_refused", "damaged"),
        (photo() + b"<script>alert(1)</script>", "evidence_type_refused", "page_inside"),
    ],
)
async def test_what_is_refused_leaves_nothing(api: Api, content: bytes, code: str, reason: str | None) -> None:
    customer = await api.customer()
    refused = await give(customer, await draft_of(customer), content, "photo.jpg")
    assert code_of(refused) == (422, code)
    details = refused.json()["error"]["details"]
    assert details == ({"reason": reason, "allowed": [kind.value for kind in EvidenceType]} if reason else {})
    assert (rows(api), stored(api)) == (0, [])


async def test_what_is_given_and_taken_back_is_in_the_trail(api: Api) -> None:
    customer = await api.customer()
    draft = await draft_of(customer)
    item = (await give(customer, draft, TEXT, "Lies Peeters.txt")).json()["id"]
    await customer.call("GET", f"{draft}/evidence")
    await customer.call("DELETE", f"{draft}/evidence/{item}")
    subject = f"draft:{draft.rpartition('/')[2]}"
    with api.services.unit() as unit:
        entries = [entry for entry in unit.audit.entries() if entry["subject"] == subject]
    assert [entry["action"] for entry in entries] == ["evidence_added", "evidence_listed", "evidence_removed"]
    assert {entry["actor"] for entry in entries} == {f"customer:{LIES}"}
    assert entries[0]["details"]["state"] == EvidenceState.UNSCANNED.value
    assert "Peeters" not in str(entries)
