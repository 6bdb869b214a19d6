"""Drafts: opened once, changed by version, submitted exactly once."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import text

from claims.domain.incidents import Incident
from claims.service.drafts import NewDraft, open_draft
from claims.service.idempotency import keyed_request
from claims.service.submission import submit_draft
from tests.integration.claims.claims_api import LIES, Api, FakeIds, code_of


def rows(api: Api, table: str) -> int:
    with api.services.engine.connect() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


async def test_a_draft_is_opened_changed_listed_and_dropped(api: Api) -> None:
    customer = await api.customer()
    opened = await customer.open_draft()
    draft = opened.json()
    assert opened.status_code == 201
    assert draft == {
        "id": draft["id"],
        "policy_reference": LIES,
        "incident": "non_delivery",
        "status": "draft",
        "answers": {},
        "version": 1,
        "updated_at": "2026-06-15T12:00:00Z",
    }
    path = f"/v1/drafts/{draft['id']}"
    api.clock.forward(minutes=1)
    change = {"answers": {"amount": "240", "seller": "een winkel 🛒"}, "version": 1}
    changed = (await customer.call("PATCH", path, change)).json()
    assert (changed["version"], changed["updated_at"]) == (2, "2026-06-15T12:01:00Z")
    corrected = {"answers": {"amount": None}, "version": 2, "incident": "non_conforming_delivery"}
    assert (await customer.call("PATCH", path, corrected)).json()["answers"] == {"seller": "een winkel 🛒"}
    listed = (await customer.call("GET", f"/v1/drafts?policy_reference={LIES}")).json()["drafts"]
    assert listed == [(await customer.call("GET", path)).json()]
    assert listed[0]["incident"] == "non_conforming_delivery"
    dropped = await customer.call("DELETE", path)
    assert (dropped.status_code, dropped.content) == (204, b"")
    assert code_of(await customer.call("DELETE", path)) == (404, "draft_not_found")


async def test_the_same_key_opens_one_draft(api: Api) -> None:
    customer = await api.customer()
    answers = await asyncio.gather(*(customer.open_draft("one") for _ in range(6)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    first = answers[0].json()
    await customer.call("PATCH", f"/v1/drafts/{first['id']}", {"answers": {"amount": "1"}, "version": 1})
    assert (await customer.open_draft("one")).json() == first
    assert rows(api, "drafts") == 1


async def test_a_key_belongs_to_one_request(api: Api) -> None:
    customer = await api.customer()
    draft = (await customer.open_draft("one")).json()["id"]
    other = (await customer.open_draft("two")).json()["id"]
    reused = [
        await customer.open_draft("one", "phishing"),
        await customer.submit(draft, 1, "one"),
        await customer.submit(draft, 1, "s") and await customer.submit(other, 1, "s"),
    ]
    assert {code_of(answer) for answer in reused} == {(422, "idempotency_key_reused")}
    missing = [await customer.open_draft(""), await customer.submit(draft, 1, ""), await customer.open_draft("k" * 201)]
    assert {code_of(answer) for answer in missing} == {(422, "idempotency_key_missing")}


async def test_an_old_version_changes_nothing(api: Api) -> None:
    customer = await api.customer()
    path = f"/v1/drafts/{(await customer.open_draft()).json()['id']}"
    changes = [customer.call("PATCH", path, {"answers": {"amount": str(number)}, "version": 1}) for number in range(6)]
    answers = await asyncio.gather(*changes)
    assert sorted(answer.status_code for answer in answers) == [200, *[409] * 5]
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert code_of(refused) == (409, "version_conflict")
    assert refused.json()["error"]["details"] == {"version": 2}


async def test_a_draft_holds_sixty_answers(api: Api) -> None:
    customer = await api.customer()
    path = f"/v1/drafts/{(await customer.open_draft()).json()['id']}"
    most = {chr(97 + n // 26) + chr(97 + n % 26): "x" * 4000 for n in range(60)}
    assert (await customer.call("PATCH", path, {"answers": most, "version": 1})).status_code == 200
    one_more = await customer.call("PATCH", path, {"answers": {"more": "x"}, "version": 2})
    assert code_of(one_more) == (422, "too_many_answers")


async def test_a_submitted_draft_becomes_a_claim_and_stays(api: Api) -> None:
    customer = await api.customer("CYB-5001-0007")
    draft = (await customer.open_draft()).json()["id"]
    path = f"/v1/drafts/{draft}"
    answers = {"incident_date": "2026-06-10", "victim": "mijn dochter", "amount": "240"}
    await customer.call("PATCH", path, {"answers": answers, "version": 1})
    assert code_of(await customer.submit(draft, 1)) == (409, "version_conflict")
    submitted = await customer.submit(draft, 2)
    claim = submitted.json()
    assert submitted.status_code == 201
    # A finding against is no refusal: the claim is there, with its reasons, for a person.
    assert (claim["finding"], claim["status"], claim["answers"]) == ("looks_not_covered", "submitted", answers)
    assert "limit_used_up" in {reason["code"] for reason in claim["reasons"]}
    assert "not_insured_person" not in {reason["code"] for reason in claim["reasons"]}
    for repeat in (await customer.submit(draft, 2), await customer.submit(draft, 1, "another-key")):
        assert (repeat.status_code, repeat.json()) == (200, claim)
    for change in (
        await customer.call("PATCH", path, {"answers": {}, "version": 3}),
        await customer.call("DELETE", path),
    ):
        assert code_of(change) == (409, "already_submitted")
    assert (await customer.call("GET", path)).json()["status"] == "submitted"
    assert (await customer.call("GET", "/v1/drafts?policy_reference=CYB-5001-0007")).json() == {
        "drafts": [],
        "next": None,
    }
    shown = (await customer.call("GET", f"/v1/claims/{claim['reference']}")).json()
    assert shown.items() >= claim.items()
    listed = (await customer.call("GET", "/v1/claims?policy_reference=CYB-5001-0007")).json()
    assert listed == {"claims": [shown], "next": None}


async def test_a_reference_that_is_taken_is_made_again(api: Api) -> None:
    customer = await api.customer()
    drafts = [(await customer.open_draft(f"k{n}")).json()["id"] for n in range(2)]
    first = (await customer.submit(drafts[0], 1, "s0")).json()["reference"]
    ids = api.services.ids
    assert isinstance(ids, FakeIds)
    ids.references = iter([1, 1, 2])
    second = (await customer.submit(drafts[1], 1, "s1")).json()["reference"]
    assert (first, second) == ("CC-2026-000001", "CC-2026-000002")


async def test_when_every_reference_is_taken_nothing_is_changed(api: Api) -> None:
    customer = await api.customer()
    drafts = [(await customer.open_draft(f"k{n}")).json()["id"] for n in range(2)]
    await customer.submit(drafts[0], 1, "s0")
    ids = api.services.ids
    assert isinstance(ids, FakeIds)
    ids.references = iter([1] * 20)
    assert code_of(await customer.submit(drafts[1], 1, "s1")) == (503, "busy")
    assert (await customer.call("GET", f"/v1/drafts/{drafts[1]}")).json()["status"] == "draft"


async def test_submissions_at_the_same_moment_make_one_claim(api: Api) -> None:
    services, workers = api.services, 12
    new = NewDraft(LIES, Incident.PHISHING, "c1", "nl")
    draft = open_draft(services, new, keyed_request("open", "open_draft", b""))
    barrier = Barrier(workers)

    def submit(worker: int) -> tuple[str, bool]:
        barrier.wait(timeout=10)
        # Half of them repeat one request, the others come with keys of their own.
        key = keyed_request("same" if worker % 2 else f"own-{worker}", "submit", b"")
        claim, created = submit_draft(services, draft.id, LIES, 1, key)
        return claim.reference, created

    with ThreadPoolExecutor(workers) as pool:
        results = list(pool.map(submit, range(workers)))
    assert len({reference for reference, _ in results}) == 1
    assert sum(created for _, created in results) == 1
    assert rows(api, "claims") == 1
