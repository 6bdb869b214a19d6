"""Reads the webhook of the WhatsApp Cloud API: messages, statuses, and what the business's own app sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from bot.meta.events import (
    EPOCH,
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
    Said,
    Wordless,
)
from bot.meta.reading import at, digits, items, made_id, message_id, moment, number_text, text, word

_SIGNS = {"audio": "🎤", "video": "🎬", "location": "📍", "contacts": "👤", "order": "🛒"}
_STATES = {"sent", "delivered", "read", "failed"}
MEDIA = "id:"


def parse_account(entry: dict[str, Any]) -> Iterator[Event]:
    """All events of one entry of a `whatsapp_business_account` payload."""
    for change in items(entry, "changes"):
        value, field = change.get("value"), text(change, "field")
        known: dict[str, Any] = {"channel": "whatsapp", "account": digits(value, "metadata", "phone_number_id")}
        found = 0
        for key, read in (("messages", _message), ("statuses", _status), ("message_echoes", _echo)):
            for each in items(value, key):
                found += 1
                yield read(each, known)
        if not found:
            yield Ignored(**known, customer="", kind=f"change_{word(field)}")


def _message(each: dict[str, Any], known: dict[str, Any]) -> Event:
    kind = text(each, "type")
    customer = digits(each, "from")
    known = known | {"customer": customer, "at": moment(each, "timestamp") or EPOCH}
    if not customer:
        return Ignored(**known, kind="no_sender")
    known["id"] = message_id(each, "id") or made_id(each)
    return _READERS.get(kind, _wordless)(each, known)


def _text(each: dict[str, Any], known: dict[str, Any]) -> Event:
    said = text(each, "text", "body")
    return Said(**known, text=said) if said else Wordless(**known, kind="empty", sign="❔")


def _file(each: dict[str, Any], known: dict[str, Any]) -> Event:
    body = each.get(text(each, "type"))
    media = digits(body, "id")
    if not media:
        return _wordless(each, known)
    name, kind = text(body, "filename"), text(body, "mime_type").partition(";")[0].strip()
    file = Media(MEDIA + media, kind, name, text(body, "sha256"))
    return GaveFiles(**known, files=(file,), text=text(body, "caption"))


def _sticker(each: dict[str, Any], known: dict[str, Any]) -> Event:
    return Said(**known, text="🙂")


def _reaction(each: dict[str, Any], known: dict[str, Any]) -> Event:
    return Reacted(**known)


def _button(each: dict[str, Any], known: dict[str, Any]) -> Event:
    return Chose(**known, key=text(each, "button", "payload"), title=text(each, "button", "text"))


def _interactive(each: dict[str, Any], known: dict[str, Any]) -> Event:
    body = each.get("interactive")
    kind = text(body, "type")
    if kind not in ("button_reply", "list_reply"):
        return _wordless(each, known)
    return Chose(**known, key=text(body, kind, "id"), title=text(body, kind, "title"))


def _edit(each: dict[str, Any], known: dict[str, Any]) -> Event:
    original = message_id(each, "edit", "original_message_id")
    said = text(each, "edit", "message", "text", "body") or text(each, "edit", "text", "body")
    return Edited(**known, original=original, text=said)


def _opened(each: dict[str, Any], known: dict[str, Any]) -> Event:
    return Arrived(**known)


def _system(each: dict[str, Any], known: dict[str, Any]) -> Event:
    """The customer's number changed, a message was taken back: nothing to answer."""
    return Ignored(**{key: value for key, value in known.items() if key != "id"}, kind=word(text(each, "type")))


def _wordless(each: dict[str, Any], known: dict[str, Any]) -> Event:
    kind = text(each, "type")
    known_kind = kind if kind in (*_SIGNS, "unsupported", "interactive", "image", "document") else "unknown"
    return Wordless(**known, kind=known_kind, sign=_SIGNS.get(kind, "❔"))


def _status(each: dict[str, Any], known: dict[str, Any]) -> Event:
    known = known | {"customer": digits(each, "recipient_id"), "at": moment(each, "timestamp") or EPOCH}
    state = text(each, "status")
    if state not in _STATES:
        return Ignored(**known, kind="status")
    codes = tuple(code for code in map(_code, items(each, "errors")) if code)
    key = text(each, "biz_opaque_callback_data")
    return Progress(**known, state=state, ids=(message_id(each, "id"),), key=key, codes=codes)


def _echo(each: dict[str, Any], known: dict[str, Any]) -> Event:
    known = known | {"customer": digits(each, "to"), "at": moment(each, "timestamp") or EPOCH}
    if not known["customer"]:
        return Ignored(**known, kind="echo")
    said = text(each, "text", "body")
    return Echo(**known, id=message_id(each, "id") or made_id(each), app="app", text=said, wordless=not said)


def _code(error: dict[str, Any]) -> int:
    found = number_text(at(error, "code") and error, "code")
    return int(found) if found.isascii() and found.isdigit() and len(found) < 10 else 0


_READERS: dict[str, Callable[[dict[str, Any], dict[str, Any]], Event]] = {
    "text": _text,
    "image": _file,
    "document": _file,
    "sticker": _sticker,
    "reaction": _reaction,
    "button": _button,
    "interactive": _interactive,
    "edit": _edit,
    "system": _system,
    "revoke": _system,
    "request_welcome": _opened,
}
