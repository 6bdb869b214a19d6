"""The stand-in takes what Meta's documentation allows, and nothing beyond it."""

from __future__ import annotations

from typing import Any

import pytest

from demo.meta import messenger, whatsapp
from demo.meta.page_calls import check_profile
from demo.meta.shapes import Malformed

PSID, NUMBER = "6250041301689012", "12025550111"


def page_message(**message: Any) -> dict[str, Any]:
    return {"recipient": {"id": PSID}, "messaging_type": "RESPONSE", "message": message}


def quick(number: int, title: str = "Yes") -> list[dict[str, str]]:
    return [{"content_type": "text", "title": title, "payload": f"/p{n}"} for n in range(number)]


def template(**payload: Any) -> dict[str, Any]:
    return page_message(attachment={"type": "template", "payload": payload})


def postbacks(number: int, title: str = "Yes") -> list[dict[str, str]]:
    return [{"type": "postback", "title": title, "payload": f"/p{n}"} for n in range(number)]


def button_template(text: str = "Which?", **changes: Any) -> dict[str, Any]:
    return template(**{"template_type": "button", "text": text, "buttons": postbacks(1)} | changes)


def elements(number: int, **changes: Any) -> dict[str, Any]:
    return template(template_type="generic", elements=[{"title": "A", "subtitle": "b"} | changes] * number)


