"""What the bot sends to the stand-in: limits, windows, rates, tokens, and calls that fail on command."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.integration.demo.conftest import NUMBER, NUMBER_TOKEN, PAGE, PAGE_TOKEN, Meta, Webhook

DAY = 24 * 3600
TEXT = {"text": "When did it happen?"}


def error(answer: httpx.Response) -> tuple[int, int, int | None]:
    """Status, code and sub-code."""
    told = answer.json()["error"]
    assert told["type"] == "OAuthException"
    assert told["fbtrace_id"]
    return answer.status_code, told["code"], told.get("error_subcode")


async def talking(meta: Meta, platform: str) -> str:
    person = await meta.person(platform)
    assert (await meta.does(person, "messages", text="Hello")).status_code == 201
    return person


async def test_a_message_arrives_and_comes_back_as_an_echo(meta: Meta, webhook: Webhook) -> None:
    person = await talking(meta, "messenger")
    quick = [{"content_type": "text", "title": "Yesterday", "payload": "/yesterday"}]
    sent = await meta.page(person, TEXT | {"quick_replies": quick, "metadata": "outbox-1"})
    assert sent.json()["recipient_id"] == person
    echo = next(message for message in await webhook.until(2, "message") if message.get("is_echo"))
    assert (echo["mid"], echo["metadata"], echo["app_id"]) == (sent.json()["message_id"], "outbox-1", 1517776481860111)
    assert (await webhook.until(1, "delivery"))[0]["mids"] == [echo["mid"]]
    line = (await meta.lines(person))[-1]
    assert (line["text"], line["buttons"][0]["title"]) == ("When did it happen?", "Yesterday")


async def test_a_message_arrives_on_whatsapp_and_its_statuses_follow(meta: Meta, webhook: Webhook) -> None:
    person = await talking(meta, "whatsapp")
    sent = (await meta.number(person)).json()
    assert sent["contacts"] == [{"input": person, "wa_id": person}]
    statuses = await webhook.until(2, "statuses")
    assert [(status["id"], status["status"]) for status in statuses] == [
        (sent["messages"][0]["id"], "sent"),
        (sent["messages"][0]["id"], "delivered"),
    ]
    await meta.does(person, "seen")
    assert (await webhook.until(3, "statuses"))[2]["status"] == "read"


async def test_statuses_come_in_the_wrong_order_on_command(meta: Meta, webhook: Webhook) -> None:
    person = await talking(meta, "whatsapp")
    await meta.control("behaviour", reverse_receipts=True)
    await meta.number(person)
    assert [status["status"] for status in await webhook.until(2, "statuses")] == ["delivered", "sent"]


@pytest.mark.parametrize("token", ["", "token-of-somebody-else"])
async def test_a_wrong_token_is_refused(meta: Meta, token: str) -> None:
    answer = await meta.client.post(f"/v25.0/{PAGE}/messages", params={"access_token": token}, json={})
    assert error(answer) == (401, 190, 460)


async def test_a_token_sends_only_for_its_own_account(meta: Meta) -> None:
    headers = {"Authorization": f"Bearer {NUMBER_TOKEN}"}
    assert error(await meta.client.post(f"/v25.0/{PAGE}/messages", headers=headers, json={}))[:2] == (400, 100)
    headers = {"Authorization": f"Bearer {PAGE_TOKEN}"}
    assert error(await meta.client.post(f"/v25.0/{NUMBER}/messages", headers=headers, json={}))[:2] == (400, 100)


async def test_a_wrong_proof_of_the_secret_is_refused(meta: Meta) -> None:
    parameters = {"access_token": PAGE_TOKEN, "appsecret_proof": "0" * 64}
    assert error(await meta.client.get("/v25.0/me", params=parameters))[:2] == (400, 100)


async def test_outside_the_day_only_a_person_may_write_and_after_a_week_nobody(meta: Meta) -> None:
    person = await talking(meta, "messenger")
    tagged = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
    await meta.control("clock", ahead=DAY + 60)
    assert error(await meta.page(person, TEXT)) == (400, 10, 2018278)
    assert (await meta.page(person, TEXT, **tagged)).status_code == 200
    await meta.control("clock", ahead=7 * DAY + 60)
    assert error(await meta.page(person, TEXT, **tagged)) == (400, 10, 2018278)


async def test_who_never_wrote_cannot_be_written_to(meta: Meta) -> None:
    assert error(await meta.page(await meta.person("messenger"), TEXT)) == (400, 10, 2018278)
    assert error(await meta.page("1", TEXT)) == (400, 100, 2018001)


async def test_outside_the_day_whatsapp_tells_in_a_status_and_takes_templates(meta: Meta, webhook: Webhook) -> None:
    person = await talking(meta, "whatsapp")
    await meta.control("clock", ahead=DAY + 60)
    sent = await meta.number(person)
    assert sent.status_code == 200
    failed = (await webhook.until(1, "statuses"))[0]
    assert (failed["id"], failed["status"]) == (sent.json()["messages"][0]["id"], "failed")
    assert failed["errors"][0]["code"] == 131047
    template = {"name": "not_approved", "language": {"code": "nl"}}
    assert error(await meta.number(person, "template", **template))[:2] == (404, 132001)
    await meta.control("templates", names=["not_approved"])
    assert (await meta.number(person, "template", **template)).status_code == 200
    assert [line["status"] for line in await meta.lines(person)] == ["sent", "failed", "delivered"]


async def test_whatsapp_refuses_at_once_on_command(meta: Meta) -> None:
    person = await talking(meta, "whatsapp")
    await meta.control("behaviour", late_errors=False)
    await meta.control("clock", ahead=DAY + 60)
    assert error(await meta.number(person))[:2] == (400, 131047)
    assert error(await meta.number("12025559999"))[:2] == (400, 131026)


async def test_who_blocked_the_business_is_not_reached(meta: Meta, webhook: Webhook) -> None:
    nora, lotte = await talking(meta, "messenger"), await talking(meta, "whatsapp")
    for person in (nora, lotte):
        await meta.control(f"users/{person}/blocked", blocked=True)
    assert error(await meta.page(nora, TEXT)) == (400, 551, 1545041)
    assert (await meta.number(lotte)).status_code == 200
    assert (await webhook.until(1, "statuses"))[0]["errors"][0]["code"] == 131026


async def test_rates_are_limited_and_recover(meta: Meta) -> None:
    nora, lotte = await talking(meta, "messenger"), await talking(meta, "whatsapp")
    await meta.control("behaviour", page_per_second=2, number_per_second=2)
    answers = [await meta.page(nora, TEXT) for _ in range(8)]
    assert error(next(answer for answer in answers if answer.status_code != 200)) == (400, 613, None)
    answers = [await meta.number(lotte) for _ in range(8)]
    assert error(next(answer for answer in answers if answer.status_code != 200))[:2] == (429, 130429)
    await meta.control("clock", ahead=10)
    assert (await meta.page(nora, TEXT)).status_code == 200


async def test_one_person_on_whatsapp_gets_a_burst_and_then_one_in_six_seconds(meta: Meta) -> None:
    lotte, other = await talking(meta, "whatsapp"), await talking(meta, "whatsapp")
    assert [(await meta.number(lotte)).status_code for _ in range(46)] == [200] * 45 + [400]
    assert error(await meta.number(lotte))[:2] == (400, 131056)
    assert (await meta.number(other)).status_code == 200
    await meta.control("clock", ahead=7)
    assert [(await meta.number(lotte)).status_code for _ in range(2)] == [200, 400]


async def test_nobody_but_the_owner_of_a_thread_may_send(meta: Meta, webhook: Webhook) -> None:
    person = await talking(meta, "messenger")
    await meta.control(f"users/{person}/owner", owner="inbox")
    assert (await webhook.until(1, "take_thread_control"))[0]["new_owner_app_id"] == "263902037430900"
    assert error(await meta.page(person, TEXT)) == (400, 10, 2018300)
    await meta.does(person, "messages", text="Is somebody there?")
    await webhook.until(2, "message")
    assert "standby" in webhook.bodies[-1]["entry"][0]
    taken = {"recipient": {"id": person}}
    parameters = {"access_token": PAGE_TOKEN}
    await meta.client.post(f"/v25.0/{PAGE}/take_thread_control", params=parameters, json=taken)
    assert (await meta.page(person, TEXT)).status_code == 200


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("token_invalid", 401, 190),
        ("rate_page", 400, 613),
        ("rate_app", 400, 4),
        ("rate_number", 429, 130429),
        ("temporary", 400, 1200),
        ("unknown", 500, 1),
        ("restricted", 403, 10),
    ],
)
async def test_the_next_calls_fail_as_commanded(meta: Meta, name: str, status: int, code: int) -> None:
    person = await talking(meta, "messenger")
    await meta.control("faults", where="send", how="error", error=name, times=2)
    answers = [await meta.page(person, TEXT) for _ in range(3)]
    assert [error(answer)[:2] for answer in answers[:2]] == [(status, code)] * 2
    assert answers[2].status_code == 200
    assert len(await meta.lines(person)) == 2


@pytest.mark.parametrize("fault", [{"how": "status", "status": 502}, {"how": "drop"}, {"how": "hang", "seconds": 30}])
async def test_a_message_can_go_out_although_the_call_fails(meta: Meta, fault: dict[str, Any]) -> None:
    person = await talking(meta, "messenger")
    await meta.control("faults", where="send", after=True, **fault)
    meta.client.timeout = httpx.Timeout(0.3)
    try:
        assert (await meta.page(person, TEXT)).status_code == 502
    except httpx.TransportError:
        assert fault["how"] != "status"
    meta.client.timeout = httpx.Timeout(10)
    assert [line["text"] for line in await meta.lines(person)] == ["Hello", "When did it happen?"]


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b"\xff"])
async def test_a_body_that_is_none_is_refused(meta: Meta, body: bytes) -> None:
    answer = await meta.client.post("/v25.0/me/messages", params={"access_token": PAGE_TOKEN}, content=body)
    assert error(answer)[:2] == (400, 100)


async def test_typing_and_seen_show_on_the_phone(meta: Meta) -> None:
    nora, lotte = await talking(meta, "messenger"), await talking(meta, "whatsapp")
    assert (await meta.page(nora, sender_action="typing_on")).json() == {"recipient_id": nora}
    assert (await meta.client.get(f"/play/users/{nora}")).json()["typing"] is True
    await meta.page(nora, TEXT)
    assert (await meta.client.get(f"/play/users/{nora}")).json()["typing"] is False
    seen = {"messaging_product": "whatsapp", "status": "read", "message_id": (await meta.lines(lotte))[0]["id"]}
    headers = {"Authorization": f"Bearer {NUMBER_TOKEN}"}
    answer = await meta.client.post(f"/v25.0/{NUMBER}/messages", headers=headers, json=seen)
    assert answer.json() == {"success": True}
    assert (await meta.lines(lotte))[0]["status"] == "read"
    seen["message_id"] = "wamid.unknown"
    answer = await meta.client.post(f"/v25.0/{NUMBER}/messages", headers=headers, json=seen)
    assert error(answer)[:2] == (400, 131009)


async def test_what_is_cut_off_silently_is_noted(meta: Meta) -> None:
    person = await talking(meta, "messenger")
    title = "Somebody used my bank card"
    await meta.page(person, TEXT | {"quick_replies": [{"content_type": "text", "title": title, "payload": "/x"}]})
    assert (await meta.client.get("/control/seen")).json()["complaints"] == [f"title cut: {title}"]
