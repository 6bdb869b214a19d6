"""Webhook events as Meta's documentation shows them. Everything here is a plain function."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from demo.meta.accounts import PAGE_ID, PHONE_NUMBER, PHONE_NUMBER_ID, WABA_ID
from demo.meta.errors import GraphError
from demo.meta.model import Item, Media, User

_PRICING = {"billable": False, "pricing_model": "PMP", "category": "service", "type": "free_customer_service"}


@dataclass(frozen=True)
class Event:
    """One thing to tell the webhook.

    Attributes:
        platform: `messenger` or `whatsapp`.
        field: The subscription it belongs to.
        body: A messaging object of Messenger, or a change of WhatsApp.
        key: Where in an entry it stands.
        at: Milliseconds.
    """

    platform: str
    field: str
    body: dict[str, Any]
    key: str
    at: int


def _messenger(user: User, field: str, at: int, **body: Any) -> Event:
    people = {"sender": {"id": user.id}, "recipient": {"id": PAGE_ID}}
    return Event("messenger", field, {**people, "timestamp": at, **body}, "messaging", at)


def messenger_message(user: User, item: Item, at: int, **more: Any) -> Event:
    """Somebody wrote to the page."""
    message = {"mid": item.id} | ({"text": item.text} if item.text else {}) | more
    return _messenger(user, "messages", at, message=message)


def messenger_files(files: Sequence[Media], address: str) -> list[dict[str, Any]]:
    """The attachments of a message."""
    return [{"type": _kind(file.type, "file"), "payload": {"url": f"{address}/cdn/{file.key}"}} for file in files]


def postback(user: User, item: Item, payload: str, at: int) -> Event:
    """Somebody pressed a button of the page."""
    return _messenger(
        user, "messaging_postbacks", at, postback={"title": item.text, "payload": payload, "mid": item.id}
    )


def delivery(user: User, mid: str, at: int) -> Event:
    """The phone has a message of the page."""
    return _messenger(user, "message_deliveries", at, delivery={"mids": [mid], "watermark": at})


def read(user: User, at: int) -> Event:
    """The person saw everything until now."""
    return _messenger(user, "message_reads", at, read={"watermark": at})


def echo(
    user: User,
    item: Item,
    app_id: str,
    at: int,
    template: dict[str, object] | None,
    files: Sequence[dict[str, Any]] = (),
) -> Event:
    """The page wrote to somebody, or sent a file."""
    message: dict[str, Any] = {"is_echo": True, "app_id": int(app_id)}
    message |= {"metadata": item.data} if item.data else {}
    message["mid"] = item.id
    if template:
        message["attachments"] = [{"title": "", "url": None, "type": "template", "payload": template}]
    elif files:
        message["attachments"] = list(files)
    else:
        message["text"] = item.text
    people = {"sender": {"id": PAGE_ID}, "recipient": {"id": user.id}}
    return Event("messenger", "message_echoes", {**people, "timestamp": at, "message": message}, "messaging", at)


def control_taken(user: User, old: str, new: str, at: int) -> Event:
    """Another app, or the inbox, has the thread now."""
    owners = {"previous_owner_app_id": old or None, "new_owner_app_id": new, "metadata": ""}
    return _messenger(user, "messaging_handovers", at, take_thread_control=owners)


def control_passed(user: User, old: str, new: str, at: int) -> Event:
    """The thread is given to this app."""
    owners = {"previous_owner_app_id": old or None, "new_owner_app_id": new, "metadata": ""}
    return _messenger(user, "messaging_handovers", at, pass_thread_control=owners)


def on_standby(event: Event) -> Event:
    """The same event for an app that does not have the thread: without payloads."""
    body = dict(event.body)
    if "postback" in body:
        body["postback"] = {"title": body["postback"]["title"]}
    if "quick_reply" in body.get("message", {}):
        body["message"] = {key: value for key, value in body["message"].items() if key != "quick_reply"}
    return Event(event.platform, "standby", body, "standby", event.at)


def _change(at: int, **value: Any) -> Event:
    metadata = {"display_phone_number": PHONE_NUMBER, "phone_number_id": PHONE_NUMBER_ID}
    change = {"value": {"messaging_product": "whatsapp", "metadata": metadata, **value}, "field": "messages"}
    return Event("whatsapp", "messages", change, "changes", at)


def whatsapp_message(user: User, item: Item, kind: str, content: dict[str, Any], at: int, answered: str = "") -> Event:
    """Somebody wrote to the number; `answered` is the message whose button was pressed."""
    message = {"from": user.id, "id": item.id, "timestamp": str(at // 1000), "type": kind, kind: content}
    if answered:
        message["context"] = {"from": PHONE_NUMBER, "id": answered}
    return _change(at, contacts=[{"profile": {"name": user.name}, "wa_id": user.id}], messages=[message])


def whatsapp_file(file: Media, caption: str) -> tuple[str, dict[str, Any]]:
    """Type and content of a message with a file."""
    kind = _kind(file.type, "document")
    # Here in base64; the look-up of the media has the same hash in hexadecimal.
    sha256 = base64.b64encode(hashlib.sha256(file.body).digest()).decode()
    content = {"mime_type": file.type, "sha256": sha256, "id": file.id}
    content |= {"filename": file.name} if kind == "document" else {}
    return kind, content | ({"caption": caption} if caption else {})


def status(user: User, item: Item, name: str, at: int, error: GraphError | None = None) -> Event:
    """How far a message of the number came."""
    body: dict[str, Any] = {"id": item.id, "status": name, "timestamp": str(at // 1000), "recipient_id": user.id}
    if item.data:
        body["biz_opaque_callback_data"] = item.data
    if error is None:
        return _change(at, statuses=[body | {"pricing": _PRICING}])
    title = error.message.partition(") ")[2]
    told = {"code": error.code, "title": title, "message": title, "error_data": {"details": error.details or title}}
    return _change(at, statuses=[body | {"errors": [told]}])


def payload(events: Sequence[Event], per_entry: int) -> dict[str, Any]:
    """The body of one call, with all these events of one platform."""
    entries: list[dict[str, Any]] = []
    for event in events:
        last = entries[-1].get(event.key) if entries else None
        if last is not None and len(last) < per_entry:
            last.append(event.body)
        elif event.platform == "messenger":
            entries.append({"id": PAGE_ID, "time": event.at, event.key: [event.body]})
        else:
            entries.append({"id": WABA_ID, event.key: [event.body]})
    return {"object": "page" if events[0].platform == "messenger" else "whatsapp_business_account", "entry": entries}


def _kind(content_type: str, otherwise: str) -> str:
    kind = content_type.partition("/")[0]
    return kind if kind in ("image", "audio", "video") else otherwise
