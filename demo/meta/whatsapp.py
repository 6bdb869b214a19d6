"""WhatsApp's Cloud API: reads a body by the documented limits. Everything here is a plain function."""

from __future__ import annotations

from typing import Any

from demo.meta.model import Button
from demo.meta.outgoing import Outgoing, Upload
from demo.meta.shapes import Malformed, items, obj, one_of, text

TEXT, BODY, HEADER, FOOTER = 4096, 1024, 60, 60
BUTTONS, BUTTON_TITLE, BUTTON_ID = 3, 20, 256
SECTIONS, ROWS, LABEL, SECTION_TITLE, ROW_TITLE, ROW_TEXT, ROW_ID = 10, 10, 20, 24, 24, 72, 200
OUR_DATA, CAPTION = 512, 1024
DAY = 24 * 3600.0
_FILES = ("image", "audio", "video", "document", "sticker")
# What may be uploaded, as what it may be sent then, and how large it may be.
_OFFICE = "application/vnd.openxmlformats-officedocument"
_DOCUMENTS = (
    *("text/plain", "application/pdf", "application/msword", "application/vnd.ms-excel"),
    *("application/vnd.ms-powerpoint", f"{_OFFICE}.wordprocessingml.document"),
    *(f"{_OFFICE}.presentationml.presentation", f"{_OFFICE}.spreadsheetml.sheet"),
)
_MEDIA: dict[str, tuple[tuple[str, ...], int]] = {
    "image": (("image/jpeg", "image/png"), 5 * 1024 * 1024),
    "document": (_DOCUMENTS, 100 * 1024 * 1024),
    "audio": (("audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"), 16 * 1024 * 1024),
    "video": (("video/mp4", "video/3gp"), 16 * 1024 * 1024),
    "sticker": (("image/webp",), 500 * 1024),
}
_TYPES = ("text", "interactive", "template", "reaction", *_FILES)
_BODY = ("messaging_product", "recipient_type", "to", "type", "context", "biz_opaque_callback_data", *_TYPES)


def read(body: Any) -> Outgoing:
    """Read a call of the Cloud API.

    Raises:
        Malformed: It breaks a documented rule.
    """
    body = obj(body, "body")
    one_of(body.get("messaging_product"), "messaging_product", ("whatsapp",))
    if "status" in body:
        return _seen(body)
    obj(body, "body", _BODY)
    one_of(body.get("recipient_type", "individual"), "recipient_type", ("individual",))
    to = text(body.get("to"), "to", 30).lstrip("+")
    kind = one_of(body.get("type", "text"), "type", _TYPES)
    data = text(body.get("biz_opaque_callback_data", ""), "biz_opaque_callback_data", OUR_DATA, 0)
    content = obj(body.get(kind), kind)
    if kind == "text":
        obj(content, "text", ("body", "preview_url"))
        return Outgoing(to, text(content.get("body"), "text.body", TEXT), reply_window=DAY, data=data)
    if kind == "template":
        return Outgoing(to, _template(content), data=data)
    if kind == "interactive":
        return _interactive(to, content, data)
    if kind == "reaction":
        return Outgoing(to, text(content.get("emoji"), "reaction.emoji", 10), reply_window=DAY, data=data)
    return _file(to, kind, content, data)


def _file(to: str, kind: str, content: dict[str, Any], data: str) -> Outgoing:
    named = ("filename",) if kind == "document" else ()
    obj(content, kind, ("id", "link", "caption", *named))
    if "filename" in content:
        text(content["filename"], "document.filename", 240)
    caption = text(content.get("caption", ""), f"{kind}.caption", CAPTION, 0)
    if "id" in content:
        known = text(content["id"], f"{kind}.id", 100)
        return Outgoing(to, caption, reply_window=DAY, data=data, media=known, kind=kind)
    link = text(content.get("link"), f"{kind}.link", 2000)
    return Outgoing(to, caption, link=link, reply_window=DAY, data=data)


def kind_of(content_type: str) -> str:
    """As what a file of this type can be sent; empty if it can not."""
    return next((kind for kind, (types, _) in _MEDIA.items() if content_type in types), "")


def read_upload(body: Any, file: Upload | None) -> Upload:
    """Read a call that uploads a file.

    Raises:
        Malformed: It breaks a documented rule.
    """
    body = obj(body, "body", ("messaging_product", "type"))
    one_of(body.get("messaging_product"), "messaging_product", ("whatsapp",))
    kind = kind_of(file.type) if file is not None else ""
    if file is None or not kind:
        known = ", ".join(sorted(each for types, _ in _MEDIA.values() for each in types))
        raise Malformed(f"Param file must be a file with one of the following types: {known}.")
    most = _MEDIA[kind][1]
    if not 0 < len(file.body) <= most:
        raise Malformed(f"Media file size must be 1 to {most} bytes, it is {len(file.body)}.")
    return file


