"""What a customer does besides writing: seeing who answers, typing, rating, ending, a transcript, being introduced."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import select

from bot.desk import takeover
from bot.desk.members import Member
from bot.log.changes import changes_after
from bot.log.model import Turn
from bot.log.tables import conversations, messages
from bot.turns.introductions import MOST, Identity, Introductions
from tests.integration.bot.claims_room import MakeRoom
from tests.integration.bot.running_bot import PATIENCE, Bot, Customer, Rests, StartBot, soon
from tests.integration.bot.stand_in_engine import Answer, StandInEngine, said
from tests.integration.claims.claims_api import LIES

STAFF = Member("lies.agent", "Lies Claes", "agent", frozenset({"read_claims", "work_on_claims"}))
ISSUER = "https://my.example.be"
KEY = ed25519.Ed25519PrivateKey.generate()


@pytest.fixture
async def bot(start_bot: StartBot, database: str) -> AsyncIterator[Bot]:
    async with start_bot(database_url=database, desk_hours="always") as running:
        yield running


async def call(customer: Customer, path: str, body: Any = None, **headers: str) -> httpx.Response:
    """A call of the widget."""
    return await customer.client.post(f"/webchat/{path}", json=body or {}, headers=customer.headers | headers)


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


async def column(bot: Bot, customer: Customer, name: str) -> Any:
    """A column of the conversation."""
    query = select(conversations.c[name]).where(conversations.c.id == customer.id)
    return await bot.query(lambda connection: connection.execute(query).scalar_one())


async def take(bot: Bot, customer: Customer) -> None:
    """A member of staff takes the conversation."""
    say = bot.parts.sentences.say
    await bot.query(takeover.take, customer.id, STAFF, None, bot.parts.log.clock(), say)
    bot.parts.hub.messages(customer.id)


def wants_person(question: dict[str, Any]) -> Answer:
    """The engine's answer to somebody who wants a person."""
    wanted = {"kind": "handover", "reason": "wanted", "priority": "normal"}
    return {"messages": [said("welcome" if question.get("payload") else "of course")], "requests": [wanted]}


async def agents(customer: Customer, *modes: str, begin: Any = None) -> list[dict[str, Any]]:
    """What a stream tells of who answers, until the last of `modes` was told."""
    told: list[dict[str, Any]] = []
    async with asyncio.timeout(PATIENCE), customer.events() as events:
        async for event in events:
            if event.kind != "agent":
                continue
            told.append(event.data)
            if len(told) == 1 and begin is not None:
                await begin()
            if [each["mode"] for each in told] == list(modes):
                break
    return told


async def test_a_stream_tells_who_answers(bot: Bot, customer: Customer) -> None:
    await customer.until("welcome")
    told = await agents(customer, "bot", "human", begin=lambda: take(bot, customer))
    assert told == [{"mode": "bot"}, {"mode": "human", "staff_name": "Lies"}]
    polled = await customer.client.get("/webchat/messages", headers=customer.headers)
    assert polled.json()["agent"] == {"mode": "human", "staff_name": "Lies"}


async def test_who_waits_sees_the_place_in_the_queue(customer: Customer, engine: StandInEngine) -> None:
    await customer.until("welcome")
    engine.answer = wants_person
    told = await agents(customer, "bot", "waiting", begin=lambda: customer.say("a person please"))
    # Nobody of the staff is there: how long it takes, nobody knows.
    assert told[-1] == {"mode": "waiting", "position": 1}


async def test_the_place_moves_on_without_a_word(start_bot: StartBot, engine: StandInEngine) -> None:
    async with start_bot(heartbeat_seconds=0.05, desk_hours="always") as bot, bot.client() as client:
        first, second = await Customer.arrive(client), await Customer.arrive(client)
        for each in (first, second):
            await each.until("welcome")
        engine.answer = wants_person
        for each in (first, second):
            await each.say("a person please")
            await each.until("of course")
        places = []
        async with asyncio.timeout(PATIENCE), second.events() as events:
            async for event in events:
                if event.kind == "agent":
                    places.append(event.data["position"])
                    if places == [2]:
                        await bot.query(
                            takeover.take, first.id, STAFF, None, bot.parts.log.clock(), bot.parts.sentences.say
                        )
                if places == [2, 1]:
                    break
    assert places == [2, 1]


