"""Files of customers: taken in once, sent with a message, brought to the claims backend whatever happens on the way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from sqlalchemy import insert, select, update

from bot.files.model import attachment_id
from bot.files.rows import find_attachment
from bot.log.tables import attachments, conversations
from claims.adapters.tables import drafts
from claims.service.services import Services
from tests.integration.bot.claims_room import ClaimsRoom, MakeRoom, held
from tests.integration.bot.running_bot import PATIENCE, Bot, Customer, Rests, StartBot, soon
from tests.integration.bot.stand_in_engine import StandInEngine, said
from tests.integration.claims.evidence_files import EICAR, PDF, TEXT, clamd, photo


@pytest.fixture
async def bot(start_bot: StartBot, database: str, room: ClaimsRoom) -> AsyncIterator[Bot]:
    async with start_bot(database_url=database, **room.settings) as running:
        yield running


async def give(
    customer: Customer, content: Any = PDF, name: str = "facture n° 1.pdf", client_id: str = "file-0001", **headers: str
) -> httpx.Response:
    """Send a file as the widget does."""
    return await customer.client.post(
        "/webchat/attachments",
        params={"client_id": client_id},
        content=content,
        headers=customer.headers | {"X-File-Name": quote(name)} | headers,
    )


async def send(customer: Customer, *files: str, client_id: str = "message-1", **more: Any) -> httpx.Response:
    """Send a message with files."""
    return await customer.post(client_id=client_id, attachments=list(files), **more)


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def lying(tmp_path: Path) -> list[str]:
    """What lies in the folder."""
    return sorted(path.name for path in (tmp_path / "files").iterdir())


async def state_of(customer: Customer, file_id: str, wanted: str) -> dict[str, Any]:
    """Follow the stream until a file has a state; returns it as the log shows it."""
    async with asyncio.timeout(PATIENCE), customer.events() as events:
        async for event in events:
            if event.kind == "attachment" and (event.data["id"], event.data["state"]) == (file_id, wanted):
                break
            files = event.data.get("attachments", ()) if event.kind == "message" else ()
            if any((file["id"], file["state"]) == (file_id, wanted) for file in files):
                break
    shown = [file for message in await customer.log() for file in message.get("attachments", ())]
    return next(file for file in shown if file["id"] == file_id)


@contextmanager
def at(bot: Bot, later: timedelta) -> Iterator[None]:
    """Let time have gone by."""
    clock = bot.parts.log.clock
    bot.parts.log.clock = lambda: clock() + later
    yield
    bot.parts.log.clock = clock


async def test_a_file_is_taken_and_told_from_its_content(customer: Customer, tmp_path: Path) -> None:
    given = await give(customer, photo("PNG"), "../../schermafdruk 1.exe")
    assert given.status_code == 201
    file_id = given.json().pop("id")
    about = {"name": "schermafdruk 1.exe", "type": "image/png", "size": len(photo("PNG")), "state": "waiting"}
    assert given.json() == about | {"id": file_id}
    assert lying(tmp_path) == [file_id]
    log = await customer.until("welcome")
    assert [message["author"] for message in log] == ["bot"]


async def test_the_same_client_id_again_is_the_same_file(customer: Customer, tmp_path: Path) -> None:
    first, second = await give(customer), await give(customer, TEXT, "something else.txt")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    both = await asyncio.gather(*(give(customer, client_id="file-0002") for _ in range(3)))
    assert len({answer.json()["id"] for answer in both}) == 1
    assert len(lying(tmp_path)) == 2


@pytest.mark.parametrize(
    ("content", "refused", "said"),
    [
        (b"", (422, "file_empty"), "file_empty en"),
        (b"MZ\x00\x01 a program", (422, "file_type_refused"), "file_type_refused en"),
        (b"<html><script>alert(1)</script></html>", (422, "file_type_refused"), "file_type_refused en"),
        (b"a" * 1_001, (413, "too_large"), "file_too_large en"),
    ],
)
async def test_what_is_refused_leaves_nothing(
    start_bot: StartBot, tmp_path: Path, content: bytes, refused: tuple[int, str], said: str
) -> None:
    async with start_bot(file_max_bytes=1_000) as bot, bot.client() as client:
        customer = await Customer.arrive(client)
        answer = await give(customer, content)
        assert code(answer) == refused
        assert answer.json()["error"]["details"]["text"] == said
        assert lying(tmp_path) == []


async def test_a_file_that_breaks_off_leaves_nothing(customer: Customer, tmp_path: Path) -> None:
    async def half() -> AsyncIterator[bytes]:
        yield PDF
        raise OSError("the telephone went into a tunnel")

    with pytest.raises(OSError, match="tunnel"):
        await give(customer, half())
    for _ in range(100_000):
        if not lying(tmp_path):
            return
        await asyncio.sleep(0)
    raise AssertionError(lying(tmp_path))


async def test_too_many_files_are_answered_kindly(start_bot: StartBot) -> None:
    async with start_bot(files_per_hour=2) as bot, bot.client() as client:
        customer = await Customer.arrive(client)
        answers = [await give(customer, client_id=f"file-{number:04}") for number in range(3)]
        assert [answer.status_code for answer in answers] == [201, 201, 429]
        details = answers[-1].json()["error"]["details"]
        assert (details["text"], 0 < details["retry_after"] <= 3_600) == ("rate_limited en", True)
        others = [await give(await Customer.arrive(client), client_id=f"file-{number:04}") for number in range(5)]
        # An address has three times as many, and gave two.
        assert [answer.status_code for answer in others] == [201, 201, 201, 201, 429]


async def test_a_flood_of_files_does_not_fill_the_disk(start_bot: StartBot) -> None:
    async with start_bot(files_total_bytes=len(PDF) - 1) as bot, bot.client() as client:
        customer = await Customer.arrive(client)
        assert (await give(customer)).status_code == 201
        assert code(await give(customer, client_id="file-0002")) == (503, "files_full")


async def test_only_the_customer_gives_files(customer: Customer, client: httpx.AsyncClient) -> None:
    assert code(await give(customer, Origin="https://evil.example")) == (403, "foreign_origin")
    assert code(await give(customer, Authorization="Bearer somebody")) == (401, "invalid_session")
    assert code(await give(customer, client_id="short")) == (422, "invalid_client_id")
    asked = await client.options("/webchat/attachments", headers={"Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in asked.headers


async def test_a_file_is_taken_back_before_it_is_sent(
    customer: Customer, client: httpx.AsyncClient, tmp_path: Path
) -> None:
    mine = (await give(customer)).json()["id"]
    somebody = await Customer.arrive(client)
    path = f"/webchat/attachments/{mine}"
    assert code(await client.delete(path, headers=somebody.headers)) == (404, "attachment_not_found")
    assert (await client.delete(path, headers=customer.headers)).status_code == 204
    assert lying(tmp_path) == []
    assert code(await client.delete(path, headers=customer.headers)) == (404, "attachment_not_found")
    assert code(await send(customer, mine)) == (422, "unknown_attachment")


async def test_files_without_a_word_are_a_turn_of_their_own(
    customer: Customer, engine: StandInEngine, client: httpx.AsyncClient
) -> None:
    ids = [
        (await give(customer, PDF, "a.pdf")).json()["id"],
        (await give(customer, TEXT, "b.txt", "file-0002")).json()["id"],
    ]
    sent = await send(customer, *ids)
    assert sent.status_code == 202
    again = await send(customer, *ids)
    assert (again.status_code, again.json()) == (202, sent.json())
    log = await customer.until('echo /give_evidence{"files": 2}')
    assert log[-2]["text"] == "files_received en"
    (mine,) = [message for message in log if message["author"] == "customer"]
    assert [(file["id"], file["name"], file["state"]) for file in mine["attachments"]] == [
        (ids[0], "a.pdf", "waiting"),
        (ids[1], "b.txt", "waiting"),
    ]
    assert (mine["text"], "payload" in mine) == ("", False)
    asked = engine.asked[-1]
    assert (asked["payload"], asked["files"], "text" in asked) == ('/give_evidence{"files": 2}', 2, False)
    assert code(await send(customer, ids[0])) == (422, "client_id_reused")
    assert code(await send(customer, ids[0], client_id="message-2")) == (422, "unknown_attachment")
    assert code(await client.delete(f"/webchat/attachments/{ids[0]}", headers=customer.headers)) == (
        404,
        "attachment_not_found",
    )


async def test_words_beside_files_are_answered_and_the_files_are_confirmed(
    customer: Customer, engine: StandInEngine
) -> None:
    await customer.until("welcome")
    file_id = (await give(customer)).json()["id"]
    await send(customer, file_id, text="This is the invoice, my card is 4111 1111 1111 1111")
    said = "This is the invoice, my card is ****"
    log = await customer.until(f"echo {said}")
    assert [message["text"] for message in log[-3:]] == [said, "files_received en", f"echo {said}"]
    assert (engine.asked[-1]["text"], engine.asked[-1]["files"]) == (said, 1)


async def test_what_is_no_message_with_files(customer: Customer, client: httpx.AsyncClient) -> None:
    mine = (await give(customer)).json()["id"]
    theirs = (await give(await Customer.arrive(client))).json()["id"]
    for files in ([theirs], [mine, mine], ["file_" + "0" * 30], [mine, "../../etc/passwd"]):
        assert code(await send(customer, *files)) == (422, "unknown_attachment")
    assert code(await send(customer, *["file_0"] * 11)) == (422, "too_many_attachments")
    assert code(await send(customer, mine, payload="/report")) == (422, "text_or_payload")
    assert code(await send(customer)) == (422, "text_or_payload")
    for payload in ('/give_evidence{"files": 1}', "/identify"):
        assert code(await customer.post(client_id="message-9", payload=payload)) == (422, "unknown_payload")


async def test_with_a_person_the_engine_never_sees_files(customer: Customer, bot: Bot, engine: StandInEngine) -> None:
    await customer.until("welcome")
    taken = update(conversations).where(conversations.c.id == customer.id).values(mode="human", owner_name="Lies Claes")
    await bot.query(lambda connection: connection.execute(taken))
    await send(customer, (await give(customer)).json()["id"])
    assert (await customer.log())[-1]["attachments"][0]["state"] == "waiting"
    assert [question.get("payload") for question in engine.asked] == ["/greet"]


async def test_a_file_reaches_the_claims_backend(
    customer: Customer, room: ClaimsRoom, tmp_path: Path, rests: Rests, bot: Bot
) -> None:
    async with room.running() as services:
        file_id = (await give(customer)).json()["id"]
        assert await held(services) == []
        await send(customer, file_id)
        assert (await state_of(customer, file_id, "kept"))["state"] == "kept"
        assert await held(services) == [(customer.id, "facture n° 1.pdf", len(PDF))]
    assert (lying(tmp_path), rests.waits) == ([], [])
    found = await bot.query(find_attachment, customer.id, file_id)
    assert (found.state, found.error) == ("kept", None)
    # Who polls hears of files of messages they have.
    answer = await customer.client.get("/webchat/messages", params={"after": 99}, headers=customer.headers)
    assert [(file["id"], file["state"]) for file in answer.json()["attachments"]] == [(file_id, "kept")]


def begun_before(services: Services, conversation: str) -> None:
    """The conversation has a draft already, of something else."""
    now = services.now()
    values = {"id": "draft-before", "policy_reference": "CYB-1001-0001", "incident": "phishing", "language": "en"}
    values |= {"conversation": conversation, "status": "draft", "answers": {}, "version": 1}
    with services.engine.begin() as connection:
        connection.execute(insert(drafts).values(**values, created_at=now, updated_at=now))


@pytest.mark.parametrize(
    ("knows", "waits"),
    [
        ({"in_intake": True, "task": "claim", "draft": False}, True),
        ({"in_intake": True, "task": "claim", "draft": True}, False),
        ({"in_intake": True, "task": "status", "draft": False}, False),
        ({"in_intake": False, "task": "claim", "draft": False}, False),
        ({}, False),
    ],
)
async def test_in_the_intake_of_another_claim_a_file_is_for_that_one(
    customer: Customer, room: ClaimsRoom, engine: StandInEngine, knows: dict[str, Any], waits: bool
) -> None:
    await customer.until("welcome")
    engine.answer = lambda question: {"messages": [said("which policy?")], "requests": [], "knows": knows}
    await customer.say("something else happened")
    await customer.until("which policy?")
    async with room.running() as services:
        begun_before(services, customer.id)
        file_id = (await give(customer)).json()["id"]
        await send(customer, file_id)
        await state_of(customer, file_id, "kept")
        assert bool(await held(services)) is waits


@asynccontextmanager
async def waiting_while_claims_is_down(customer: Customer, rests: Rests) -> AsyncIterator[str]:
    """Send a file nobody takes yet."""
    file_id = (await give(customer)).json()["id"]
    await send(customer, file_id)
    await soon(rests.begun.wait())
    yield file_id


async def test_a_file_waits_for_a_claims_backend_that_is_down(
    customer: Customer, room: ClaimsRoom, tmp_path: Path, rests: Rests
) -> None:
    async with waiting_while_claims_is_down(customer, rests) as file_id:
        assert lying(tmp_path) == [file_id]
        assert (await customer.log())[-1].get("attachments", [{}])[0].get("state") != "kept"
        async with room.running() as services:
            rests.over.set()
            await state_of(customer, file_id, "kept")
            assert len(await held(services)) == 1
    assert lying(tmp_path) == []


async def test_a_file_waits_through_a_restart_of_the_bot(
    start_bot: StartBot, database: str, room: ClaimsRoom, rests: Rests, tmp_path: Path
) -> None:
    async with start_bot(database_url=database, **room.settings) as bot, bot.client() as client:
        customer = await Customer.arrive(client)
        async with waiting_while_claims_is_down(customer, rests) as file_id:
            pass
    async with room.running() as services, start_bot(database_url=database, **room.settings) as bot:
        async with bot.client() as client:
            again = Customer(client, {"conversation": customer.id, "token": bot.parts.tokens.make(customer.id)})
            await state_of(again, file_id, "kept")
        assert len(await held(services)) == 1
    assert lying(tmp_path) == []


async def test_what_the_claims_backend_refuses_the_customer_hears(
    start_bot: StartBot, database: str, tmp_path: Path, make_room: MakeRoom
) -> None:
    room = make_room(evidence_max_files=1)
    async with (
        room.running(),
        start_bot(database_url=database, **room.settings) as bot,
        bot.client() as client,
    ):
        customer = await Customer.arrive(client)
        first = (await give(customer)).json()["id"]
        second = (await give(customer, TEXT, "chat.txt", "file-0002")).json()["id"]
        await send(customer, first, second)
        assert (await state_of(customer, first, "kept"))["state"] == "kept"
        refused = await state_of(customer, second, "refused")
        assert refused["error"] == "too_many_files"
        log = await customer.until("file_too_many en")
        assert log[-1]["author"] in ("system", "bot")
    assert lying(tmp_path) == []


async def test_a_virus_is_refused(start_bot: StartBot, make_room: MakeRoom) -> None:
    with clamd() as scanner:
        room = make_room(clamav=scanner.address)
        async with room.running(), start_bot(**room.settings) as bot, bot.client() as client:
            customer = await Customer.arrive(client)
            file_id = (await give(customer, TEXT + EICAR)).json()["id"]
            await send(customer, file_id)
            assert (await state_of(customer, file_id, "refused"))["error"] == "infected"
            await customer.until("file_infected en")


async def test_bytes_that_got_lost_are_owned_up_to(customer: Customer, room: ClaimsRoom, tmp_path: Path) -> None:
    file_id = (await give(customer)).json()["id"]
    (tmp_path / "files" / file_id).unlink()
    async with room.running() as services:
        await send(customer, file_id)
        assert (await state_of(customer, file_id, "lost"))["state"] == "lost"
        await customer.until("file_lost en")
        assert await held(services) == []


async def test_an_installation_that_lets_nobody_in_loses_nothing(
    start_bot: StartBot, room: ClaimsRoom, rests: Rests, tmp_path: Path
) -> None:
    async with (
        room.running(),
        start_bot(claims_url=room.url, claims_token="wrong-token-for-tests") as bot,
        bot.client() as client,
    ):
        customer = await Customer.arrive(client)
        async with waiting_while_claims_is_down(customer, rests) as file_id:
            assert (await bot.query(find_attachment, customer.id, file_id)).state == "waiting"
    assert lying(tmp_path) == [file_id]


async def test_what_was_never_sent_goes_after_an_hour(customer: Customer, bot: Bot, tmp_path: Path) -> None:
    kept = (await give(customer, client_id="file-0002")).json()["id"]
    file_id = (await give(customer)).json()["id"]
    (tmp_path / "files" / "left-over.part").write_bytes(b"half")
    await send(customer, kept)
    with at(bot, timedelta(minutes=59)):
        await bot.parts.carrier.tidy()
    assert lying(tmp_path) == sorted([kept, file_id, "left-over.part"])
    with at(bot, timedelta(minutes=61)):
        await bot.parts.carrier.tidy()
    assert lying(tmp_path) == [kept]
    left = await bot.query(lambda connection: list(connection.execute(select(attachments.c.id)).scalars()))
    assert left == [kept]


async def test_ids_of_files_are_of_one_conversation(customer: Customer) -> None:
    given = (await give(customer)).json()["id"]
    assert given == attachment_id(customer.id, "file-0001") != attachment_id("web:other", "file-0001")
