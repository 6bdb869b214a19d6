"""The life of a claim over HTTP: each side does its part, and sees what is theirs to see."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import select

from claims.adapters.tables import claim_versions, outbox
from tests.integration.claims.claim_steps import ANSWERS, assess, do, move, read, submit, trail, try_move
from tests.integration.claims.claims_api import LIES, Api, Customer, Staff, code_of

MARC = "CYB-1002-0002"


async def test_from_submission_to_payment(api: Api) -> None:
    customer, handler = await api.customer(), await api.staff(username="lies.handler")
    reference = await submit(customer)
    await move(handler, reference, "in_review", "information_requested", reason="Please send the invoice.")
    asked = await read(customer, reference)
    assert (asked["status"], asked["message"]) == ("information_requested", "Please send the invoice.")
    assert asked["payout"] == {"due_on": "2026-06-30", "days_left": 15, "running": False, "overdue": False}
    answered = await do(customer, reference, "answers", answers={"amount": "250"}, remark="It is in the post.")
    assert (answered.json()["status"], answered.json()["answers"]["amount"]) == ("in_review", "250")
    assert answered.json()["message"] == ""
    approved = await move(handler, reference, "approved", amount="249.5")
    assert (approved["approved_amount"], approved["paid_amount"]) == ("249.50", None)
    paid = await move(handler, reference, "paid")
    assert (paid["paid_amount"], paid["payout"]) == ("249.50", None)
    closed = await move(handler, reference, "closed")
    assert [(row["version"], row["change"], row["status"], row["reason"]) for row in closed["versions"]] == [
        (1, "submitted", "submitted", ""),
        (2, "moved", "in_review", ""),
        (3, "moved", "information_requested", "Please send the invoice."),
        (4, "answered", "in_review", "It is in the post."),
        (5, "moved", "approved", ""),
        (6, "moved", "paid", ""),
        (7, "moved", "closed", ""),
    ]
    actors = [row["actor"] for row in closed["versions"]]
    assert actors[:4] == [f"customer:{LIES}", "staff:lies.handler", "staff:lies.handler", f"customer:{LIES}"]
    keys = {f"mail:{reference}:{version}" for version in range(1, 8)}
    with api.services.engine.connect() as connection:
        stored = connection.execute(select(claim_versions.c.snapshot).order_by(claim_versions.c.version)).scalars()
        assert [snapshot["status"] for snapshot in stored] == [row["status"] for row in closed["versions"]]
        assert set(connection.execute(select(outbox.c.key)).scalars()) == keys


async def test_a_claim_is_declined_by_a_person_who_may_and_says_why(api: Api) -> None:
    customer = await api.customer()
    reference = await submit(customer)
    agent, admin, handler = await api.staff("agent"), await api.staff("admin"), await api.staff()
    await move(agent, reference, "in_review")
    reason = {"reason": "The seller is a private person."}
    assert code_of(await try_move(agent, reference, "declined", **reason)) == (403, "not_allowed")
    assert code_of(await try_move(agent, reference, "approved", amount="5")) == (403, "not_allowed")
    path = f"/v1/staff/claims/{reference}"
    assert code_of(await admin.call("GET", path)) == (403, "not_allowed")
    body = {"to": "declined", "version": 2, **reason}
    assert code_of(await admin.call("POST", f"{path}/transitions", body)) == (403, "not_allowed")
    # A service token alone is nobody, and a customer is no member of staff.
    for headers in ({}, customer.headers):
        without = await api.client.post(f"{path}/transitions", json=body, headers=headers)
        assert code_of(without) == (401, "staff_session_invalid")
    assert code_of(await try_move(handler, reference, "declined", reason=" ")) == (422, "text_needed")
    await move(handler, reference, "declined", **reason)
    shown = await read(customer, reference)
    assert (shown["status"], shown["message"], shown["payout"]) == ("declined", reason["reason"], None)


async def test_a_customer_sees_no_handler_no_inside_reason_and_no_assessment(api: Api) -> None:
    customer, handler = await api.customer(), await api.staff(username="secret.handler")
    reference = await submit(customer)
    before = await read(customer, reference)
    await move(handler, reference, "in_review", reason="inside words")
    await assess(handler, reference, "inside words", purchase_from="private_person", caused_by="housemate")
    version = (await read(handler, reference))["version"]
    taken = await handler.call(
        "PUT", f"/v1/staff/claims/{reference}/handler", {"handler": "Secret.Handler", "version": version}
    )
    assert taken.json()["handler"] == "secret.handler"
    seen = await customer.call("GET", f"/v1/claims/{reference}")
    listed = await customer.call("GET", f"/v1/claims?policy_reference={LIES}")
    for text in (seen.text, listed.text):
        assert not any(word in text for word in ("secret.handler", "inside words", "housemate", "seller_private"))
    assert (seen.json()["finding"], seen.json()["reasons"]) == (before["finding"], before["reasons"])
    assert taken.json()["finding"] == taken.json()["latest"]["finding"] == "looks_not_covered"


async def test_what_staff_establish_holds_and_the_cover_is_checked_again(api: Api) -> None:
    customer, agent = await api.customer(), await api.staff("agent")
    reference = await submit(customer, incident_date="vorige week", amount="veel")
    assert "incident_date" in (await read(agent, reference))["at_submission"]["missing"]
    facts = {"incident_date": "2026-06-10", "amount": "240", "victim": f"{LIES}-1", "private_use": "private"}
    more = {"caused_by": "unknown", "purchase_from": "business"}
    shown = (await assess(agent, reference, **facts, **more)).json()
    assert (shown["latest"]["missing"], shown["latest"]["finding"]) == ([], "looks_covered")
    assert shown["latest"]["limits"][0]["left"] == "5000.00"
    assert (shown["answers"]["amount"], shown["assessment"]) == ("veel", facts | more)
    back = (await assess(agent, reference, amount=None)).json()
    assert back["latest"]["missing"] == ["amount"]
    for wrong in ({"amount": "lots"}, {"victim": "CYB-1002-0002-1"}, {"caused_by": "me"}):
        refused = await assess(agent, reference, **wrong)
        assert code_of(refused) == (422, "invalid_facts")
        assert refused.json()["error"]["details"] == {"facts": list(wrong)}
    unknown = await assess(agent, reference, no_such_fact="x")
    assert code_of(unknown) == (422, "invalid_facts")
    assert "no_such_fact" not in unknown.text
    assert (await read(agent, reference))["version"] == 3


async def test_an_old_version_changes_nothing_and_the_new_one_is_named(api: Api) -> None:
    customer, handler = await api.customer(), await api.staff()
    reference = await submit(customer)
    await move(handler, reference, "information_requested", reason="Which shop?")
    place = f"/v1/staff/claims/{reference}"
    refused = [
        await handler.call("POST", f"{place}/transitions", {"to": "in_review", "version": 1}),
        await handler.call(
            "PATCH", f"{place}/assessment", {"facts": {"amount": "5"}, "version": 1, "reason": "because"}
        ),
        await handler.call("PUT", f"{place}/handler", {"handler": None, "version": 1}),
        await do(customer, reference, "withdrawal", version=1),
        await do(customer, reference, "remarks", remark="hello", version=1),
        await do(customer, reference, "answers", remark="hello", version=1),
    ]
    for answer in refused:
        assert code_of(answer) == (409, "version_conflict")
        assert answer.json()["error"]["details"] == {"version": 2}
    assert (await read(handler, reference))["version"] == 2


async def test_of_changes_at_the_same_moment_one_is_made(api: Api) -> None:
    customer, handler = await api.customer(), await api.staff()
    reference = await submit(customer)
    steps = [try_move(handler, reference, "in_review", version=1) for _ in range(4)]
    remarks = [do(customer, reference, "remarks", remark=f"words {n}", version=1) for n in range(4)]
    answers = await asyncio.gather(*steps, *remarks)
    assert sorted(answer.status_code for answer in answers) == [200, *[409] * 7]
    assert len((await read(handler, reference))["versions"]) == 2


async def test_a_customer_withdraws_until_it_is_decided(api: Api) -> None:
    customer, handler = await api.customer(), await api.staff()
    first, second = await submit(customer), await submit(customer)
    withdrawn = (await do(customer, first, "withdrawal", remark="The parcel came.")).json()
    assert (withdrawn["status"], withdrawn["message"], withdrawn["payout"]) == ("withdrawn", "", None)
    assert (await read(handler, first))["versions"][-1]["reason"] == "The parcel came."
    await move(handler, second, "in_review", "approved", amount="10")
    refused = await do(customer, second, "withdrawal")
    assert code_of(refused) == (409, "step_not_possible")
    assert refused.json()["error"]["details"] == {"status": "approved"}


async def test_remarks_until_it_is_closed_and_answers_only_when_asked(api: Api) -> None:
    customer, handler = await api.customer(), await api.staff()
    reference = await submit(customer)
    assert (await do(customer, reference, "remarks", remark="One more thing: 🛒")).json()["version"] == 2
    assert (await read(handler, reference))["versions"][1]["reason"] == "One more thing: 🛒"
    assert code_of(await do(customer, reference, "remarks", remark=" ")) == (422, "text_needed")
    assert code_of(await do(customer, reference, "answers", remark="x")) == (409, "step_not_possible")
    await move(handler, reference, "information_requested", reason="Which shop?")
    assert code_of(await do(customer, reference, "answers")) == (422, "text_needed")
    many = {"a" * (n % 40 + 1) + "_" * (n // 40): "x" for n in range(60)}
    assert code_of(await do(customer, reference, "answers", answers=many)) == (422, "too_many_answers")
    await do(customer, reference, "withdrawal")
    assert (await do(customer, reference, "remarks", remark="Sorry.")).status_code == 200
    await move(handler, reference, "closed")
    assert code_of(await do(customer, reference, "remarks", remark="Hello?")) == (409, "claim_fixed")
    assert code_of(await assess(handler, reference, amount="5")) == (409, "claim_fixed")


async def test_steps_that_cannot_be_taken(api: Api) -> None:
    customer, handler, supervisor = await api.customer(), await api.staff(), await api.staff("supervisor")
    reference = await submit(customer)
    refused = await try_move(handler, reference, "paid")
    assert code_of(refused) == (409, "step_not_possible")
    assert refused.json()["error"]["details"] == {
        "status": "submitted",
        "possible": ["in_review", "information_requested"],
    }
    await move(handler, reference, "in_review")
    for amount in ({}, {"amount": "0"}):
        assert code_of(await try_move(handler, reference, "approved", **amount)) == (422, "invalid_amount")
    for amount in ("-1", "1,50", "1.005", "NaN", "10000000", "1\n"):
        assert code_of(await try_move(handler, reference, "approved", amount=amount)) == (422, "invalid_body")
    await move(handler, reference, "declined", reason="No.")
    assert code_of(await try_move(handler, reference, "in_review", reason="A letter.")) == (403, "not_allowed")
    assert code_of(await try_move(supervisor, reference, "in_review")) == (422, "text_needed")
    assert (await move(supervisor, reference, "in_review", reason="A letter."))["status"] == "in_review"
    # The customer hears that it is looked at again, not why.
    assert (await read(customer, reference))["message"] == ""


async def test_without_the_date_of_the_incident_nothing_is_approved(api: Api) -> None:
    customer, handler = await api.customer(), await api.staff()
    reference = await submit(customer, amount="10")
    await move(handler, reference, "in_review")
    refused = await try_move(handler, reference, "approved", amount="10")
    assert code_of(refused) == (409, "facts_needed")
    assert refused.json()["error"]["details"] == {"facts": ["incident_date"]}
    await assess(handler, reference, incident_date="2026-06-10")
    assert (await move(handler, reference, "approved", amount="10"))["approved_amount"] == "10.00"


async def test_a_claim_goes_to_a_handler_who_may_work_on_claims(api: Api) -> None:
    customer, handler, admin = await api.customer(), await api.staff(), await api.staff("admin")
    reference = await submit(customer)
    path = f"/v1/staff/claims/{reference}/handler"
    for nobody in ("nobody.here", admin.username, "\ud7ff", "x' OR 1=1 --"):
        assert code_of(await handler.call("PUT", path, {"handler": nobody, "version": 1})) == (422, "unknown_handler")
    await handler.call("PUT", path, {"handler": handler.username, "version": 1})
    assert (await read(handler, reference))["handler"] == handler.username
    assert (await handler.call("PUT", path, {"handler": None, "version": 2})).json()["handler"] is None
    for body in ({"handler": "\x00", "version": 3}, {"version": 3}, {"handler": "x" * 65, "version": 3}):
        assert code_of(await handler.call("PUT", path, body)) == (422, "invalid_body")


async def test_a_claim_of_somebody_else_looks_as_if_it_did_not_exist(api: Api) -> None:
    lies, marc, handler = await api.customer(), await api.customer(MARC), await api.staff()
    reference = await submit(lies)

    async def calls(claim: str) -> list[str]:
        body: dict[str, Any] = {"version": 1, "remark": "x"}
        paths = [f"/v1/claims/{claim}/{what}" for what in ("withdrawal", "remarks", "answers")]
        answers = [await marc.call("POST", path, body) for path in paths]
        answers.append(await marc.call("GET", f"/v1/claims/{claim}"))
        assert {code_of(answer) for answer in answers} == {(404, "claim_not_found")}
        return [answer.text for answer in answers]

    assert await calls(reference) == await calls("CC-2026-999999")
    place = "/v1/staff/claims/CC-2026-999999"
    missing = [
        await handler.call("GET", place),
        await handler.call("POST", f"{place}/transitions", {"to": "approved", "version": 1, "amount": "5"}),
        await handler.call("PATCH", f"{place}/assessment", {"facts": {"amount": "5"}, "version": 1, "reason": "x"}),
        await handler.call("PUT", f"{place}/handler", {"handler": None, "version": 1}),
    ]
    assert {code_of(answer) for answer in missing} == {(404, "claim_not_found")}


async def test_every_reading_and_every_change_is_in_the_trail(api: Api) -> None:
    customer, handler = await api.customer(), await api.staff(username="lies.handler")
    reference = await submit(customer)
    await customer.call("GET", f"/v1/claims/{reference}")
    await customer.call("GET", f"/v1/claims?policy_reference={LIES}")
    await handler.call("GET", "/v1/staff/claims")
    place = f"/v1/staff/claims/{reference}"
    await handler.call("POST", f"{place}/transitions", {"to": "in_review", "version": 1, "reason": "secret words"})
    await handler.call("PATCH", f"{place}/assessment", {"facts": {"amount": "5"}, "version": 2, "reason": "secret"})
    await handler.call("PUT", f"{place}/handler", {"handler": None, "version": 3})
    await customer.call("POST", f"/v1/claims/{reference}/remarks", {"version": 4, "remark": "secret words"})
    them, us = f"customer:{LIES}", "staff:lies.handler"
    # Whoever changes a claim is shown it, which is a reading too.
    assert trail(api, f"claim:{reference}") == [
        (them, "claim_submitted"),
        (them, "claim_read"),
        (us, "claim_moved"),
        (us, "claim_read"),
        (us, "claim_assessed"),
        (us, "claim_read"),
        (us, "claim_assigned"),
        (us, "claim_read"),
        (them, "claim_remarked"),
        (them, "claim_read"),
    ]
    assert trail(api, "claims") == [(them, "claims_listed"), (us, "claims_listed")]
    with api.services.unit() as unit:
        assert "secret" not in str(list(unit.audit.entries()))


async def test_a_list_in_the_trail_names_what_was_shown(api: Api) -> None:
    customer, agent = await api.customer(), await api.staff("agent")
    references = [await submit(customer) for _ in range(3)]
    await customer.call("GET", f"/v1/claims?policy_reference={LIES}&limit=1")
    await agent.call("GET", "/v1/staff/claims?limit=2")
    await agent.call("GET", "/v1/staff/claims?status=closed")
    with api.services.unit() as unit:
        details = [entry["details"] for entry in unit.audit.entries() if entry["action"] == "claims_listed"]
    assert details == [{"references": references[:1]}, {"references": references[:2]}]


async def test_claims_that_look_alike_are_named_to_both_sides(api: Api) -> None:
    customer, handler = await api.customer(), await api.staff()
    first = await submit(customer)
    second = await submit(customer, "non_conforming_delivery", incident_date="2026-06-12", amount="7")
    other = await submit(customer, "phishing", incident_date="2026-06-12")
    for person in (customer, handler):
        assert (await read(person, first))["duplicates"] == [second]
        assert (await read(person, second))["duplicates"] == [first]
        assert (await read(person, other))["duplicates"] == []
    await do(customer, second, "withdrawal")
    assert (await read(handler, first))["duplicates"] == []


async def test_a_repeated_submission_gets_the_same_answer_whatever_happened_since(api: Api) -> None:
    customer, handler = await api.customer(), await api.staff()
    draft = (await customer.open_draft()).json()["id"]
    answers = await asyncio.gather(*(customer.submit(draft, 1, "once") for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [*[200] * 7, 201]
    assert len({answer.content for answer in answers}) == 1
    reference = answers[0].json()["reference"]
    assert trail(api, f"claim:{reference}") == [(f"customer:{LIES}", "claim_submitted")]
    await move(handler, reference, "information_requested", reason="Which shop?")
    await do(customer, reference, "answers", answers=ANSWERS)
    repeat = await customer.submit(draft, 1, "once")
    assert (repeat.status_code, repeat.content) == (200, answers[0].content)
    assert code_of(await customer.submit(draft, 2, "once")) == (422, "idempotency_key_reused")


@pytest.mark.parametrize("path", ["/v1/staff/claims/%00", "/v1/staff/claims/%ff", "/v1/staff/claims/" + "x" * 300])
async def test_a_reference_that_is_none_is_not_found(api: Api, path: str) -> None:
    handler: Staff = await api.staff()
    assert code_of(await handler.call("GET", path)) == (404, "claim_not_found")
    customer: Customer = await api.customer()
    assert code_of(await customer.call("GET", path.replace("/staff", ""))) == (404, "claim_not_found")
