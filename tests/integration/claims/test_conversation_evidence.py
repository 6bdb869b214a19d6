"""Files of a conversation go to its draft or claim; without one they wait for it, and not for ever."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from sqlalchemy import select, text

from claims.adapters.tables import audit_entries, evidence
from claims.domain.evidence import HELD_FOR
from claims.service.conversation_evidence import settle_held
from claims.service.evidence_upkeep import sweep
from claims.service.periodic import Periodic
from tests.integration.claims.claims_api import Api, code_of
from tests.integration.claims.conftest import running
from tests.integration.claims.evidence_files import EICAR, PDF, TEXT, clamd, photo, rows, stored

TALK = "conversation-1"


async def give(
    api: Api, content: bytes = PDF, conversation: str = TALK, name: str = "facture.pdf", query: str = ""
) -> httpx.Response:
    """Bring a file as the bot does."""
    headers = {"x-file-name": quote(name)}
    path = f"/v1/conversations/{quote(conversation)}/evidence{query}"
    return await api.client.post(path, content=content, headers=headers)


async def place(api: Api, conversation: str = TALK) -> dict[str, Any]:
    """Where a file would go."""
    found: dict[str, Any] = (await api.client.get(f"/v1/conversations/{conversation}")).json()
    return found


def held(api: Api) -> int:
    """How many files wait."""
    with api.services.engine.connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM held_evidence")).scalar_one())


def trail(api: Api) -> list[tuple[str, str, str]]:
    """What the trail says of evidence."""
    with api.services.engine.connect() as connection:
        columns = (audit_entries.c.actor, audit_entries.c.action, audit_entries.c.subject)
        query = select(*columns).where(audit_entries.c.action.like("evidence%")).order_by(audit_entries.c.number)
        return [tuple(row) for row in connection.execute(query)]


async def test_a_file_waits_for_a_draft_and_then_belongs_to_it(api: Api) -> None:
    assert await place(api) == {"evidence_to": "held", "claim": None, "claims": []}
    given = await give(api)
    assert given.status_code == 201
    told = given.json()
    assert (told["name"], told["type"], told["size"]) == ("facture.pdf", "application/pdf", len(PDF))
    assert (told["evidence_to"], told["claim"], told["state"]) == ("held", None, "unscanned")
    again = await give(api)
    assert (again.status_code, again.json()["id"], held(api), len(stored(api))) == (200, told["id"], 1, 1)
    customer = await api.customer()
    draft = (await customer.open_draft()).json()["id"]
    listed = await customer.call("GET", f"/v1/drafts/{draft}/evidence")
    assert [each["id"] for each in listed.json()["evidence"]] == [told["id"]]
    assert (held(api), await place(api)) == (0, {"evidence_to": "draft", "claim": None, "claims": []})
    assert trail(api) == [
        ("conversation:conversation-1", "evidence_held", "conversation:conversation-1"),
        ("conversation:conversation-1", "evidence_added", f"draft:{draft}"),
        ("customer:CYB-1001-0001", "evidence_listed", f"draft:{draft}"),
    ]


async def test_a_file_of_another_conversation_stays_there(api: Api) -> None:
    await give(api, conversation="web:somebody-else")
    await (await api.customer()).open_draft()
    assert (rows(api), held(api)) == (0, 1)


async def test_files_go_to_the_open_draft_and_then_to_its_claim(api: Api) -> None:
    customer = await api.customer()
    draft = (await customer.open_draft()).json()["id"]
    assert (await give(api, photo())).json()["evidence_to"] == "draft"
    reference = (await customer.submit(draft, 1)).json()["reference"]
    given = (await give(api, TEXT, name="chat.txt")).json()
    assert (given["evidence_to"], given["claim"]) == ("claim", reference)
    assert await place(api) == {"evidence_to": "claim", "claim": reference, "claims": [reference]}
    of_claim = await customer.call("GET", f"/v1/claims/{reference}/evidence")
    assert len(of_claim.json()["evidence"]) == 2
    with api.services.engine.connect() as connection:
        givers = set(connection.execute(select(evidence.c.uploaded_by)).scalars())
    assert givers == {"conversation:conversation-1"}


async def test_a_draft_that_was_put_aside_does_not_take_what_is_for_the_claim_after_it(api: Api) -> None:
    customer = await api.customer()
    await customer.open_draft("aside")
    api.clock.forward(minutes=5)
    second = (await customer.open_draft("second", incident="phishing")).json()["id"]
    api.clock.forward(minutes=5)
    reference = (await customer.submit(second, 1)).json()["reference"]
    assert (await give(api)).json()["claim"] == reference


async def test_the_newest_open_claim_takes_them_and_a_withdrawn_one_nothing(api: Api) -> None:
    customer = await api.customer()
    references = []
    for key in ("first", "second"):
        api.clock.forward(minutes=5)
        draft = (await customer.open_draft(key)).json()["id"]
        references.append((await customer.submit(draft, 1, f"submit-{key}")).json()["reference"])
    await customer.call("POST", f"/v1/claims/{references[1]}/withdrawal", {"version": 1})
    assert (await give(api)).json()["claim"] == references[0]
    await customer.call("POST", f"/v1/claims/{references[0]}/withdrawal", {"version": 1})
    assert (await give(api, TEXT)).json()["evidence_to"] == "held"
    assert (await place(api))["claims"] == references[::-1]


async def test_what_is_for_a_claim_to_come_does_not_go_to_the_one_before(api: Api) -> None:
    customer = await api.customer()
    first = (await customer.open_draft("first")).json()["id"]
    reference = (await customer.submit(first, 1)).json()["reference"]
    api.clock.forward(minutes=5)
    given = (await give(api, query="?coming=true")).json()
    assert (given["evidence_to"], given["claim"], held(api)) == ("held", None, 1)
    settle_held(api.services)
    assert held(api) == 1
    assert (await give(api, TEXT)).json()["claim"] == reference
    api.clock.forward(minutes=5)
    second = (await customer.open_draft("second", incident="phishing")).json()["id"]
    listed = (await customer.call("GET", f"/v1/drafts/{second}/evidence")).json()["evidence"]
    assert [each["id"] for each in listed] == [given["id"]]
    assert held(api) == 0


async def test_what_was_for_a_claim_to_come_goes_to_an_older_draft_that_is_gone_on_with(api: Api) -> None:
    customer = await api.customer()
    older = (await customer.open_draft("older")).json()["id"]
    api.clock.forward(minutes=5)
    await give(api, query="?coming=true")
    settle_held(api.services)
    assert held(api) == 1
    api.clock.forward(minutes=5)
    await customer.call("PATCH", f"/v1/drafts/{older}", {"answers": {"amount": "240.00"}, "version": 1})
    settle_held(api.services)
    listed = (await customer.call("GET", f"/v1/drafts/{older}/evidence")).json()["evidence"]
    assert (len(listed), held(api)) == (1, 0)


@pytest.mark.parametrize("query", ["?coming=perhaps", "?coming=true&coming=true", "?going=true"])
async def test_a_query_that_is_not_understood_takes_no_file(api: Api, query: str) -> None:
    refused = await give(api, query=query)
    assert code_of(refused) == (422, "invalid_query")
    assert held(api) == 0


async def test_what_was_held_while_a_draft_was_made_reaches_it_later(api: Api) -> None:
    customer = await api.customer()
    draft = (await customer.open_draft()).json()["id"]
    await give(api)
    with api.services.engine.begin() as connection:
        # As if the draft had not been seen yet: the same file and another one are held.
        held_row = (
            "INSERT INTO held_evidence SELECT id || :mark, 'conversation-1', name, content_type, size, :hash, state, "
            "uploaded_at, original || :mark, NULL FROM evidence"
        )
        for mark, digest in (("-a", None), ("-b", "0" * 64)):
            first = connection.execute(select(evidence.c.sha256)).scalars().first()
            connection.execute(text(held_row), {"mark": mark, "hash": digest or first})
    settle_held(api.services)
    assert (rows(api), held(api)) == (2, 0)
    settle_held(api.services)
    listed = await customer.call("GET", f"/v1/drafts/{draft}/evidence")
    assert len(listed.json()["evidence"]) == 2


async def test_after_thirty_days_nobody_waits_any_more(api: Api) -> None:
    await give(api, photo())
    api.clock.forward(days=HELD_FOR.days)
    settle_held(api.services)
    assert (held(api), len(stored(api))) == (1, 2)
    api.clock.now += timedelta(seconds=1)
    settle_held(api.services)
    assert (held(api), stored(api)) == (0, [])
    assert trail(api)[-1] == ("system:upkeep", "evidence_expired", f"conversation:{TALK}")


async def test_the_sweep_knows_what_is_held(api: Api) -> None:
    await give(api, photo())
    api.clock.forward(days=2)
    sweep(api.services)
    assert len(stored(api)) == 2


async def test_the_upkeep_is_part_of_what_the_service_does_by_itself(api: Api) -> None:
    assert any(job.work is settle_held for job in Periodic(api.services)._jobs)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not allowed \x00"], ids=["empty", "no kind that is taken"])
async def test_what_is_refused_leaves_nothing(api: Api, content: bytes) -> None:
    refused = await give(api, content)
    assert code_of(refused) == (422, "evidence_type_refused" if content else "evidence_empty")
    assert (held(api), stored(api)) == (0, [])


async def test_there_is_a_limit_for_files_that_are_held(database_url: str, tmp_path: Any) -> None:
    store = str(tmp_path / "evidence")
    async with running(database_url, evidence_store=store, evidence_max_files=1, evidence_max_bytes=200) as api:
        assert (await give(api)).status_code == 201
        assert code_of(await give(api, TEXT)) == (422, "too_many_files")
        assert code_of(await give(api, b"a" * 201)) == (413, "too_large")
        assert (await give(api)).status_code == 200


async def test_a_virus_is_named_and_not_decoded(database_url: str, tmp_path: Any) -> None:
    with clamd() as scanner:
        store = str(tmp_path / "evidence")
        async with running(database_url, evidence_store=store, clamav=scanner.address) as api:
            given = (await give(api, photo(comment=b"x") + EICAR)).json()
            assert (given["state"], len(stored(api))) == ("infected", 1)


async def test_only_services_may_call_and_ids_are_checked(api: Api) -> None:
    nobody = {"authorization": "Bearer somebody-else-entirely"}
    for method, path in (("GET", f"/v1/conversations/{TALK}"), ("POST", f"/v1/conversations/{TALK}/evidence")):
        assert (await api.client.request(method, path, headers=nobody)).status_code == 401
    assert code_of(await api.client.get(f"/v1/conversations/{'x' * 81}")) == (422, "invalid_conversation")
    assert code_of(await give(api, conversation="with a space")) == (422, "invalid_conversation")