async def typing_noted(bot: Bot, customer: Customer) -> list[dict[str, Any]]:
    """What staff see of the customer's typing."""
    found = await bot.query(changes_after, 0)
    return [each.data for each in found if (each.kind, each.conversation) == ("typing", customer.id)]


async def test_staff_see_that_the_customer_types_and_nobody_else_looks(bot: Bot, customer: Customer) -> None:
    await customer.until("welcome")
    assert (await call(customer, "typing", {"typing": True})).status_code == 204
    assert await typing_noted(bot, customer) == []
    await take(bot, customer)
    for on in (True, False):
        assert (await call(customer, "typing", {"typing": on})).status_code == 204
    assert await typing_noted(bot, customer) == [{"who": "customer", "typing": on} for on in (True, False)]
    for _ in range(70):
        assert (await call(customer, "typing", {"typing": True})).status_code == 204
    assert len(await typing_noted(bot, customer)) <= 60
    assert code(await call(customer, "typing", {"typing": "yes"})) == (422, "invalid_body")


async def test_a_rating_is_kept_and_the_last_one_holds(bot: Bot, customer: Customer) -> None:
    assert (await call(customer, "rating", {"score": 2, "reason": "  "})).status_code == 204
    assert (await column(bot, customer, "rating"), await column(bot, customer, "rating_reason")) == (2, None)
    reason = "My card 4111 1111 1111 1111 was\x00 never asked for" + "!" * 2_000
    assert (await call(customer, "rating", {"score": 5, "reason": reason})).status_code == 204
    assert await column(bot, customer, "rating") == 5
    kept = await column(bot, customer, "rating_reason")
    assert kept.startswith("My card **** was never asked for!!!")
    assert len(kept) <= 1_000
    for score in (0, 6, "5", None, 4.5):
        assert code(await call(customer, "rating", {"score": score})) == (422, "invalid_body")
    assert await column(bot, customer, "rating") == 5


async def test_an_end_says_goodbye_once(bot: Bot, customer: Customer, engine: StandInEngine) -> None:
    await customer.until("welcome")
    engine.answer = wants_person
    await customer.say("a person please")
    await customer.until("of course")
    assert await column(bot, customer, "mode") == "waiting"
    for _ in range(2):
        assert (await call(customer, "end")).status_code == 204
    log = await customer.log()
    assert [message["text"] for message in log].count("conversation_ended en") == 1
    assert (log[-1]["text"], await column(bot, customer, "mode")) == ("conversation_ended en", "bot")
    # Who writes all the same is answered, and may end it again.
    await customer.say("one thing more")
    await customer.until("of course", "conversation_ended en")
    await call(customer, "end")
    assert [message["text"] for message in await customer.log()].count("conversation_ended en") == 2


async def test_a_turn_that_runs_at_the_end_says_nothing_after_it(
    bot: Bot, customer: Customer, engine: StandInEngine
) -> None:
    await customer.until("welcome")
    engine.gate.clear()
    engine.arrived.clear()
    await customer.say("hello?")
    await soon(engine.arrived.wait())
    await call(customer, "end")
    engine.gate.set()
    await customer.say("another")
    await customer.until("echo another")
    assert "echo hello?" not in [message["text"] for message in await customer.log()]


async def test_a_transcript_is_the_customers_own_words_and_ours(customer: Customer, engine: StandInEngine) -> None:
    await customer.until("welcome")
    card = {
        "title": "Do this first",
        "steps": ["Call"],
        "points": ["a bill"],
        "helplines": [{"name": "Card Stop", "number": "078 170 170"}],
        "rows": [{"label": "Amount", "value": "€ 240"}],
    }
    answer = {"text": "Two\nlines", "buttons": [{"title": "Yes", "payload": "/affirm"}], "card": card, "progress": None}
    engine.answer = lambda _: {"messages": [answer]}
    await customer.say("Mijn pakje is er niet")
    await customer.until("Two\nlines")
    taken = await customer.client.get("/webchat/transcript", headers=customer.headers)
    assert taken.headers["content-type"] == "text/plain; charset=utf-8"
    assert taken.headers["content-disposition"].startswith('attachment; filename="cyber-care-20')
    lines = taken.text.splitlines()
    assert lines[:2] == ["transcript_title en", "transcript_printed en"]
    assert [re.sub(r"^\d\d/\d\d/20\d\d \d\d:\d\d", "at", line).strip() for line in lines[2:] if line] == [
        *("at  transcript_assistant en", "welcome", "[Report]"),
        *("at  transcript_you en", "Mijn pakje is er niet"),
        *("at  transcript_assistant en", "Two", "lines", "Do this first", "1. Call", "- a bill"),
        *("- Card Stop: 078 170 170", "- Amount: € 240", "[Yes]"),
    ]
    nobody = await customer.client.get("/webchat/transcript", headers={"Authorization": "Bearer x"})
    assert code(nobody) == (401, "invalid_session")


