"""Messenger's Send API: reads a body by the documented limits. Everything here is a plain function."""

from __future__ import annotations

from typing import Any

from demo.meta.model import Button
from demo.meta.outgoing import Outgoing, Upload
from demo.meta.shapes import Malformed, items, obj, one_of, text

TEXT, QUICK_REPLIES, TITLE, PAYLOAD, METADATA = 2000, 13, 20, 1000, 1000
TEMPLATE_TEXT, TEMPLATE_BUTTONS, ELEMENTS, ELEMENT_TEXT = 640, 3, 10, 80
DAY = 24 * 3600.0
ACTIONS = ("typing_on", "typing_off", "mark_seen")
_BODY = ("recipient", "messaging_type", "tag", "message", "sender_action", "persona_id", "notification_type")
_MESSAGE = ("text", "attachment", "quick_replies", "metadata")
_FILES = ("image", "audio", "video", "file")
LARGEST_FILE = 25 * 1024 * 1024


def read(body: Any, file: Upload | None = None) -> Outgoing:
    """Read a call of the Send API; `file` is the `filedata` of one that is a form.

    Raises:
        Malformed: It breaks a documented rule.
    """
    body = obj(body, "body", _BODY)
    to = text(obj(body.get("recipient"), "recipient", ("id",)).get("id"), "recipient[id]", 100)
    if "sender_action" in body:
        if "message" in body:
            raise Malformed("Cannot send a message and a sender_action in one call.")
        return Outgoing(to, action=one_of(body["sender_action"], "sender_action", ACTIONS))
    message = obj(body.get("message"), "message", _MESSAGE)
    if ("text" in message) == ("attachment" in message):
        raise Malformed("Must have either text or attachment in param message.")
    persona = text(body["persona_id"], "persona_id", 100) if "persona_id" in body else ""
    data = text(message["metadata"], "message[metadata]", METADATA) if "metadata" in message else ""
    quick, shortened = _quick_replies(message)
    common: dict[str, Any] = {"reply_window": _window(body), "data": data, "persona": persona, "shortened": shortened}
    if "text" in message:
        return Outgoing(to, text(message["text"], "message[text]", TEXT), buttons=quick, **common)
    return _attachment(to, obj(message["attachment"], "attachment", ("type", "payload")), quick, common, file)


def _window(body: dict[str, Any]) -> float:
    kind = one_of(body.get("messaging_type"), "messaging_type", ("RESPONSE", "UPDATE", "MESSAGE_TAG"))
    if kind != "MESSAGE_TAG":
        return DAY
    one_of(body.get("tag"), "tag", ("HUMAN_AGENT",))
    return 7 * DAY


def _quick_replies(message: dict[str, Any]) -> tuple[list[Button], tuple[str, ...]]:
    buttons, shortened = [], []
    for given in items(message.get("quick_replies", []), "quick_replies", QUICK_REPLIES, 0):
        quick = obj(given, "quick_reply", ("content_type", "title", "payload", "image_url"))
        one_of(quick.get("content_type"), "content_type", ("text",))
        title = text(quick.get("title"), "quick_reply[title]", PAYLOAD)
        if len(title) > TITLE:
            shortened.append(title)
        buttons.append(Button("quick", title[:TITLE], text(quick.get("payload"), "quick_reply[payload]", PAYLOAD)))
    return buttons, tuple(shortened)


def _attachment(
    to: str, attachment: dict[str, Any], quick: list[Button], common: dict[str, Any], file: Upload | None
) -> Outgoing:
    kind = one_of(attachment.get("type"), "attachment[type]", (*_FILES, "template"))
    payload = obj(attachment.get("payload"), "attachment[payload]")
    if kind in _FILES and file is not None:
        obj(payload, "payload", ("is_reusable",))
        return Outgoing(to, buttons=quick, file=_fitting(file, kind), kind=kind, **common)
    if kind in _FILES:
        return Outgoing(to, link=text(payload.get("url"), "url", 2000), buttons=quick, **common)
    which = one_of(payload.get("template_type"), "template_type", ("button", "generic"))
    words, buttons = _button_template(payload) if which == "button" else _generic_template(payload)
    return Outgoing(to, words, buttons=buttons + quick, template=payload, **common)


def _fitting(file: Upload, kind: str) -> Upload:
    if not 0 < len(file.body) <= LARGEST_FILE:
        raise Malformed(f"The size of filedata must be 1 to {LARGEST_FILE} bytes, it is {len(file.body)}.")
    if kind != "file" and not file.type.startswith(f"{kind}/"):
        raise Malformed(f"Upload attachment failure: {file.type} is no {kind}.")
    return file


def _button_template(payload: dict[str, Any]) -> tuple[str, list[Button]]:
    obj(payload, "payload", ("template_type", "text", "buttons", "sharable"))
    buttons = items(payload.get("buttons"), "buttons", TEMPLATE_BUTTONS)
    return text(payload.get("text"), "text", TEMPLATE_TEXT), [_button(button) for button in buttons]


def _generic_template(payload: dict[str, Any]) -> tuple[str, list[Button]]:
    lines, buttons = [], []
    for given in items(payload.get("elements"), "elements", ELEMENTS):
        element = obj(given, "element", ("title", "subtitle", "image_url", "default_action", "buttons"))
        lines.append(text(element.get("title"), "title", ELEMENT_TEXT))
        if len(element) < 2:
            raise Malformed("An element needs a title and one more property.")
        if "subtitle" in element:
            lines.append(text(element["subtitle"], "subtitle", ELEMENT_TEXT))
        buttons += [_button(one) for one in items(element.get("buttons", []), "buttons", TEMPLATE_BUTTONS, 0)]
    return "\n".join(lines), buttons


def _button(given: Any) -> Button:
    button = obj(given, "button", ("type", "title", "payload", "url", "webview_height_ratio"))
    kind = one_of(button.get("type"), "type", ("postback", "web_url", "phone_number"))
    title = text(button.get("title"), "title", TITLE)
    if kind == "web_url":
        return Button("link", title, text(button.get("url"), "url", 2000))
    payload = text(button.get("payload"), "payload", PAYLOAD)
    if kind == "phone_number" and not payload.startswith("+"):
        raise Malformed("Param payload must be a telephone number that begins with +.")
    return Button("call" if kind == "phone_number" else "postback", title, payload)
