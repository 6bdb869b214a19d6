"""Reads Messenger's webhook: what stands in one object of `messaging` or `standby`."""

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
    Routed,
    Said,
    Wordless,
)
from bot.meta.reading import at, digits, items, made_id, message_id, moment, number_text, text, word

# The thumb of the like button, in its three sizes.
_LIKES = {"369239263222822", "369239343222814", "369239383222810"}
_SIGNS = {"audio": "🎤", "video": "🎬", "location": "📍", "appointment_booking": "📅"}
_FILES = {"image", "file"}
_KNOWN = ("app_roles", "policy_enforcement", "account_linking", "message_request", "game_play", "customer_information")


def parse_page(entry: dict[str, Any]) -> Iterator[Event]:
    """All events of one entry of a `page` payload."""
    page = digits(entry, "id")
    for standby, key in ((False, "messaging"), (True, "standby")):
        for each in items(entry, key):
            yield _parse(each, page, standby)
    for change in items(entry, "changes"):
        yield Ignored(channel="messenger", account=page, customer="", kind=f"change_{word(text(change, 'field'))}")


def _parse(each: dict[str, Any], page: str, standby: bool) -> Event:
    sender, recipient = digits(each, "sender", "id"), digits(each, "recipient", "id")
    account = page or recipient
    known: dict[str, Any] = {
        "channel": "messenger",
        "account": account,
        # An echo comes from the Page.
        "customer": recipient if sender == account else sender,
        "at": moment(each, "timestamp", unit=1000) or EPOCH,
        "standby": standby,
    }
    if known["customer"]:
        for key, read in _READERS:
            if isinstance(each.get(key), dict):
                return read(each, known)
    kind = next((key for key in (*_KNOWN, *dict(_READERS)) if key in each), "unknown")
    return Ignored(**known, kind=kind)


def _message(each: dict[str, Any], known: dict[str, Any]) -> Event:
    message = each["message"]
    mid = message_id(message, "mid") or made_id(each)
    said = text(message, "text")
    if message.get("is_echo"):
        app, key = number_text(message, "app_id"), text(message, "metadata")
        return Echo(**known, id=mid, app=app, key=key, text=said, wordless=not said)
    if message.get("is_deleted"):
        return Ignored(**known, kind="message_deleted")
    if isinstance(message.get("quick_reply"), dict):
        return Chose(**known, id=mid, key=text(message, "quick_reply", "payload"), title=said)
    attached = list(items(message, "attachments"))
    if attached:
        return _attached(attached, said, known | {"id": mid})
    return Said(**known, id=mid, text=said) if said else Wordless(**known, id=mid, kind="empty", sign="❔")


def _attached(attached: list[dict[str, Any]], said: str, known: dict[str, Any]) -> Event:
    files = tuple(_file(each) for each in attached if _is_file(each))[:MOST_FILES]
    if files:
        return GaveFiles(**known, files=files, text=said)
    first = attached[0]
    kind = word(text(first, "type"))
    if number_text(first, "payload", "sticker_id") or kind == "sticker":
        like = number_text(first, "payload", "sticker_id") in _LIKES
        return Said(**known, text=said or ("👍" if like else "🙂"))
    link = "" if kind in _SIGNS else _link(first)
    if said or link:
        return Said(**known, text=said if link in said else f"{said} {link}".strip())
    return Wordless(**known, kind=kind, sign=_SIGNS.get(kind, "❔"))


def _is_file(each: dict[str, Any]) -> bool:
    payload = each.get("payload")
    return each.get("type") in _FILES and bool(text(payload, "url")) and not at(payload, "sticker_id")


def _file(each: dict[str, Any]) -> Media:
    kind = "image/*" if each.get("type") == "image" else ""
    return Media(text(each, "payload", "url"), kind)


def _link(each: dict[str, Any]) -> str:
    """A shared link or post, in words: a customer may well forward what they were cheated with."""
    title = text(each, "title") or text(each, "payload", "title")
    url = text(each, "url") or text(each, "payload", "url")
    return f"{title} {url}".strip()


def _postback(each: dict[str, Any], known: dict[str, Any]) -> Event:
    body = each["postback"]
    key, title = text(body, "payload"), text(body, "title")
    # A postback without an id is told from another by its moment.
    known = known | {"id": message_id(body, "mid") or made_id(known["customer"], each.get("timestamp"), key, title)}
    ref = text(body, "referral", "ref")
    if key.lower() in (START, OTHER_START):
        return Arrived(**known, ref=ref, pressed_start=True)
    return Chose(**known, key=key, title=title)


def _referral(each: dict[str, Any], known: dict[str, Any]) -> Event:
    body = each.get("referral") or each.get("optin")
    made = made_id(known["customer"], each.get("timestamp"), "referral")
    return Arrived(**known, id=made, ref=text(body, "ref"))


def _reaction(each: dict[str, Any], known: dict[str, Any]) -> Event:
    return Reacted(**known, id=made_id(known["customer"], each.get("timestamp"), each["reaction"]))


def _edit(each: dict[str, Any], known: dict[str, Any]) -> Event:
    body = each["message_edit"]
    original = message_id(body, "mid")
    made = made_id(original, number_text(body, "num_edit"), text(body, "text"))
    return Edited(**known, id=made, original=original, text=text(body, "text"))


def _delivery(each: dict[str, Any], known: dict[str, Any]) -> Event:
    body = each["delivery"]
    mids = body.get("mids")
    ids = tuple(mid for mid in mids if isinstance(mid, str)) if isinstance(mids, list) else ()
    return Progress(**known, state="delivered", ids=ids, until=moment(body, "watermark", unit=1000))


def _read(each: dict[str, Any], known: dict[str, Any]) -> Event:
    return Progress(**known, state="read", until=moment(each["read"], "watermark", unit=1000))


def _routing(kind: str, owner: str, key: str) -> Callable[[dict[str, Any], dict[str, Any]], Event]:
    def read(each: dict[str, Any], known: dict[str, Any]) -> Event:
        return Routed(**known, kind=kind, to=number_text(each[key], owner))

    return read


# What the button with which a conversation begins sends.
START = "start"
# The name everybody else gives it, in case a Page was set up by another program before.
OTHER_START = "get_started"
# As many as a customer can choose at once; what is more was not made by the app.
MOST_FILES = 30

_READERS: tuple[tuple[str, Callable[[dict[str, Any], dict[str, Any]], Event]], ...] = (
    ("message", _message),
    ("postback", _postback),
    ("message_edit", _edit),
    ("reaction", _reaction),
    ("delivery", _delivery),
    ("read", _read),
    ("referral", _referral),
    ("optin", _referral),
    ("pass_thread_control", _routing("passed", "new_owner_app_id", "pass_thread_control")),
    ("take_thread_control", _routing("taken", "new_owner_app_id", "take_thread_control")),
    ("request_thread_control", _routing("requested", "requested_owner_app_id", "request_thread_control")),
)