def _seen(body: dict[str, Any]) -> Outgoing:
    obj(body, "body", ("messaging_product", "status", "message_id", "typing_indicator"))
    one_of(body["status"], "status", ("read",))
    known = text(body.get("message_id"), "message_id", 300)
    if "typing_indicator" not in body:
        return Outgoing("", action="mark_seen", read_id=known)
    one_of(obj(body["typing_indicator"], "typing_indicator", ("type",)).get("type"), "type", ("text",))
    return Outgoing("", action="typing_on", read_id=known)


def template_key(content: dict[str, Any]) -> tuple[str, str]:
    """Name and language of a template message."""
    language = obj(content.get("language"), "template.language")
    return text(content.get("name"), "template.name", 512), text(language.get("code"), "template.language.code", 10)


def _template(content: dict[str, Any]) -> str:
    """What the person sees: the stand-in does not know the words of the business's templates, only what fills them."""
    obj(content, "template", ("name", "language", "components"))
    name, language = template_key(content)
    values = []
    for given in items(content.get("components", []), "template.components", 10, 0):
        component = obj(given, "component")
        one_of(component.get("type"), "component.type", ("header", "body", "button"))
        values += [obj(one, "parameter") for one in items(component.get("parameters", []), "parameters", 20, 0)]
    filled = [text(value.get("text"), "parameter.text", BODY) for value in values if value.get("type") == "text"]
    return f"[{name}, {language}]" + "".join(f"\n{value}" for value in filled)


def _interactive(to: str, content: dict[str, Any], data: str) -> Outgoing:
    obj(content, "interactive", ("type", "header", "body", "footer", "action"))
    kind = one_of(content.get("type"), "interactive.type", ("button", "list", "cta_url"))
    words = [text(obj(content.get("body"), "body", ("text",)).get("text"), "interactive.body.text", BODY)]
    if "header" in content:
        header = obj(content["header"], "header")
        one_of(header.get("type"), "header.type", ("text",))
        words.insert(0, text(header.get("text"), "interactive.header.text", HEADER))
    if "footer" in content:
        words.append(text(obj(content["footer"], "footer").get("text"), "interactive.footer.text", FOOTER))
    action = obj(content.get("action"), "action")
    label = text(action.get("button"), "action.button", LABEL) if kind == "list" else ""
    buttons = {"button": _buttons, "list": _rows, "cta_url": _link}[kind](action)
    return Outgoing(to, "\n".join(words), buttons=buttons, list_label=label, reply_window=DAY, data=data)


def _buttons(action: dict[str, Any]) -> list[Button]:
    found = []
    for given in items(action.get("buttons"), "action.buttons", BUTTONS):
        button = obj(given, "button", ("type", "reply"))
        one_of(button.get("type"), "button.type", ("reply",))
        reply = obj(button.get("reply"), "reply", ("id", "title"))
        title = text(reply.get("title"), "reply.title", BUTTON_TITLE)
        found.append(Button("reply", title, text(reply.get("id"), "reply.id", BUTTON_ID)))
    _all_different([button.title for button in found], "titles of buttons")
    _all_different([button.payload for button in found], "ids of buttons")
    return found


def _rows(action: dict[str, Any]) -> list[Button]:
    found: list[Button] = []
    sections = items(action.get("sections"), "action.sections", SECTIONS)
    for given in sections:
        section = obj(given, "section", ("title", "rows"))
        if len(sections) > 1 or "title" in section:
            text(section.get("title"), "section.title", SECTION_TITLE)
        found += [_row(row) for row in items(section.get("rows"), "section.rows", ROWS)]
    if len(found) > ROWS:
        raise Malformed(f"Total row count exceeds max allowed count: {ROWS}.")
    _all_different([row.payload for row in found], "ids of rows")
    return found


def _row(given: Any) -> Button:
    row = obj(given, "row", ("id", "title", "description"))
    description = text(row.get("description", ""), "row.description", ROW_TEXT, 0)
    return Button(
        "row", text(row.get("title"), "row.title", ROW_TITLE), text(row.get("id"), "row.id", ROW_ID), description
    )


def _link(action: dict[str, Any]) -> list[Button]:
    parameters = obj(action.get("parameters"), "action.parameters", ("display_text", "url"))
    title = text(parameters.get("display_text"), "display_text", BUTTON_TITLE)
    return [Button("link", title, text(parameters.get("url"), "url", 2000))]


def _all_different(values: list[str], what: str) -> None:
    if len(set(values)) != len(values):
        raise Malformed(f"The {what} must be unique.")
