"""Whatever Meta sends is read into events, and nothing it sends is an error."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.meta.events import (
    Arrived,
    Chose,
    Echo,
    Edited,
    Event,
    GaveFiles,
    Ignored,
    Media,
    Progress,
    Reacted,
    Routed,
    Said,
    Wordless,
)
from bot.meta.parse import parse
from bot.meta.signature import is_handshake, is_signed

FROM_PAGE = {"sender": {"id": "1"}, "recipient": {"id": "9"}, "timestamp": 1_780_000_000_123}


def messenger(*, standby: bool = False, **what: Any) -> Event:
    entry = {"id": "9", "standby" if standby else "messaging": [FROM_PAGE | what]}
    (event,) = parse(json.dumps({"object": "page", "entry": [entry]}).encode())
    return event


def whatsapp(**message: Any) -> Event:
    base = {"from": "32470", "id": "wamid.1", "timestamp": "1780000000"}
    return from_account({"messages": [base | message]})[0]


def from_account(value: dict[str, Any], field: str = "messages") -> list[Event]:
    value = {"metadata": {"phone_number_id": "8"}} | value
    body = {
        "object": "whatsapp_business_account",
        "entry": [{"id": "1", "changes": [{"field": field, "value": value}]}],
    }
    return parse(json.dumps(body).encode())


def attached(*attachments: Any, **message: Any) -> dict[str, Any]:
    return {"message": {"mid": "m_1", "attachments": list(attachments), **message}}


# What is sent, and what it is: the class, and some of its values.
MESSENGER = [
    ({"message": {"mid": "m_1", "text": "hallo"}}, Said, {"id": "m_1", "text": "hallo"}),
    ({"message": {"mid": "m_1", "text": "a", "reply_to": {"mid": "m_0"}}}, Said, {"text": "a"}),
    ({"message": {"mid": "m_1", "text": "Yes", "quick_reply": {"payload": "c:1:0"}}}, Chose, {"key": "c:1:0"}),
    ({"message": {"mid": "m_1"}}, Wordless, {"kind": "empty"}),
    ({"postback": {"mid": "m_1", "title": "Yes", "payload": "c:1:0"}}, Chose, {"key": "c:1:0", "title": "Yes"}),
    ({"postback": {"mid": "m_1", "title": "Start", "payload": "start"}}, Arrived, {"pressed_start": True}),
    (
        {"postback": {"mid": "m_1", "payload": "start", "referral": {"ref": "fr", "source": "SHORTLINK"}}},
        Arrived,
        {"ref": "fr"},
    ),
    ({"referral": {"ref": "nl", "source": "SHORTLINK", "type": "OPEN_THREAD"}}, Arrived, {"ref": "nl"}),
    ({"optin": {"ref": "x", "user_ref": "y"}}, Arrived, {"pressed_start": False}),
    (
        attached({"type": "image", "payload": {"url": "https://a.fbcdn.net/1"}}, text="look"),
        GaveFiles,
        {"files": (Media("https://a.fbcdn.net/1", "image/*"),), "text": "look"},
    ),
    (
        attached({"type": "file", "payload": {"url": "https://a.fbsbx.com/1"}}, {"type": "audio", "payload": {}}),
        GaveFiles,
        {"files": (Media("https://a.fbsbx.com/1"),)},
    ),
    (
        attached({"type": "audio", "payload": {"url": "https://a.fbsbx.com/1"}}),
        Wordless,
        {"kind": "audio", "sign": "🎤"},
    ),
    (attached({"type": "video", "payload": {"url": "https://a.fbsbx.com/1"}}), Wordless, {"kind": "video"}),
    (attached({"type": "location", "payload": {"coordinates": {"lat": 1, "long": 2}}}), Wordless, {"sign": "📍"}),
    (attached({"type": "image", "payload": {"url": "https://x", "sticker_id": 369239263222822}}), Said, {"text": "👍"}),
    (attached({"type": "sticker", "payload": {"url": "https://x"}}), Said, {"text": "🙂"}),
    (attached({"type": "fallback", "payload": {"title": "t", "url": "http://e"}}), Said, {"text": "t http://e"}),
    (
        attached({"type": "fallback", "title": "t", "url": "http://e"}, text="see t http://e"),
        Said,
        {"text": "see t http://e"},
    ),
    (attached({"type": "fallback"}), Wordless, {"kind": "fallback"}),
    (attached({"type": "image"}), Wordless, {"kind": "image"}),
    (attached({"type": "<script>"}), Wordless, {"kind": "unknown"}),
    ({"message_edit": {"mid": "m_1", "text": "b", "num_edit": 1}}, Edited, {"original": "m_1", "text": "b"}),
    ({"reaction": {"mid": "m_1", "action": "react", "emoji": "❤"}}, Reacted, {}),
    ({"delivery": {"mids": ["m_1", 7], "watermark": 1}}, Progress, {"state": "delivered", "ids": ("m_1",)}),
    ({"delivery": {"watermark": 1}}, Progress, {"ids": ()}),
    ({"read": {"watermark": 1}}, Progress, {"state": "read"}),
    (
        {"pass_thread_control": {"new_owner_app_id": "4", "previous_owner_app_id": None}},
        Routed,
        {"kind": "passed", "to": "4"},
    ),
    (
        {"take_thread_control": {"previous_owner_app_id": "4", "new_owner_app_id": 5}},
        Routed,
        {"kind": "taken", "to": "5"},
    ),
    ({"request_thread_control": {"requested_owner_app_id": 5}}, Routed, {"kind": "requested"}),
    ({"message": {"mid": "m_1", "is_deleted": True}}, Ignored, {"kind": "message_deleted"}),
    ({"policy_enforcement": {"action": "block"}}, Ignored, {"kind": "policy_enforcement"}),
    ({"message": "nonsense"}, Ignored, {"kind": "message"}),
    ({"tomorrow": {}}, Ignored, {"kind": "unknown"}),
]


@pytest.mark.parametrize(("what", "kind", "values"), MESSENGER)
def test_messenger(what: dict[str, Any], kind: type[Event], values: dict[str, Any]) -> None:
    event = messenger(**what)
    assert type(event) is kind
    assert {name: getattr(event, name) for name in values} == values
    assert event.conversation == "messenger:9:1"


WHATSAPP = [
    ({"type": "text", "text": {"body": "hallo"}}, Said, {"id": "wamid.1", "text": "hallo"}),
    ({"type": "button", "button": {"payload": "c:1:0", "text": "Ja"}}, Chose, {"key": "c:1:0", "title": "Ja"}),
    (
        {
            "type": "interactive",
            "interactive": {"type": "button_reply", "button_reply": {"id": "c:1:0", "title": "Ja"}},
        },
        Chose,
        {"key": "c:1:0", "title": "Ja"},
    ),
    (
        {"type": "interactive", "interactive": {"type": "list_reply", "list_reply": {"id": "c:1:9", "title": "Z"}}},
        Chose,
        {"key": "c:1:9"},
    ),
    ({"type": "interactive", "interactive": {"type": "nfm_reply"}}, Wordless, {"kind": "interactive"}),
    (
        {"type": "image", "image": {"id": "77", "mime_type": "image/jpeg; x=y", "sha256": "s", "caption": "look"}},
        GaveFiles,
        {"files": (Media("id:77", "image/jpeg", "", "s"),), "text": "look"},
    ),
    (
        {"type": "document", "document": {"id": 78, "mime_type": "application/pdf", "filename": "bill.pdf"}},
        GaveFiles,
        {"files": (Media("id:78", "application/pdf", "bill.pdf"),)},
    ),
    ({"type": "image", "image": {"id": "../../me"}}, Wordless, {"kind": "image"}),
    ({"type": "audio", "audio": {"id": "1", "voice": True}}, Wordless, {"sign": "🎤"}),
    ({"type": "video", "video": {"id": "1"}}, Wordless, {"sign": "🎬"}),
    ({"type": "sticker", "sticker": {"id": "1"}}, Said, {"text": "🙂"}),
    ({"type": "location", "location": {"latitude": 1, "longitude": 2}}, Wordless, {"sign": "📍"}),
    ({"type": "contacts", "contacts": []}, Wordless, {"sign": "👤"}),
    ({"type": "order", "order": {}}, Wordless, {"sign": "🛒"}),
    ({"type": "reaction", "reaction": {"message_id": "wamid.0", "emoji": "👍"}}, Reacted, {}),
    ({"type": "unsupported", "errors": [{"code": 131051}]}, Wordless, {"kind": "unsupported"}),
    ({"type": "system", "system": {"type": "user_changed_number"}}, Ignored, {"kind": "system"}),
    ({"type": "request_welcome"}, Arrived, {}),
    ({"type": "hologram"}, Wordless, {"kind": "unknown"}),
    ({}, Wordless, {"kind": "unknown"}),
]


@pytest.mark.parametrize(("message", "kind", "values"), WHATSAPP)
def test_whatsapp(message: dict[str, Any], kind: type[Event], values: dict[str, Any]) -> None:
    event = whatsapp(**message)
    assert type(event) is kind
    assert {name: getattr(event, name) for name in values} == values
    assert event.conversation == "whatsapp:8:32470"


def test_statuses_and_other_fields() -> None:
    failed = {"id": "wamid.1", "status": "failed", "recipient_id": "32470", "errors": [{"code": 131047}, {"code": "x"}]}
    sent = {"id": "wamid.2", "status": "sent", "recipient_id": "32470", "biz_opaque_callback_data": "key"}
    one, two, three = from_account({"statuses": [failed, sent, {"status": "warmed"}]})
    assert isinstance(one, Progress)
    assert (one.state, one.codes) == ("failed", (131047,))
    assert isinstance(two, Progress)
    assert (two.ids, two.key) == (("wamid.2",), "key")
    assert isinstance(three, Ignored)
    assert [type(event) for event in from_account({"event": "x"}, "account_update")] == [Ignored]


def test_an_echo_comes_from_the_page() -> None:
    message = {"is_echo": True, "mid": "m_1", "app_id": 42, "metadata": "key", "text": "hi"}
    event = {"sender": {"id": "9"}, "recipient": {"id": "1"}, "timestamp": 1, "message": message}
    (found,) = parse(json.dumps({"object": "page", "entry": [{"id": "9", "messaging": [event]}]}).encode())
    assert isinstance(found, Echo)
    assert (found.conversation, found.app, found.key, found.text) == ("messenger:9:1", "42", "key", "hi")


def test_standby_is_marked_and_a_tap_has_no_key_there() -> None:
    event = messenger(standby=True, postback={"mid": "m_1", "title": "Yes"})
    assert isinstance(event, Chose)
    assert (event.standby, event.key, event.title) == (True, "", "Yes")


def test_all_entries_and_all_events_of_each() -> None:
    one = FROM_PAGE | {"message": {"mid": "m_1", "text": "a"}}
    entries = [
        {"id": "9", "messaging": [one, 7, None, one]},
        {"id": "9", "standby": [one]},
        5,
        {"id": "9", "changes": [{}]},
    ]
    events = parse(json.dumps({"object": "page", "entry": entries}).encode())
    assert [type(event).__name__ for event in events] == ["Said", "Said", "Said", "Ignored"]


def test_a_postback_without_an_id_has_the_same_made_id_again_and_another_moment_another() -> None:
    one, again = (messenger(postback={"payload": "x", "title": "X"}) for _ in range(2))
    later = messenger(postback={"payload": "x", "title": "X"}, timestamp=1_780_000_000_124)
    assert isinstance(one, Chose)
    assert isinstance(again, Chose)
    assert isinstance(later, Chose)
    assert one.id == again.id != later.id


@pytest.mark.parametrize("mid", ["m_" + "x" * 500, "é", "a\nb", "m\x00"])
def test_an_id_that_does_not_fit_the_log_is_replaced_by_a_made_one(mid: str) -> None:
    event = messenger(message={"mid": mid, "text": "a"})
    assert isinstance(event, Said)
    assert event.id.startswith("made:")
    assert len(event.id) < 60


@pytest.mark.parametrize("customer", ["", "abc", "1" * 33, "1 OR 1", None, {"x": 1}, "١٢"])
def test_without_a_customer_there_is_nothing_to_do(customer: Any) -> None:
    event = messenger(sender={"id": customer}, message={"mid": "m", "text": "a"})
    assert isinstance(event, Ignored)


@pytest.mark.parametrize("body", [b"", b"\xff", b"null", b"7", b'"x"', b"[]", b"{}", b"[" * 100_000, b"1" * 5_000])
def test_what_is_no_payload(body: bytes) -> None:
    assert [type(event) for event in parse(body)] == [Ignored]


NAMES = """object entry id messaging standby changes sender recipient timestamp message mid text attachments type
payload url quick_reply postback title referral ref reaction message_edit delivery mids watermark read
is_echo app_id metadata value field messages statuses message_echoes phone_number_id from to image
document audio interactive button_reply list_reply status errors code recipient_id pass_thread_control
new_owner_app_id sticker_id caption body"""
KEYS = st.sampled_from(NAMES.split())
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.sampled_from(["1", "9", "page", "whatsapp_business_account", "messages", "text", "image", "read", "start"]),
)
ANYTHING = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6), max_leaves=30
)


@settings(max_examples=300, deadline=None)
@given(ANYTHING, st.sampled_from(["page", "whatsapp_business_account"]))
def test_no_payload_is_an_error(entry: Any, kind: str) -> None:
    for payload in ({"object": kind, "entry": entry}, {"object": kind, "entry": [entry]}, entry):
        assert all(isinstance(event, Event) for event in parse(json.dumps(payload).encode()))


@settings(max_examples=300, deadline=None)
@given(ANYTHING)
def test_no_event_is_an_error(what: Any) -> None:
    for key in ("messaging", "standby"):
        parse(
            json.dumps({"object": "page", "entry": [{"id": "9", key: [what, {**FROM_PAGE, "message": what}]}]}).encode()
        )
    for name in ("messages", "statuses", "message_echoes"):
        from_account({name: [what, {"from": "1", "type": "image", "image": what}]})


def test_the_signature_is_over_the_raw_bytes() -> None:
    body = b'{"text": "\\u00e9"}'
    right = "sha256=" + hmac.new(b"secret", body, hashlib.sha256).hexdigest()
    assert is_signed(body, right, "secret")
    assert not is_signed('{"text": "é"}'.encode(), right, "secret")
    for wrong in (None, "", right.upper(), right[7:], "sha1=" + right[7:], right[:-1], "sha256=\udcff"):
        assert not is_signed(body, wrong, "secret")


def test_the_handshake() -> None:
    assert is_handshake("subscribe", "token", "token")
    for mode, token in (("subscribe", None), ("subscribe", "Token"), (None, "token"), ("other", "token"), ("", "")):
        assert not is_handshake(mode, token, "token")
