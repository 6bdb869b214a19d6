"""What people do on the stand-in, the files they send, the page's profile, and who may call at all."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any

import httpx
import pytest

from demo.meta.app import create_app
from demo.meta.model import load
from demo.meta.settings import Settings
from tests.integration.bot.running_bot import serving
from tests.integration.demo.conftest import NUMBER_TOKEN, PAGE_TOKEN, Meta, Webhook, client_of

PHOTO = b"\xff\xd8\xff\xe0 not really a photo"
PAGE_CALL = {"access_token": PAGE_TOKEN}
NUMBER_CALL = {"Authorization": f"Bearer {NUMBER_TOKEN}"}
QUICK = [{"content_type": "text", "title": title, "payload": f"/{title}"} for title in ("yes", "no")]
PROFILE = {
    "get_started": {"payload": "/greet"},
    "greeting": [{"locale": "default", "text": "Hello"}, {"locale": "nl_NL", "text": "Dag"}],
    "persistent_menu": [
        {"locale": "default", "call_to_actions": [{"type": "postback", "title": "Report", "payload": "/report"}]},
        {"locale": "nl_NL", "call_to_actions": [{"type": "postback", "title": "Melden", "payload": "/report"}]},
    ],
    "ice_breakers": [
        {"locale": "default", "call_to_actions": [{"question": "What is covered?", "payload": "/ask_cover"}]},
        {"locale": "nl_NL", "call_to_actions": [{"question": "Wat is verzekerd?", "payload": "/ask_cover"}]},
    ],
}


async def sends(meta: Meta, person: str, *names: str, text: str = "", kind: str = "image/jpeg") -> httpx.Response:
    files = [("file", (name, PHOTO, kind)) for name in names]
    return await meta.client.post(f"/play/users/{person}/files", files=files, data={"text": text})


async def test_a_quick_reply_is_pressed_once_and_is_gone(meta: Meta, webhook: Webhook) -> None:
    person = await meta.person("messenger")
    await meta.does(person, "messages", text="Hello")
    await meta.page(person, {"text": "Sure?", "quick_replies": QUICK})
    assert (await meta.does(person, "presses", line=2, button=1)).status_code == 201
    pressed = next(message for message in await webhook.until(3, "message") if "quick_reply" in message)
    assert (pressed["text"], pressed["quick_reply"]) == ("no", {"payload": "/no"})
    assert (await meta.does(person, "presses", line=2, button=1)).json()["error"]["code"] == "not_on_offer"


async def test_quick_replies_go_when_the_page_says_more(meta: Meta) -> None:
    person = await meta.person("messenger")
    await meta.does(person, "messages", text="Hello")
    await meta.page(person, {"text": "Sure?", "quick_replies": QUICK})
    await meta.page(person, {"text": "Take your time."})
    assert (await meta.lines(person))[1]["buttons"] == []


async def test_a_button_of_a_template_stays_and_is_a_postback(meta: Meta, webhook: Webhook) -> None:
    person = await meta.person("messenger")
    await meta.does(person, "messages", text="Hello")
    button = {"type": "postback", "title": "Open", "payload": "/file_claim"}
    link = {"type": "web_url", "title": "Site", "url": "https://example.be"}
    payload = {"template_type": "button", "text": "A claim?", "buttons": [button, link]}
    await meta.page(person, {"attachment": {"type": "template", "payload": payload}})
    for _ in range(2):
        assert (await meta.does(person, "presses", line=2, button=0)).status_code == 201
    assert [one["payload"] for one in await webhook.until(2, "postback")] == ["/file_claim"] * 2
    assert (await meta.does(person, "presses", line=2, button=1)).status_code == 422
    echo = next(message for message in webhook.events("message") if message.get("is_echo"))
    assert echo["attachments"][0]["payload"]["template_type"] == "button"


async def test_a_row_of_a_list_is_answered_with_its_message(meta: Meta, webhook: Webhook) -> None:
    person = await meta.person("whatsapp")
    await meta.does(person, "messages", text="Hello")
    action = {"button": "Choose", "sections": [{"rows": [{"id": "/a", "title": "A", "description": "first"}]}]}
    sent = await meta.number(person, "interactive", type="list", body={"text": "Which?"}, action=action)
    await meta.does(person, "presses", line=2, button=0)
    pressed = (await webhook.until(2, "messages"))[1]
    assert pressed["interactive"]["list_reply"] == {"id": "/a", "title": "A", "description": "first"}
    assert pressed["context"]["id"] == sent.json()["messages"][0]["id"]


async def test_photos_on_messenger_are_one_message_with_addresses(meta: Meta, webhook: Webhook) -> None:
    person = await meta.person("messenger")
    assert (await sends(meta, person, "a.jpg", "b.pdf", text="Look")).status_code == 201
    message = (await webhook.until(1, "message"))[0]
    assert (message["text"], [one["type"] for one in message["attachments"]]) == ("Look", ["image", "image"])
    path = httpx.URL(message["attachments"][0]["payload"]["url"]).path
    fetched = await meta.client.get(path)
    assert (fetched.content, fetched.headers["content-type"]) == (PHOTO, "image/jpeg")
    assert (await meta.client.get("/cdn/guessed")).status_code == 404


async def media_of(meta: Meta, webhook: Webhook) -> tuple[dict[str, Any], str]:
    """A photo on WhatsApp: what the look-up says, and the path of the file."""
    person = await meta.person("whatsapp")
    await sends(meta, person, "a.jpg", text="Look")
    image = (await webhook.until(1, "messages"))[0]["image"]
    assert (image["caption"], image["sha256"]) == ("Look", base64.b64encode(hashlib.sha256(PHOTO).digest()).decode())
    found = (await meta.client.get(f"/v25.0/{image['id']}", headers=NUMBER_CALL)).json()
    return found, httpx.URL(found["url"]).path


async def test_a_photo_on_whatsapp_needs_the_token_and_comes_soon(meta: Meta, webhook: Webhook) -> None:
    found, path = await media_of(meta, webhook)
    assert (found["file_size"], found["sha256"]) == (len(PHOTO), hashlib.sha256(PHOTO).hexdigest())
    assert (await meta.client.get(path)).status_code == 401
    assert (await meta.client.get(path, headers={"Authorization": f"Bearer {PAGE_TOKEN}"})).status_code == 401
    assert (await meta.client.get(path, headers=NUMBER_CALL)).content == PHOTO
    await meta.control("clock", ahead=301)
    assert (await meta.client.get(path, headers=NUMBER_CALL)).status_code == 404
    again = (await meta.client.get(f"/v25.0/{found['id']}", headers=NUMBER_CALL)).json()
    assert (await meta.client.get(httpx.URL(again["url"]).path, headers=NUMBER_CALL)).content == PHOTO


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        ({"how": "status", "status": 503}, 503),
        ({"how": "error", "error": "media_missing"}, 404),
        ({"how": "spoil"}, 200),
    ],
)
async def test_files_fail_as_commanded(meta: Meta, webhook: Webhook, fault: dict[str, Any], status: int) -> None:
    _, path = await media_of(meta, webhook)
    await meta.control("faults", where="file", **fault)
    failed = await meta.client.get(path, headers=NUMBER_CALL)
    assert (failed.status_code, failed.content == PHOTO) == (status, False)
    assert (await meta.client.get(path, headers=NUMBER_CALL)).content == PHOTO


async def test_files_lead_elsewhere_on_command(meta: Meta, webhook: Webhook) -> None:
    _, path = await media_of(meta, webhook)
    await meta.control("faults", where="file", how="redirect", location="http://169.254.169.254/")
    answer = await meta.client.get(path, headers=NUMBER_CALL)
    assert (answer.status_code, answer.headers["location"]) == (302, "http://169.254.169.254/")


async def test_only_pictures_are_shown_in_the_page(meta: Meta) -> None:
    person = await meta.person("messenger")
    await sends(meta, person, "a.svg", kind="image/svg+xml")
    media = (await meta.lines(person))[0]["media"][0]
    answer = await meta.client.get(f"/play/media/{media['id']}")
    assert media["picture"] is False
    assert (answer.headers["content-type"], answer.headers["content-disposition"]) == (
        "application/octet-stream",
        "attachment",
    )


async def test_a_profile_is_shown_in_the_language_of_the_person(meta: Meta, webhook: Webhook) -> None:
    assert (await meta.client.post("/v25.0/me/messenger_profile", params=PAGE_CALL, json=PROFILE)).status_code == 200
    person = await meta.person("messenger", "nl_NL")
    shown = (await meta.client.get(f"/play/users/{person}")).json()["profile"]
    assert shown["greeting"] == "Dag"
    assert [choice["title"] for choice in shown["choices"]] == ["Get Started", "Melden", "Wat is verzekerd?"]
    await meta.does(person, "choices", payload="/greet")
    assert (await webhook.until(1, "postback"))[0]["payload"] == "/greet"
    assert (await meta.does(person, "choices", payload="/submit_claim")).status_code == 422
    asked = PAGE_CALL | {"fields": "get_started,greeting"}
    kept = (await meta.client.get("/v25.0/me/messenger_profile", params=asked)).json()["data"][0]
    assert kept == {name: PROFILE[name] for name in ("get_started", "greeting")}
    gone = {"fields": ["ice_breakers"]}
    await meta.client.request("DELETE", "/v25.0/me/messenger_profile", params=PAGE_CALL, json=gone)
    shown = (await meta.client.get(f"/play/users/{person}")).json()["profile"]
    assert [choice["title"] for choice in shown["choices"]] == ["Get Started", "Melden"]


async def test_the_name_and_language_of_a_person(meta: Meta) -> None:
    person = await meta.person("messenger", "fr_FR")
    asked = PAGE_CALL | {"fields": "first_name,locale"}
    answer = (await meta.client.get(f"/v25.0/{person}", params=asked)).json()
    assert answer == {"first_name": "An", "locale": "fr_FR", "id": person}
    refused = await meta.client.get(f"/v25.0/{person}", params=PAGE_CALL | {"fields": "password"})
    assert refused.json()["error"]["code"] == 100
    assert (await meta.client.get(f"/v25.0/{person}", headers=NUMBER_CALL)).status_code == 400


async def test_a_persona_speaks(meta: Meta) -> None:
    person = await meta.person("messenger")
    await meta.does(person, "messages", text="Hello")
    made = {"name": "Sofie", "profile_picture_url": "https://example.be/sofie.png"}
    persona = (await meta.client.post("/v25.0/me/personas", params=PAGE_CALL, json=made)).json()["id"]
    assert (await meta.page(person, {"text": "Hi"}, persona_id=persona)).status_code == 200
    assert (await meta.lines(person))[1]["persona"] == "Sofie"
    assert (await meta.page(person, {"text": "Hi"}, persona_id="1")).json()["error"]["code"] == 100


async def test_what_was_said_survives_a_restart(tmp_path: Path, webhook: Webhook) -> None:
    settings = Settings("a" * 16, "b" * 16, "c" * 16, "d" * 16, "http://127.0.0.1:1/", str(tmp_path))
    async with serving(create_app(settings, "")) as address, client_of(address) as client:
        person = await Meta(client).person("messenger")
        await Meta(client).does(person, "messages", text="Hello")
    assert [item.text for item in load(tmp_path).users[person].items] == ["Hello"]
    (tmp_path / "world.json").write_text("{")
    assert len(load(tmp_path).users) == 6


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Origin": "https://evil.example"}, {"Origin": "null"}])
async def test_no_other_site_can_act_here(meta: Meta, headers: dict[str, str]) -> None:
    answer = await meta.client.post("/control/reset", headers=headers)
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/play/users/1/messages", {"text": "x"}, 404),
        ("/play/users", {"platform": "telegraph", "name": "x"}, 400),
        ("/control/behaviour", {"unknown": 1}, 400),
        ("/control/behaviour", {"batch": "many"}, 400),
        ("/control/faults", {"where": "send", "how": "error", "error": "unheard_of"}, 400),
        ("/control/faults", {"where": "moon", "how": "error"}, 400),
        ("/control/clock", {}, 400),
    ],
)
async def test_commands_that_cannot_be_are_refused(meta: Meta, path: str, body: dict[str, Any], status: int) -> None:
    answer = await meta.client.post(path, json=body)
    assert (answer.status_code, set(answer.json())) == (status, {"error"})


async def test_the_page_is_served_with_a_policy(meta: Meta) -> None:
    for path in ("/", "/page/page.js", "/page/lines.js", "/page/page.css", "/page/icon.svg"):
        answer = await meta.client.get(path)
        assert answer.status_code == 200
        assert "default-src 'none'" in answer.headers["content-security-policy"]
    for path in ("/page/__init__.py", "/page/..%2Fapp.py", "/page/nothing.js"):
        assert (await meta.client.get(path)).status_code == 404
