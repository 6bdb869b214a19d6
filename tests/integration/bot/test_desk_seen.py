"""What the desk sees of what it said and of whom it talks to: read, not delivered, the last words, the policy."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection, select

from bot.desk.delivery import delivery_json
from bot.desk.policy_calls import case_of
from bot.log.changes import changes_after, head
from bot.log.tables import conversations
from bot.meta.outcomes import delivery_states
from bot.parts import TYPING_PER_MINUTE
from bot.webchat.seen import mark_read
from tests.integration.bot.desk_console import Console, sign_in, until
from tests.integration.bot.meta_bot import MetaBot, meta_bot
from tests.integration.bot.meta_platform import (
    AT,
    MESSENGER,
    WHATSAPP,
    Platform,
    account,
    event,
    failing,
    page,
    post,
    said,
    wrote,
)
from tests.integration.bot.running_bot import Bot, Customer, StartBot, serving
from tests.integration.bot.stand_in_backend import POLICY, StandInBackend
from tests.integration.bot.stand_in_engine import StandInEngine
from tests.integration.bot.stand_in_engine import said as engine_said

SENT, READ = {"state": "sent", "error": None}, {"state": "read", "error": None}
KNOWS = {
    "incident": "non_delivery",
    "identified": True,
    "policy": POLICY,
    "finding": "needs_review",
    "answers": {"incident_date": "2026-01-20", "files": 3},
}


@pytest.fixture
async def desk_bot(start_desk: StartBot, database: str) -> AsyncIterator[Bot]:
    """On both databases."""
    async with start_desk(database_url=database) as running:
        yield running


@pytest.fixture
async def platform() -> Platform:
    return Platform()


@pytest.fixture
async def messengers(start_desk: StartBot, platform: Platform) -> AsyncIterator[MetaBot]:
    """A bot with a desk and a Page, and a customer there who was answered."""
    async with (
        serving(platform.app()) as graph,
        meta_bot(start_desk, graph) as running,
        running.bot.client() as client,
    ):
        await post(client, page(said(1, "hello")))
        await running.until_states("sent", "sent")
        yield running


async def sees(customer: Customer, seq: Any) -> httpx.Response:
    """The widget says how far its customer has read."""
    return await customer.client.post("/webchat/seen", json={"seq": seq}, headers=customer.headers)


async def states_of(console: Console, conversation: str) -> list[dict[str, Any] | None]:
    """How far each message came."""
    shown = (await console.get(f"/conversations/{conversation}")).json()
    return [each["delivery"] for each in shown["messages"] if each["kind"] == "message"]


async def row_of(console: Console, conversation: str) -> dict[str, Any]:
    """Its line in the list."""
    rows = (await console.get("/conversations?view=all")).json()["conversations"]
    return next(row for row in rows if row["id"] == conversation)


# --- read on the website


async def test_staff_see_at_once_that_the_customer_has_read_their_answer(visitor: Customer, lies: Console) -> None:
    await visitor.until("welcome")
    await lies.does(visitor, "take")
    seq = int((await lies.does(visitor, "messages", client_id="answer_1", text="Good morning"))["seq"])
    assert (await states_of(lies, visitor.id))[-1] == SENT
    async with lies.events() as events:
        await until(events, "hello")
        assert (await sees(visitor, seq)).status_code == 204
        await until(events, "delivery", conversation=visitor.id, seq=seq, state="read")
    assert (await states_of(lies, visitor.id))[-1] == READ
    # Nothing is said of what the bot said: nobody waits for that to be read.
    assert (await states_of(lies, visitor.id))[0] is None


async def test_what_was_read_stays_read_and_what_was_not_said_cannot_be(
    desk_bot: Bot, visitor: Customer, lies: Console
) -> None:
    await visitor.until("welcome")
    await lies.does(visitor, "take")
    first = int((await lies.does(visitor, "messages", client_id="answer_1", text="one"))["seq"])
    assert (await sees(visitor, 1_000_000)).status_code == 204
    assert await desk_bot.query(_read_seq, visitor.id) == first
    assert (await sees(visitor, 1)).status_code == 204
    assert await desk_bot.query(_read_seq, visitor.id) == first
    await lies.does(visitor, "messages", client_id="answer_2", text="two")
    assert (await states_of(lies, visitor.id))[-2:] == [READ, SENT]


async def test_with_the_assistant_it_is_kept_and_nobody_is_told(desk_bot: Bot, visitor: Customer) -> None:
    await visitor.until("welcome")
    before = await desk_bot.query(head)
    assert (await sees(visitor, 1)).status_code == 204
    assert await desk_bot.query(_read_seq, visitor.id) == 1
    assert await desk_bot.query(changes_after, before) == []


async def test_two_tabs_that_say_it_at_once_tell_the_desk_once(desk_bot: Bot, visitor: Customer, lies: Console) -> None:
    await visitor.until("welcome")
    await lies.does(visitor, "take")
    seq = int((await lies.does(visitor, "messages", client_id="answer_1", text="one"))["seq"])
    before = await desk_bot.query(head)
    told = await asyncio.gather(*(desk_bot.query(mark_read, visitor.id, seq, _now()) for _ in range(6)))
    assert sorted(told) == [False] * 5 + [True]
    assert [change.kind for change in await desk_bot.query(changes_after, before)] == ["delivery"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b'{"seq": -1}', 422, "invalid_body"),
        (b'{"seq": 1e10}', 422, "invalid_body"),
        (b'{"seq": "2"}', 422, "invalid_body"),
        (b"{}", 422, "invalid_body"),
        (b"no", 400, "invalid_json"),
    ],
)
async def test_what_is_no_number_of_a_message_is_refused(
    visitor: Customer, body: bytes, status: int, code: str
) -> None:
    answer = await visitor.client.post("/webchat/seen", content=body, headers=visitor.headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


async def test_another_site_and_a_stranger_say_nothing(visitor: Customer) -> None:
    foreign = visitor.headers | {"Origin": "https://evil.example"}
    answer = await visitor.client.post("/webchat/seen", json={"seq": 1}, headers=foreign)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "foreign_origin")
    answer = await visitor.client.post("/webchat/seen", json={"seq": 1}, headers={"Authorization": "Bearer x"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "invalid_session")


async def test_too_often_is_passed_over_and_typing_goes_on(desk_bot: Bot, visitor: Customer) -> None:
    await visitor.until("welcome")
    for _ in range(TYPING_PER_MINUTE):
        await sees(visitor, 0)
    assert (await sees(visitor, 1)).status_code == 204
    assert await desk_bot.query(_read_seq, visitor.id) == 0
    assert desk_bot.parts.typing_limit.take(visitor.id) == 0


# --- delivered, read and failed on a messenger


async def test_on_a_messenger_it_is_sent_then_delivered_then_read(messengers: MetaBot, platform: Platform) -> None:
    async with messengers.bot.client() as made, messengers.bot.client() as meta:
        lies = await sign_in(made, "lies")
        async with lies.events() as events:
            await until(events, "hello")
            await messengers.staff_says("sorry for the wait")
            read = await until(events, "delivery", conversation=MESSENGER, state="sent")
            (seq,) = {each.data["seq"] for each in read if each.kind == "delivery"}
            assert (await states_of(lies, MESSENGER))[-1] == SENT
            mid = platform.messages()[-1]["_id"]
            await post(meta, page(event(2, delivery={"mids": [mid], "watermark": AT})))
            await until(events, "delivery", seq=seq, state="delivered")
            later = int(messengers.clock().timestamp() * 1000)
            await post(meta, page(event(3, read={"watermark": later})))
            await until(events, "delivery", seq=seq, state="read")
        found = await states_of(lies, MESSENGER)
        assert found[-1] == READ
        assert found[:-1] == [None] * len(found[:-1])
        assert (await row_of(lies, MESSENGER))["undelivered"] is None


async def test_what_does_not_arrive_is_loud_until_the_customer_writes_again(
    messengers: MetaBot, platform: Platform
) -> None:
    platform.failures.append(failing(400, 551))
    async with messengers.bot.client() as made, messengers.bot.client() as meta:
        lies = await sign_in(made, "lies")
        async with lies.events() as events:
            await until(events, "hello")
            await messengers.staff_says("are you there?")
            await until(events, "delivery", conversation=MESSENGER, state="failed")
        assert (await states_of(lies, MESSENGER))[-1] == {"state": "failed", "error": "unreachable"}
        assert (await row_of(lies, MESSENGER))["undelivered"] == "unreachable"
        messengers.clock.skip(minutes=1)
        await post(meta, page(said(9, "here I am")))
        await platform.until("echo here I am")
        assert (await row_of(lies, MESSENGER))["undelivered"] is None


async def test_what_the_assistant_said_is_shown_only_if_it_failed(messengers: MetaBot, platform: Platform) -> None:
    platform.failures.append(failing(400, 100))
    await messengers.news("your claim was paid")
    await messengers.until_states("sent", "sent", "refused")
    async with messengers.bot.client() as made:
        lies = await sign_in(made, "lies")
        assert (await states_of(lies, MESSENGER))[-1] == {"state": "failed", "error": "refused"}
        assert (await row_of(lies, MESSENGER))["undelivered"] == "refused"


async def test_what_waits_for_a_customer_nobody_could_ask_says_why(start_desk: StartBot, platform: Platform) -> None:
    async with (
        serving(platform.app()) as graph,
        meta_bot(start_desk, graph, whatsapp_template="please_answer") as running,
        running.bot.client() as made,
        running.bot.client() as meta,
    ):
        await post(meta, account(wrote(1, "hello")))
        await running.until_states("sent", "sent", conversation=WHATSAPP)
        running.clock.skip(hours=25)
        platform.failures.append(failing(400, 100))
        await running.staff_says("we found your parcel", WHATSAPP)
        await running.until_states("sent", "sent", "refused", conversation=WHATSAPP)
        lies = await sign_in(made, "lies")
        assert (await states_of(lies, WHATSAPP))[-1] == {"state": "held", "error": "refused"}
        assert (await row_of(lies, WHATSAPP))["undelivered"] == "refused"


async def test_states_from_a_message_on(messengers: MetaBot) -> None:
    whole = await messengers.bot.query(delivery_states, MESSENGER)
    last = max(whole)
    assert await messengers.bot.query(delivery_states, MESSENGER, last) == {last: whole[last]}


@pytest.mark.parametrize(
    ("states", "shown"),
    [
        ({}, {"state": "sending", "error": None}),
        ({4: ("sending", None)}, {"state": "sending", "error": None}),
        ({4: ("held", None)}, {"state": "held", "error": None}),
        ({4: ("failed", None)}, {"state": "failed", "error": "refused"}),
    ],
)
def test_on_its_way_held_and_failed_without_a_reason(
    states: dict[int, tuple[str, str | None]], shown: dict[str, Any]
) -> None:
    row = {"direction": "out", "draft": False, "seq": 4, "author": "staff"}
    assert delivery_json(row, "whatsapp", 0, states) == shown
    assert delivery_json(row | {"draft": True, "seq": None}, "whatsapp", 0, states) is None
    assert delivery_json(row | {"direction": "in", "author": "customer"}, "whatsapp", 0, states) is None


# --- the list


async def test_the_list_shows_the_customers_last_words_and_since_when(visitor: Customer, lies: Console) -> None:
    await visitor.until("welcome")
    await visitor.say("my parcel never came")
    log = await visitor.until("echo my parcel never came")
    said_at = next(each["at"] for each in log if each["text"] == "my parcel never came")
    await lies.does(visitor, "take")
    await lies.does(visitor, "messages", client_id="answer_1", text="I look into it")
    row = await row_of(lies, visitor.id)
    assert (row["last_text"], row["last_by"], row["last_said_at"]) == ("my parcel never came", "customer", said_at)


async def test_who_never_wrote_has_no_words_but_somebody_spoke(visitor: Customer, lies: Console) -> None:
    await visitor.until("welcome")
    await lies.does(visitor, "take")
    rows = (await lies.get("/conversations?view=mine")).json()["conversations"]
    assert [(row["last_text"], row["last_by"]) for row in rows] == [("", "system")]


async def test_files_without_a_word_are_named(visitor: Customer, lies: Console) -> None:
    await visitor.until("welcome")
    headers = visitor.headers | {"X-File-Name": "invoice.txt"}
    given = await visitor.client.post("/webchat/attachments?client_id=file_0001", content=b"paid", headers=headers)
    sent = await visitor.post(client_id="message_1", attachments=[given.json()["id"]])
    assert sent.status_code == 202, sent.text
    assert (await row_of(lies, visitor.id))["last_text"] == "invoice.txt"


# --- the policy


@pytest.fixture
async def identified(visitor: Customer, engine: StandInEngine) -> Customer:
    """A customer who proved who they are, with an intake whose cover was checked."""
    await visitor.until("welcome")
    engine.answer = lambda question: {"messages": [engine_said("thank you")], "requests": [], "knows": KNOWS}
    await visitor.say("the code is right")
    await visitor.until("thank you")
    return visitor


async def test_the_policy_of_an_identified_customer_with_the_reasons_of_the_intake(
    identified: Customer, lies: Console, sofie: Console, backend: StandInBackend
) -> None:
    answer = await lies.get(f"/conversations/{identified.id}/policy")
    assert answer.status_code == 200, answer.text
    assert answer.json()["policy"]["reference"] == POLICY
    assert [each["code"] for each in answer.json()["finding"]["reasons"]] == ["seller_private_person"]
    assert ("GET", f"/v1/staff/policies/{POLICY}", "session-of-lies") in backend.asked
    # What is no text is no answer.
    assert backend.checked == [{"incident": "non_delivery", "facts": {"incident_date": "2026-01-20"}}]
    entries = (await sofie.get(f"/audit?subject=policy:{POLICY}")).json()["entries"]
    assert [(each["actor"], each["action"]) for each in entries] == [("staff:lies", "policy_read")]


async def test_who_is_not_identified_has_no_policy_here(visitor: Customer, lies: Console) -> None:
    await visitor.until("welcome")
    answer = await lies.get(f"/conversations/{visitor.id}/policy")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "policy_not_known")
    answer = await lies.get("/conversations/web:nobody/policy")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "conversation_not_found")


async def test_an_admin_reads_no_policy(desk_bot: Bot, identified: Customer) -> None:
    async with desk_bot.client() as made:
        jean = await sign_in(made, "jean")
        answer = await jean.get(f"/conversations/{identified.id}/policy")
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not_allowed")


async def test_without_a_finding_nothing_is_checked(
    visitor: Customer, engine: StandInEngine, lies: Console, backend: StandInBackend
) -> None:
    await visitor.until("welcome")
    known = KNOWS | {"finding": "unavailable"}
    engine.answer = lambda question: {"messages": [engine_said("thank you")], "requests": [], "knows": known}
    await visitor.say("hello")
    await visitor.until("thank you")
    assert (await lies.get(f"/conversations/{visitor.id}/policy")).json()["finding"] is None
    assert backend.checked == []


async def test_a_check_that_fails_leaves_the_policy_and_a_backend_that_is_away_nothing(
    identified: Customer, lies: Console, backend: StandInBackend
) -> None:
    backend.checks_fail = True
    answer = await lies.get(f"/conversations/{identified.id}/policy")
    assert (answer.status_code, answer.json()["finding"]) == (200, None)
    backend.down = True
    answer = await lies.get(f"/conversations/{identified.id}/policy")
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "claims_unavailable")


@pytest.mark.parametrize(
    "knows", [None, {}, {"policy": POLICY}, {"identified": True}, {"identified": True, "policy": 7}]
)
def test_what_is_not_proved_is_not_asked_about(knows: dict[str, Any] | None) -> None:
    assert case_of(knows) is None


def test_a_reference_is_never_part_of_an_address() -> None:
    case = case_of({"identified": True, "policy": "../claims/CC-2026-7K4M2P?x="})
    assert case is not None
    assert case.address == "/v1/staff/policies/..%2Fclaims%2FCC-2026-7K4M2P%3Fx%3D"


# --- evidence


@pytest.mark.parametrize("evidence", ["a_b-C9", "_leading", "-leading", "x" * 64])
async def test_every_id_of_evidence_opens(lies: Console, backend: StandInBackend, evidence: str) -> None:
    answer = await lies.get(f"/evidence/{evidence}/content")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert backend.asked[-1][1] == f"/v1/staff/evidence/{evidence}/content"


def _read_seq(connection: Connection, conversation: str) -> int:
    query = select(conversations.c.read_seq).where(conversations.c.id == conversation)
    return int(connection.execute(query).scalar_one())


def _now() -> datetime:
    return datetime(2026, 1, 31, tzinfo=UTC)