@pytest.mark.parametrize(
    ("page", "kept"),
    [
        ("https://www.example.be/help?token=secret#here", "https://www.example.be/help"),
        ("https://user:secret@www.example.be:8443/", "https://www.example.be:8443/"),
        ("javascript:alert(1)", None),
        ("https://[::1", None),
        ("https://www.example.be/" + "x" * 300, None),
        ("https://www.example.be/\u202e", None),
        (None, None),
    ],
)
async def test_the_page_of_a_visit_is_kept_without_what_it_carries(
    bot: Bot, client: httpx.AsyncClient, page: str | None, kept: str | None
) -> None:
    opened = await client.post("/webchat/sessions", json={"page": page})
    assert opened.status_code == 201
    assert await column(bot, Customer(client, opened.json()), "page") == kept


async def test_where_the_cookie_always_travels_no_script_gets_a_token(client: httpx.AsyncClient) -> None:
    opened = await client.post("/webchat/sessions", json={}, headers={"Sec-Fetch-Site": "same-origin"})
    assert set(opened.json()) == {"conversation", "language"}
    assert (await client.get("/webchat/messages")).status_code == 200


async def test_another_site_gets_a_cookie_of_its_own(start_bot: StartBot) -> None:
    site = "https://www.insurer.example"
    async with start_bot(cookie_secure=True, allowed_origins=(site,)) as bot, bot.client() as client:
        opened = await client.post("/webchat/sessions", json={}, headers={"Origin": site})
        cookie = opened.headers["set-cookie"]
        assert all(part in cookie for part in ("SameSite=None", "Secure", "Partitioned", "HttpOnly"))
        assert "token" in opened.json()
        client.cookies.clear()
        name, value = cookie.split(";")[0].split("=", 1)
        assert name == "__Host-cybercare_session"
        read = await client.get("/webchat/messages", headers={"Cookie": f"{name}={value}"})
        assert read.status_code == 200


@pytest.mark.parametrize("path", ["typing", "rating", "end", "identify"])
async def test_another_site_cannot_do_any_of_it(customer: Customer, path: str) -> None:
    assert code(await call(customer, path, Origin="https://evil.example")) == (403, "foreign_origin")
    assert code(await call(customer, path, Authorization="Bearer nobody")) == (401, "invalid_session")


def signed(**changes: Any) -> str:
    """A token of the host page."""
    now = int(time.time())
    good = {"iss": ISSUER, "aud": "cyber-care", "sub": LIES, "iat": now, "exp": now + 300, "jti": "visit-1"}
    return jwt.encode(good | changes, KEY, "EdDSA")


