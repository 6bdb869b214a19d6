"""What the stand-in sends has the shape of Meta's documented examples, and is signed over the bytes that go out."""

from __future__ import annotations

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

import pytest

from demo.meta import events, signing
from demo.meta.accounts import APP_ID, INBOX_APP_ID
from demo.meta.errors import named
from demo.meta.model import Item, Media, User
from demo.meta.rates import Bucket

FIXTURES = Path(__file__).parents[2] / "fixtures" / "meta"
AT = 1762503600000
NORA = User("messenger", "6250041301689012", "Nora", "nl_NL")
LOTTE = User("whatsapp", "16505551234", "Lotte", "nl_NL")
PHOTO = Media("100", "messenger", "a.jpg", "image/jpeg", b"jpeg", 0.0, "key")


def item(text: str = "Hello", data: str = "") -> Item:
    return Item(1, "m_1", "user", 0.0, text, data=data)


def fixture(name: str) -> Any:
    return json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))


def shape(value: Any) -> Any:
    """Keys and kinds, without the values."""
    if isinstance(value, dict):
        return {key: shape(part) for key, part in value.items()}
    if isinstance(value, list):
        return [shape(part) for part in value]
    return type(value).__name__


def image() -> dict[str, Any]:
    kind, content = events.whatsapp_file(PHOTO, "This is what I got")
    return events.whatsapp_message(LOTTE, item(), kind, content, AT).body


SENT = {
    "messenger/text": events.messenger_message(NORA, item(), AT),
    "messenger/quick_reply": events.messenger_message(NORA, item(), AT, quick_reply={"payload": "/affirm"}),
    "messenger/image": events.messenger_message(NORA, item(""), AT, attachments=events.messenger_files([PHOTO], "")),
    "messenger/postback": events.postback(NORA, item(), "/affirm", AT),
    "messenger/read": events.read(NORA, AT),
    "messenger/echo_of_this_app": events.echo(NORA, item(data="outbox-1"), APP_ID, AT, None),
    "messenger/echo_of_the_page_inbox": events.echo(NORA, item(), INBOX_APP_ID, AT, None),
    "messenger/take_thread_control": events.control_taken(NORA, APP_ID, INBOX_APP_ID, AT),
    "messenger/pass_thread_control_from_idle": events.control_passed(NORA, "", APP_ID, AT),
    "messenger/standby_text": events.on_standby(events.messenger_message(NORA, item(), AT)),
    "messenger/standby_postback": events.on_standby(events.postback(NORA, item(), "/affirm", AT)),
    "whatsapp/text": events.whatsapp_message(LOTTE, item(), "text", {"body": "Hello"}, AT),
    "whatsapp/button_reply": events.whatsapp_message(
        LOTTE,
        item(),
        "interactive",
        {"type": "button_reply", "button_reply": {"id": "/affirm", "title": "Yes"}},
        AT,
        "wamid.1",
    ),
    "whatsapp/status_read": events.status(LOTTE, item(), "read", AT),
    "whatsapp/status_with_our_data": events.status(LOTTE, item(data="outbox-1"), "delivered", AT),
}


@pytest.mark.parametrize("name", SENT)
def test_an_event_has_the_documented_shape(name: str) -> None:
    assert shape(events.payload([SENT[name]], 1)) == shape(fixture(name))


def test_a_photo_on_whatsapp_has_the_documented_shape() -> None:
    documented = fixture("whatsapp/image_with_caption")["entry"][0]["changes"][0]
    assert shape(image()) == shape(documented)


def test_a_failed_status_says_what_meta_says() -> None:
    told = events.status(LOTTE, item(), "failed", AT, named("reengagement")).body["value"]["statuses"][0]
    documented = fixture("whatsapp/status_failed_window")["entry"][0]["changes"][0]["value"]["statuses"][0]
    assert (told["status"], told["errors"][0]["code"], told["errors"][0]["title"]) == (
        documented["status"],
        documented["errors"][0]["code"],
        documented["errors"][0]["title"],
    )


def test_on_standby_a_quick_reply_has_no_payload() -> None:
    pressed = events.messenger_message(NORA, item(), AT, quick_reply={"payload": "/affirm"})
    assert "quick_reply" not in events.on_standby(pressed).body["message"]
    assert "quick_reply" in pressed.body["message"]


@pytest.mark.parametrize(("per_entry", "sizes"), [(1, [1, 1, 1, 1, 1]), (2, [2, 2, 1]), (5, [5])])
def test_events_of_a_batch_are_spread_over_entries_in_order(per_entry: int, sizes: list[int]) -> None:
    told = [events.messenger_message(NORA, item(str(number)), AT) for number in range(5)]
    entries = events.payload(told, per_entry)["entry"]
    assert [len(entry["messaging"]) for entry in entries] == sizes
    texts = [event["message"]["text"] for entry in entries for event in entry["messaging"]]
    assert texts == ["0", "1", "2", "3", "4"]


def test_standby_and_messaging_never_share_an_entry() -> None:
    one = events.messenger_message(NORA, item(), AT)
    assert len(events.payload([one, events.on_standby(one)], 9)["entry"]) == 2


def test_a_call_is_written_as_meta_writes_it() -> None:
    assert signing.encode({"text": "é 😟 a/b"}) == b'{"text":"\\u00e9 \\ud83d\\ude1f a\\/b"}'
    assert json.loads(signing.encode({"text": "é 😟 a/b"})) == {"text": "é 😟 a/b"}


@pytest.mark.parametrize(
    ("kind", "right", "there"),
    [("right", True, True), ("wrong", False, True), ("missing", False, False), ("old", False, False)],
)
def test_the_signature_is_as_commanded(kind: str, right: bool, there: bool) -> None:
    body = b'{"object":"page"}'
    sent = signing.headers(body, "secret", kind).get("X-Hub-Signature-256")
    expected = "sha256=" + hmac.new(b"secret", body, hashlib.sha256).hexdigest()
    assert (sent == expected, sent is not None) == (right, there)


def test_a_bucket_gives_what_it_holds_and_then_what_runs_in() -> None:
    bucket = Bucket(3, 1 / 6)
    assert [bucket.take(0.0) for _ in range(4)] == [True, True, True, False]
    assert [bucket.take(5.9), bucket.take(6.0), bucket.take(6.1)] == [False, True, False]
    assert [bucket.take(1000.0) for _ in range(4)] == [True, True, True, False]


def test_stamps_of_a_person_never_stand_still() -> None:
    user = User("messenger", "1", "A", "en_GB")
    assert [user.stamp(1.0), user.stamp(1.0), user.stamp(0.5), user.stamp(2.0)] == [1000, 1001, 1002, 2000]


@pytest.mark.parametrize("path", sorted(FIXTURES.rglob("*.json")), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_fixture_is_a_body_meta_could_send(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.isascii()
    body = json.loads(text)
    if path.parent.name != "malformed":
        assert body["object"] == {"messenger": "page", "whatsapp": "whatsapp_business_account"}[path.parent.name]
        assert body["entry"]
