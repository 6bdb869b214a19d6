"""The webchat's contract: sessions, messages, and every way to be refused."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import httpx
import pytest

from bot.webchat.tokens import Tokens
from tests.integration.bot.running_bot import Bot, Customer, StartBot
from tests.integration.bot.stand_in_engine import StandInEngine, said


def code(answer: httpx.Response) -> tuple[int, str]:
    error = answer.json()["error"]
    assert set(error) == {"code", "message", "details"}
    return answer.status_code, error["code"]


@pytest.mark.parametrize(
    ("asked", "accepted", "language"),
    [("nl", "", "nl"), ("fr-BE", "en", "fr"), (None, "de,nl;q=0.8,fr;q=0.9", "fr"), ("de", "it", "en")],
)
async def test_a_session_speaks_the_customers_language(
    client: httpx.AsyncClient, asked: str | None, accepted: str, language: str
) -> None:
    answer = await client.post("/webchat/sessions", json={"language": asked}, headers={"Accept-Language": accepted})
    assert answer.status_code == 201
    assert answer.json()["language"] == language
    assert answer.json()["conversation"].startswith("web:")
    assert set(answer.json()) == {"conversation", "token", "language"}


async def test_a_session_may_be_opened_without_a_body(client: httpx.AsyncClient) -> None:
    assert (await client.post("/webchat/sessions")).status_code == 201


async def test_the_cookie_is_as_good_as_the_token(client: httpx.AsyncClient) -> None:
    opened = await client.post("/webchat/sessions", json={})
    cookie = opened.headers["set-cookie"]
    assert "cybercare_session=" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie
    sent = await client.post("/webchat/messages", json={"client_id": "abcd1234", "text": "hi"})
    assert sent.status_code == 202


async def test_the_cookie_is_secure_unless_told_otherwise(start_bot: StartBot) -> None:
    async with start_bot(cookie_secure=True) as bot, bot.client() as client:
        opened = await client.post("/webchat/sessions", json={})
    assert "Secure" in opened.headers["set-cookie"]
    assert "strict-transport-security" in opened.headers


async def test_the_same_client_id_again_gets_the_same_answer(customer: Customer, engine: StandInEngine) -> None:
    body = {"client_id": "retry_me_1", "text": "once"}
    answers = await asyncio.gather(*(customer.post(**body) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.text for answer in answers}) == 1
    log = await customer.until("echo once")
    assert [message["text"] for message in log if message["author"] == "customer"] == ["once"]
    assert [message.get("client_id") for message in log if message["author"] == "customer"] == ["retry_me_1"]
    assert engine.texts() == ["once"]


async def test_a_client_id_does_not_change_its_meaning(customer: Customer) -> None:
    await customer.until("welcome")
    await customer.post(client_id="same_id_1", text="one")
    assert code(await customer.post(client_id="same_id_1", text="two")) == (422, "client_id_reused")
    assert code(await customer.post(client_id="same_id_1", payload="/report")) == (422, "client_id_reused")


async def test_client_ids_of_two_customers_do_not_meet(client: httpx.AsyncClient) -> None:
    one, two = await Customer.arrive(client), await Customer.arrive(client)
    assert (await one.post(client_id="same_id_1", text="one")).status_code == 202
    assert (await two.post(client_id="same_id_1", text="two")).status_code == 202


async def test_a_button_that_was_offered_may_be_pressed(customer: Customer, engine: StandInEngine) -> None:
    await customer.until("welcome")
    card = {"title": "Summary", "rows": [{"label": "Amount", "value": "5", "payload": "/correct"}]}
    engine.answer = lambda question: {"messages": [said("look") | {"card": card}]}

    answer = await customer.post(client_id="press_it_1", payload="/report")
    assert answer.status_code == 202
    assert (await customer.post(client_id="press_it_1", payload="/report")).text == answer.text
    log = await customer.until("look")
    assert [message["text"] for message in log] == ["welcome", "Report", "look"]
    assert log[-1]["card"] == card
    assert engine.asked[-1]["payload"] == "/report"
    assert "text" not in engine.asked[-1]
    assert (await customer.post(client_id="press_it_2", payload="/correct")).status_code == 202


async def test_a_payload_of_another_conversation_is_not_accepted(customer: Customer, engine: StandInEngine) -> None:
    await customer.until("welcome")
    engine.answer = lambda question: {"messages": [said("nothing to press")]}
    other = await Customer.arrive(customer.client)
    await other.until("nothing to press")
    assert code(await other.post(client_id="press_it_1", payload="/report")) == (422, "unknown_payload")


@pytest.mark.parametrize(("language", "name"), [("en", "English"), ("nl", "Nederlands"), ("fr", "Français")])
async def test_a_language_may_always_be_chosen(
    customer: Customer, engine: StandInEngine, language: str, name: str
) -> None:
    payload = f'/change_language{{"language": "{language}"}}'
    answer = await customer.post(client_id="language_1", payload=payload)
    assert answer.status_code == 202
    assert (await customer.post(client_id="language_1", payload=payload)).text == answer.text
    log = await customer.until(f"echo {payload}")
    assert [message["text"] for message in log if message["author"] == "customer"] == [name]
    assert (engine.asked[-1]["payload"], engine.asked[-1]["language"]) == (payload, language)


async def test_a_language_we_do_not_speak_is_not_on_offer(customer: Customer) -> None:
    answer = await customer.post(client_id="language_1", payload='/change_language{"language": "de"}')
    assert code(answer) == (422, "unknown_payload")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"client_id": "abcd1234", "text": " \x00\u0007\n\t "}, (422, "empty_message")),
        ({"client_id": "abcd1234", "text": ""}, (422, "empty_message")),
        ({"client_id": "abcd1234"}, (422, "text_or_payload")),
        ({"client_id": "abcd1234", "text": "a", "payload": "/report"}, (422, "text_or_payload")),
        ({"client_id": "abcd1234", "payload": "/inform"}, (422, "unknown_payload")),
        ({"client_id": "abcd1234", "payload": ""}, (422, "unknown_payload")),
        ({"client_id": "abcd1234", "payload": "/" + "x" * 5_000}, (422, "unknown_payload")),
        ({"client_id": "short", "text": "a"}, (422, "invalid_client_id")),
        ({"client_id": "x" * 65, "text": "a"}, (422, "invalid_client_id")),
        ({"client_id": "abcd1234\n", "text": "a"}, (422, "invalid_client_id")),
        ({"client_id": 12345678, "text": "a"}, (422, "invalid_body")),
        ({"text": "a"}, (422, "invalid_body")),
        ({"client_id": "abcd1234", "text": ["a"]}, (422, "invalid_body")),
        (["abcd1234"], (422, "invalid_body")),
    ],
)
async def test_what_a_message_must_not_be(customer: Customer, body: Any, expected: tuple[int, str]) -> None:
    await customer.until("welcome")
    answer = await customer.client.post("/webchat/messages", json=body, headers=customer.headers)
    assert code(answer) == expected
    assert len(await customer.log()) == 1


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff", b'{"client_id": "abcd1234", "text": "\\ud800"}', b'{"a":' + b"[" * 50_000]
)
async def test_what_is_not_json(customer: Customer, body: bytes) -> None:
    answer = await customer.client.post("/webchat/messages", content=body, headers=customer.headers)
    assert code(answer) == (400, "invalid_json")


async def test_control_characters_are_taken_out(customer: Customer) -> None:
    await customer.say(" a\x00b\r\nc\u202ed\te ")
    log = await customer.until("echo ab\ncd\te")
    assert log[1]["text"] == "ab\ncd\te" or log[0]["text"] == "ab\ncd\te"


async def test_a_body_that_is_too_large(customer: Customer) -> None:
    answer = await customer.post(client_id="abcd1234", text="x" * 70_000)
    assert code(answer) == (413, "too_large")
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_tokens_that_do_not_count(customer: Customer) -> None:
    long_ago = Tokens("token-secret-for-tests", seconds=1, clock=lambda: time.time() - 31 * 86_400)
    forged = Tokens("another-secret-for-tests", seconds=1)
    ours = Tokens("token-secret-for-tests", seconds=1)
    bad = [
        "nonsense",
        customer.opened["token"][:-1],
        long_ago.make(customer.id),
        forged.make(customer.id),
        ours.make("web:nobody"),
        ours.make("messenger:1"),
    ]
    for token in bad:
        for method, path in (("GET", "messages"), ("GET", "events"), ("POST", "messages")):
            headers = {"Authorization": f"Bearer {token}"}
            answer = await customer.client.request(method, f"/webchat/{path}", headers=headers)
            assert code(answer) == (401, "invalid_session"), token
    headers_of_bytes = {b"Authorization": b"Bearer \xff\xfe"}
    assert code(await customer.client.get("/webchat/messages", headers=headers_of_bytes)) == (401, "invalid_session")


async def test_a_token_in_the_query_does_not_count(customer: Customer) -> None:
    answer = await customer.client.get("/webchat/messages", params={"token": customer.opened["token"]})
    assert code(answer) == (401, "invalid_session")


async def test_a_wrong_bearer_is_not_saved_by_a_cookie(client: httpx.AsyncClient) -> None:
    await client.post("/webchat/sessions", json={})
    answer = await client.get("/webchat/messages", headers={"Authorization": "Bearer wrong"})
    assert code(answer) == (401, "invalid_session")


async def test_a_token_reads_its_own_conversation_only(client: httpx.AsyncClient) -> None:
    one, two = await Customer.arrive(client), await Customer.arrive(client)
    await one.say("my secret")
    await one.until("echo my secret")
    await two.until("welcome")
    assert [message["text"] for message in await two.log()] == ["welcome"]


async def test_messages_after_a_number(customer: Customer) -> None:
    await customer.say("a")
    log = await customer.until("welcome", "echo a")
    assert await customer.log(after=2) == log[2:]
    assert await customer.log(after=99) == []
    for wrong in ("-1", "x", "1e3", "9" * 30):
        answer = await customer.client.get("/webchat/messages", params={"after": wrong}, headers=customer.headers)
        assert code(answer) == (400, "invalid_after")


async def test_a_message_has_the_shape_of_the_contract(customer: Customer) -> None:
    (message,) = await customer.until("welcome")
    at = message.pop("at")
    assert time.strptime(at, "%Y-%m-%dT%H:%M:%SZ")
    assert message == {
        "seq": 1,
        "author": "bot",
        "text": "welcome",
        "buttons": [{"title": "Report", "payload": "/report"}],
        "card": None,
        "progress": None,
    }


async def test_too_many_messages(start_bot: StartBot) -> None:
    async with start_bot(messages_per_minute=2) as bot, bot.client() as client:
        customer, other = await Customer.arrive(client, "fr"), await Customer.arrive(client)
        await customer.say("a")
        await customer.say("b")
        answer = await customer.post(client_id="one_too_many", text="c")
        assert code(answer) == (429, "rate_limited")
        details = answer.json()["error"]["details"]
        assert 0 < details["retry_after"] <= 60
        assert details["text"] == "rate_limited fr"
        await other.say("I may")


async def test_too_many_sessions(start_bot: StartBot) -> None:
    async with start_bot(sessions_per_minute=1) as bot, bot.client() as client:
        await Customer.arrive(client)
        answer = await client.post("/webchat/sessions", json={"language": "nl"})
        assert code(answer) == (429, "rate_limited")
        assert answer.json()["error"]["details"]["text"] == "rate_limited nl"


async def test_no_such_page_and_no_such_method(client: httpx.AsyncClient) -> None:
    assert code(await client.get("/webchat/nothing")) == (404, "not_found")
    assert code(await client.delete("/webchat/messages")) == (405, "method_not_allowed")


async def test_the_log_of_the_service_does_not_say_what_was_said(
    bot: Bot, customer: Customer, engine: StandInEngine, capsys: pytest.CaptureFixture[str]
) -> None:
    engine.answer = lambda question: {"messages": [said("very private answer")]}
    await customer.say("very private question")
    await customer.until("very private answer")
    assert "private" not in capsys.readouterr().out
    metrics = (await customer.client.get("/metrics")).text
    assert customer.id not in metrics
    assert "private" not in json.dumps(metrics)