@pytest.fixture
def host(tmp_path: Path) -> dict[str, str]:
    """The claims backend's settings for the host page."""
    file = tmp_path / "host.pem"
    file.write_bytes(KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return {"host_key_file": str(file), "host_issuer": ISSUER}


async def test_who_the_host_page_vouches_for_is_introduced_to_the_dialogue_and_nowhere_else(
    start_bot: StartBot,
    database: str,
    make_room: MakeRoom,
    host: dict[str, str],
    engine: StandInEngine,
    capsys: pytest.CaptureFixture[str],
) -> None:
    room = make_room(**host)
    async with (
        room.running() as services,
        start_bot(database_url=database, **room.settings) as bot,
        bot.client() as client,
    ):
        customer = await Customer.arrive(client)
        await customer.until("welcome")
        token = signed()
        introduced = await call(customer, "identify", {"token": token})
        assert (introduced.status_code, introduced.content) == (204, b"")
        await customer.until("echo /identify")
        asked = engine.asked[-1]
        assert (asked["payload"], asked["identity"]["name"]) == ("/identify", "Lies")
        secret = asked["identity"]["token"]
        assert services.tokens.read(secret) == LIES
        assert asked["identity"]["policy"]["reference"] == LIES
        query = select(messages).where(messages.c.conversation == customer.id)
        rows = await bot.query(lambda connection: [str(tuple(row)) for row in connection.execute(query)])
        assert not any(word in row for row in rows for word in (token, secret, LIES))
        assert bot.parts.introductions._waiting == {}
        assert code(await call(customer, "identify", {"token": token})) == (401, "identity_token_invalid")
    written = "".join(capsys.readouterr())
    assert token not in written
    assert secret not in written


async def test_who_is_introduced_to_a_person_is_known_when_the_assistant_is_back(
    start_bot: StartBot, database: str, make_room: MakeRoom, host: dict[str, str], engine: StandInEngine
) -> None:
    room = make_room(**host)
    async with (
        room.running(),
        start_bot(database_url=database, desk_hours="always", **room.settings) as bot,
        bot.client() as client,
    ):
        customer = await Customer.arrive(client)
        await customer.until("welcome")
        await take(bot, customer)
        assert (await call(customer, "identify", {"token": signed()})).status_code == 204
        back, now, say = takeover.Release("bot"), bot.parts.log.clock(), bot.parts.sentences.say
        await bot.query(takeover.release, customer.id, STAFF, back, now, say)
        bot.parts.workers.wake(customer.id)
        await customer.until("echo /resume_after_person")
        asked = engine.asked[-1]
        assert (asked["payload"], asked["identity"]["name"]) == ("/resume_after_person", "Lies")
        assert [question.get("payload") for question in engine.asked] == ["/greet", "/resume_after_person"]
        query = select(messages).where(messages.c.conversation == customer.id)
        rows = await bot.query(lambda connection: [str(tuple(row)) for row in connection.execute(query)])
        assert not any(word in row for row in rows for word in (asked["identity"]["token"], LIES))
        assert bot.parts.introductions._waiting == {}


def test_not_more_identities_wait_than_there_is_room_for() -> None:
    waiting = Introductions()
    for number in range(MOST + 1):
        waiting.put(f"web:{number}", "identify:1", Identity("token", "2026-11-22T14:00:00Z", {}))
    assert len(waiting._waiting) == MOST
    assert waiting.of(Turn(1, "web:0", "identify:1", "", "/identify", "en", 0, 0)) is None
    assert waiting.of(Turn(1, f"web:{MOST}", "identify:1", "", "/identify", "en", 0, 0)) is not None


async def test_what_is_no_identity(start_bot: StartBot, make_room: MakeRoom, host: dict[str, str]) -> None:
    room = make_room(**host)
    async with room.running(), start_bot(**room.settings) as bot, bot.client() as client:
        customer = await Customer.arrive(client)
        for token in ("x", signed(sub="CYB-9999-9999"), signed(iss="https://evil.example"), signed(exp=1)):
            assert code(await call(customer, "identify", {"token": token})) == (401, "identity_token_invalid")
        for body in ({}, {"token": ""}, {"token": "x" * 5_000}):
            assert code(await call(customer, "identify", body)) == (422, "invalid_body")


async def test_an_installation_without_a_host_page_takes_no_identities(
    start_bot: StartBot, make_room: MakeRoom
) -> None:
    room = make_room()
    async with start_bot(**room.settings) as bot, bot.client() as client:
        customer = await Customer.arrive(client)
        assert code(await call(customer, "identify", {"token": "x.y.z"})) == (503, "identity_unavailable")
        async with room.running():
            assert code(await call(customer, "identify", {"token": "x.y.z"})) == (404, "identity_tokens_off")


async def test_an_identity_that_was_lost_with_the_process_is_not_asked_about(
    start_bot: StartBot, database: str, make_room: MakeRoom, host: dict[str, str], engine: StandInEngine, rests: Rests
) -> None:
    room = make_room(**host)
    async with room.running(), start_bot(database_url=database, **room.settings) as bot, bot.client() as client:
        customer = await Customer.arrive(client)
        await customer.until("welcome")
        engine.status = 503
        assert (await call(customer, "identify", {"token": signed()})).status_code == 204
        await soon(rests.begun.wait())
    engine.status = 200
    async with start_bot(database_url=database) as bot, bot.client() as client:
        again = Customer(client, {"conversation": customer.id, "token": bot.parts.tokens.make(customer.id)})
        await again.say("hello")
        await again.until("echo hello")
    assert [
        question for question in engine.asked if question.get("payload") == "/identify" and "identity" not in question
    ] == []