TAKEN_BY_MESSENGER = [
    page_message(text="é" * 2000),
    page_message(text="Which?", quick_replies=quick(13), metadata="x" * 1000),
    button_template("x" * 640, buttons=postbacks(3, "x" * 20)),
    button_template(buttons=[{"type": "web_url", "title": "Site", "url": "https://example.be"}]),
    button_template(buttons=[{"type": "phone_number", "title": "Call", "payload": "+3278170170"}]),
    elements(10, title="x" * 80, subtitle="x" * 80, buttons=postbacks(3)),
    page_message(attachment={"type": "image", "payload": {"url": "https://example.be/a.png"}}),
    page_message(text="x") | {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"},
    {"recipient": {"id": PSID}, "sender_action": "typing_on"},
]
REFUSED_BY_MESSENGER = {
    "no text and no attachment": page_message(metadata="x"),
    "both": page_message(text="x", attachment={"type": "image", "payload": {"url": "https://e.be"}}),
    "empty text": page_message(text=""),
    "blank text": page_message(text=" \n"),
    "a number": page_message(text=5),
    "long text": page_message(text="x" * 2001),
    "too many quick replies": page_message(text="x", quick_replies=quick(14)),
    "a quick reply without payload": page_message(text="x", quick_replies=[{"content_type": "text", "title": "x"}]),
    "a quick reply of another kind": page_message(text="x", quick_replies=[{"content_type": "location"}]),
    "long metadata": page_message(text="x", metadata="x" * 1001),
    "an unknown key": page_message(text="x", button="y"),
    "an unknown key of the body": page_message(text="x") | {"idempotency_key": "1"},
    "no kind": {"recipient": {"id": PSID}, "message": {"text": "x"}},
    "an unknown kind": page_message(text="x") | {"messaging_type": "NEWS"},
    "a tag that is gone": page_message(text="x") | {"messaging_type": "MESSAGE_TAG", "tag": "ACCOUNT_UPDATE"},
    "no recipient": {"messaging_type": "RESPONSE", "message": {"text": "x"}},
    "an action and a message": page_message(text="x") | {"sender_action": "typing_on"},
    "an unknown action": {"recipient": {"id": PSID}, "sender_action": "dance"},
    "a long template": button_template("x" * 641),
    "a template without buttons": button_template(buttons=[]),
    "four buttons": button_template(buttons=postbacks(4)),
    "a long button": button_template(buttons=postbacks(1, "x" * 21)),
    "a number to call without +": button_template(buttons=[{"type": "phone_number", "title": "x", "payload": "078"}]),
    "eleven elements": elements(11),
    "a long element": elements(1, title="x" * 81),
    "an element of only a title": template(template_type="generic", elements=[{"title": "A"}]),
    "an unknown template": template(template_type="dance"),
    "no object": [],
}


@pytest.mark.parametrize("body", TAKEN_BY_MESSENGER)
def test_messenger_takes_what_is_allowed(body: dict[str, Any]) -> None:
    assert messenger.read(body).to == PSID


@pytest.mark.parametrize("why", REFUSED_BY_MESSENGER)
def test_messenger_refuses(why: str) -> None:
    with pytest.raises(Malformed):
        messenger.read(REFUSED_BY_MESSENGER[why])


def test_messenger_cuts_long_quick_replies_without_telling() -> None:
    read = messenger.read(page_message(text="x", quick_replies=quick(1, "Somebody used my card")))
    assert (read.buttons[0].title, read.shortened) == ("Somebody used my car", ("Somebody used my card",))


def test_the_tag_opens_the_window_of_seven_days() -> None:
    day = 24 * 3600
    assert messenger.read(TAKEN_BY_MESSENGER[0]).reply_window == day
    assert messenger.read(TAKEN_BY_MESSENGER[7]).reply_window == 7 * day


def number_message(kind: str, content: Any, **more: Any) -> dict[str, Any]:
    body = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": NUMBER, "type": kind}
    return body | {kind: content} | more


def buttons(titles: list[str], body: str = "Which?", ids: list[str] | None = None) -> dict[str, Any]:
    ids = ids or [f"/p{n}" for n in range(len(titles))]
    replies = [{"type": "reply", "reply": {"id": id, "title": title}} for id, title in zip(ids, titles, strict=True)]
    return number_message("interactive", {"type": "button", "body": {"text": body}, "action": {"buttons": replies}})


def listing(rows: list[dict[str, str]], label: str = "Choose", **changes: Any) -> dict[str, Any]:
    action = {"button": label, "sections": [{"rows": rows}]} | changes
    return number_message("interactive", {"type": "list", "body": {"text": "Which?"}, "action": action})


def rows(number: int, **changes: str) -> list[dict[str, str]]:
    return [{"id": f"/p{n}", "title": f"Row {n}"} | changes for n in range(number)]


TAKEN_BY_WHATSAPP = [
    number_message("text", {"body": "é" * 4096}, biz_opaque_callback_data="x" * 512),
    number_message("text", {"body": "x"}) | {"to": f"+{NUMBER}"},
    buttons(["Yes", "No", "x" * 20], "x" * 1024),
    listing(rows(10, title="x" * 24, description="x" * 72)),
    number_message("template", {"name": "we_are_here", "language": {"code": "nl"}}),
]
REFUSED_BY_WHATSAPP = {
    "no product": {"to": NUMBER, "type": "text", "text": {"body": "x"}},
    "another product": number_message("text", {"body": "x"}) | {"messaging_product": "messenger"},
    "empty text": number_message("text", {"body": ""}),
    "long text": number_message("text", {"body": "x" * 4097}),
    "a type without its part": number_message("text", None),
    "an unknown type": number_message("dance", {}),
    "an unknown key": number_message("text", {"body": "x"}) | {"metadata": "x"},
    "long data": number_message("text", {"body": "x"}, biz_opaque_callback_data="x" * 513),
    "four buttons": buttons(["a", "b", "c", "d"]),
    "no buttons": buttons([]),
    "a long title": buttons(["x" * 21]),
    "two titles alike": buttons(["Yes", "Yes"]),
    "two ids alike": buttons(["Yes", "No"], ids=["/p", "/p"]),
    "a long id": buttons(["Yes"], ids=["x" * 257]),
    "a long body": buttons(["Yes"], "x" * 1025),
    "eleven rows": listing(rows(11)),
    "eleven rows in two sections": listing(
        [],
        sections=[
            {"title": "a", "rows": rows(6)},
            {"title": "b", "rows": [{"id": f"/q{n}", "title": "x"} for n in range(5)]},
        ],
    ),
    "two sections without titles": listing([], sections=[{"rows": rows(1)}, {"rows": rows(1)}]),
    "a long row": listing(rows(1, title="x" * 25)),
    "a long row id": listing(rows(1, id="x" * 201)),
    "a long description": listing(rows(1, description="x" * 73)),
    "a long label": listing(rows(1), "x" * 21),
    "two rows alike": listing(rows(2, id="/p")),
    "a list without a label": listing(rows(1), ""),
    "an unknown interactive": number_message("interactive", {"type": "dance", "body": {"text": "x"}}),
    "seen without a message": {"messaging_product": "whatsapp", "status": "read"},
}


@pytest.mark.parametrize("body", TAKEN_BY_WHATSAPP)
def test_whatsapp_takes_what_is_allowed(body: dict[str, Any]) -> None:
    assert whatsapp.read(body).to == NUMBER


@pytest.mark.parametrize("why", REFUSED_BY_WHATSAPP)
def test_whatsapp_refuses(why: str) -> None:
    with pytest.raises(Malformed):
        whatsapp.read(REFUSED_BY_WHATSAPP[why])


def test_only_a_template_may_come_at_any_time() -> None:
    windows = [whatsapp.read(body).reply_window for body in TAKEN_BY_WHATSAPP]
    assert windows == [24 * 3600] * 4 + [None]


MENU = {
    "persistent_menu": [{"locale": "default", "call_to_actions": [{"type": "postback", "title": "x", "payload": "/x"}]}]
}
STARTED = {"get_started": {"payload": "GET_STARTED"}}


def breakers(number: int, **changes: str) -> dict[str, Any]:
    one = {"question": "What now?", "payload": "/x"} | changes
    return {"ice_breakers": [{"locale": "default", "call_to_actions": [one] * number}]}


@pytest.mark.parametrize("profile", [STARTED | MENU, breakers(4), {"greeting": [{"locale": "default", "text": "Hi"}]}])
def test_a_sound_profile_is_taken(profile: dict[str, Any]) -> None:
    check_profile(profile, {})


def test_a_menu_may_follow_its_get_started() -> None:
    check_profile(MENU, STARTED)


@pytest.mark.parametrize(
    "profile",
    [
        MENU,
        breakers(5),
        breakers(1, question="x" * 81),
        {"greeting": [{"locale": "nl_NL", "text": "Dag"}]},
        {"greeting": [{"locale": "default", "text": "x" * 161}]},
        {"get_started": {"payload": "x" * 1001}},
        {"get_started": "GET_STARTED"},
    ],
)
def test_an_unsound_profile_is_refused(profile: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        check_profile(profile, {})
