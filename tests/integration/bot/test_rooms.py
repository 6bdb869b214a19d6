"""What other services and the operator see: notices, health, metrics, pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.log.work import change_mode
from tests.integration.bot.running_bot import INTERNAL, Bot, Customer, StartBot
from tests.integration.bot.stand_in_engine import StandInEngine

SERVICE = {"Authorization": f"Bearer {INTERNAL}"}


async def notify(customer: Customer, body: Any, headers: dict[str, str] = SERVICE) -> httpx.Response:
    path = f"/internal/conversations/{customer.id}/messages"
    return await customer.client.post(path, json=body, headers=headers)


async def test_a_notice_reaches_the_customer_once(bot: Bot, customer: Customer) -> None:
    await customer.until("welcome")
    await bot.query(change_mode, customer.id, "human", 0)
    body = {
        "key": "claim:1",
        "text": "Your claim has reached us",
        "buttons": [{"title": "Status", "payload": "/status"}],
    }
    first, second = await notify(customer, body), await notify(customer, body | {"text": "again"})
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert first.json()["seq"] == 2
    log = await customer.log()
    assert [message["text"] for message in log] == ["welcome", "Your claim has reached us"]
    assert (await customer.post(client_id="press_it_1", payload="/status")).status_code == 202


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"key": "", "text": "a"}, "invalid_notice"),
        ({"key": "k" * 201, "text": "a"}, "invalid_notice"),
        ({"key": "k", "text": " "}, "invalid_notice"),
        ({"key": "k"}, "invalid_body"),
        ({"key": "k", "text": "a", "buttons": [{"title": "no payload"}]}, "invalid_body"),
    ],
)
async def test_notices_that_are_not_taken(customer: Customer, body: Any, expected: str) -> None:
    answer = await notify(customer, body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, expected)


async def test_a_notice_needs_the_service_token_and_a_conversation(customer: Customer) -> None:
    body = {"key": "k", "text": "a"}
    for headers in ({}, customer.headers, {"Authorization": "Bearer wrong"}):
        assert (await notify(customer, body, headers)).status_code == 401
    answer = await customer.client.post("/internal/conversations/web:x/messages", json=body, headers=SERVICE)
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "conversation_not_found")


async def test_health(client: httpx.AsyncClient) -> None:
    assert (await client.get("/health/live")).json() == {"status": "live"}
    ready = await client.get("/health/ready")
    assert ready.status_code == 200
    assert set(ready.json()["rooms"]) == {"database", "engine", "actions", "claims"}


async def test_health_says_which_room_is_missing(start_bot: StartBot, engine_url: str) -> None:
    async with start_bot(claims_url="http://127.0.0.1:9") as bot, bot.client() as client:
        answer = await client.get("/health/ready")
        assert (await client.get("/health/live")).status_code == 200
    assert answer.status_code == 503
    assert answer.json()["error"]["code"] == "not_ready"
    assert answer.json()["error"]["details"] == {"missing": ["claims"]}


async def test_metrics_count(customer: Customer, engine: StandInEngine) -> None:
    await customer.say("hello")
    await customer.until("welcome", "echo hello")
    text = (await customer.client.get("/metrics")).text
    assert 'bot_messages_total{channel="web",direction="in"} 1.0' in text
    assert 'bot_messages_total{channel="web",direction="out"} 2.0' in text
    assert "bot_turn_seconds_count 2.0" in text
    assert "bot_queue_length 0.0" in text


async def test_the_widgets_files(bot: Bot, client: httpx.AsyncClient) -> None:
    version = bot.parts.site.version
    loader = await client.get("/widget/loader.js")
    assert loader.text == f"load('{version}')"
    assert loader.headers["cache-control"] == "public, max-age=300"
    file = await client.get(f"/widget/{version}/lang/nl.json")
    assert "immutable" in file.headers["cache-control"]
    assert file.headers["content-type"] == "application/json"
    old = await client.get("/widget/000000000000/lang/nl.json")
    assert (old.status_code, old.headers["location"]) == (302, f"/widget/{version}/lang/nl.json")
    page = await client.get("/")
    assert f"/widget/{version}/loader.js" in page.text
    assert "script" not in page.headers["content-security-policy"]
    assert (await client.get("/demo/")).text == page.text
    assert (await client.get("/demo/style.css")).headers["content-type"].startswith("text/css")


@pytest.mark.parametrize("path", ["loader.js", "{v}/lang/nl.json", "current/lang/nl.json", "000000000000/lang/nl.json"])
async def test_any_site_may_load_the_widget(bot: Bot, client: httpx.AsyncClient, path: str) -> None:
    path = f"/widget/{path.format(v=bot.parts.site.version)}"
    answer = await client.get(path, headers={"Origin": "https://shop.example"})
    assert answer.status_code in (200, 302)
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [("gzip, br", "gzip"), ("*", "gzip"), ("gzip;q=0.5", "gzip"), ("gzip; q=0, *", None), ("br", None), ("", None)],
)
async def test_files_go_out_compressed_to_whom_accepts_it(
    start_bot: StartBot, web: Path, accepted: str, coding: str | None
) -> None:
    script = "console.log('the same words again and again');\n" * 50
    (web / "widget" / "large.js").write_text(script)
    async with start_bot() as bot, bot.client() as client:
        path = f"/widget/{bot.parts.site.version}/large.js"
        answer = await client.get(path, headers={"Accept-Encoding": accepted})
        assert answer.headers.get("content-encoding") == coding
        assert answer.headers["vary"] == "Accept-Encoding"
        assert (int(answer.headers["content-length"]) < 300) is (coding == "gzip")
        assert answer.text == script


async def test_a_file_that_gains_nothing_is_sent_as_it_is(client: httpx.AsyncClient) -> None:
    assert "content-encoding" not in (await client.get("/demo/style.css")).headers


@pytest.mark.parametrize(
    "path",
    [
        "/widget/{v}/../../secret.txt",
        "/widget/{v}/..%2f..%2fsecret.txt",
        "/widget/{v}/%2e%2e/secret.txt",
        "/widget/{v}/lang",
        "/widget/{v}/",
        "/demo/../secret.txt",
        "/demo/..%5csecret.txt",
        "/demo//etc/passwd",
        "/widget/0/nothing.js",
    ],
)
async def test_nothing_else_is_served(bot: Bot, client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(httpx.URL(bot.address + path.format(v=bot.parts.site.version)))
    assert answer.status_code == 404
    assert "not for you" not in answer.text


async def test_without_demo_there_is_no_page(start_bot: StartBot) -> None:
    async with start_bot(demo=False) as bot, bot.client() as client:
        assert (await client.get("/")).status_code == 404
        assert (await client.get("/demo/index.html")).status_code == 404
        assert (await client.get("/widget/loader.js")).status_code == 200


@pytest.mark.parametrize("path", ["/", "/health/live", "/nothing", "/webchat/messages", "/internal/x", "/metrics"])
async def test_every_answer_has_the_security_headers(client: httpx.AsyncClient, path: str) -> None:
    headers = (await client.get(path)).headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"]
    assert headers["permissions-policy"]
