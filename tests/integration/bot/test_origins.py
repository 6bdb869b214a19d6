"""Pages of other sites: the few we allow, and all the others."""

from __future__ import annotations

import httpx
import pytest

from tests.integration.bot.running_bot import Customer, StartBot

PARTNER = "https://www.partner.example"
STRANGER = "https://evil.example"


@pytest.mark.parametrize("origin", [STRANGER, "null", PARTNER + ".evil.example", "file://", "https://127.0.0.1:1"])
async def test_a_foreign_page_may_not_speak_for_a_customer(client: httpx.AsyncClient, origin: str) -> None:
    await client.post("/webchat/sessions", json={})
    for path, body in (("messages", {"client_id": "abcd1234", "text": "transfer"}), ("sessions", {})):
        answer = await client.post(f"/webchat/{path}", json=body, headers={"Origin": origin})
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "foreign_origin")
        assert "access-control-allow-origin" not in answer.headers


async def test_our_own_page_may(client: httpx.AsyncClient) -> None:
    origin = str(client.base_url).rstrip("/")
    await client.post("/webchat/sessions", json={}, headers={"Origin": origin})
    sent = await client.post(
        "/webchat/messages", json={"client_id": "abcd1234", "text": "hi"}, headers={"Origin": origin}
    )
    assert sent.status_code == 202


async def test_an_allowed_site_may_call_and_read(start_bot: StartBot) -> None:
    async with start_bot(allowed_origins=(PARTNER,)) as bot, bot.client(headers={"Origin": PARTNER}) as client:
        customer = await Customer.arrive(client)
        sent = await customer.post(client_id="abcd1234", text="hi")
        read = await client.get("/webchat/messages", headers=customer.headers)
        wrong = await client.get("/webchat/messages", headers={"Authorization": "Bearer wrong"})
    for answer in (sent, read, wrong):
        assert answer.headers["access-control-allow-origin"] == PARTNER
        assert answer.headers["access-control-allow-credentials"] == "true"
        assert "Origin" in answer.headers["vary"]
    assert wrong.status_code == 401


@pytest.mark.parametrize("path", ["sessions", "messages", "events"])
async def test_a_browser_asks_before_it_calls(start_bot: StartBot, path: str) -> None:
    async with start_bot(allowed_origins=(PARTNER,)) as bot, bot.client() as client:
        ask = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
        allowed = await client.options(f"/webchat/{path}", headers={"Origin": PARTNER} | ask)
        refused = await client.options(f"/webchat/{path}", headers={"Origin": STRANGER} | ask)
    assert allowed.status_code == 204
    assert allowed.headers["access-control-allow-origin"] == PARTNER
    assert "POST" in allowed.headers["access-control-allow-methods"]
    assert "Authorization" in allowed.headers["access-control-allow-headers"]
    assert not any(name.startswith("access-control") for name in refused.headers)
