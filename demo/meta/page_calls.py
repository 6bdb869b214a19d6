"""The calls about the page itself: profile, subscriptions, personas, who has a thread."""

from __future__ import annotations

from typing import Any

from sanic import HTTPResponse, Request, json

from demo.meta.accounts import APP_ID, INBOX_APP_ID, WABA_ID
from demo.meta.asking import body_of, person, text_of
from demo.meta.errors import wrong_parameter
from demo.meta.hall import Hall
from demo.meta.shapes import Malformed, items, obj, text

_FIELDS = ("get_started", "greeting", "persistent_menu", "ice_breakers", "whitelisted_domains", "commands")


def profile(request: Request, hall: Hall) -> HTTPResponse:
    """The page's Messenger profile: read, changed or emptied."""
    if request.method == "GET":
        asked = text_of(request.args.get("fields")).split(",")
        found = {name: value for name, value in hall.world.profile.items() if name in asked}
        return json({"data": [found] if found else []})
    try:
        if request.method == "DELETE":
            for name in items(obj(body_of(request), "body", ("fields",)).get("fields"), "fields", 10):
                hall.world.profile.pop(text(name, "field", 50), None)
        else:
            check_profile(obj(body_of(request), "body", _FIELDS), hall.world.profile)
            hall.world.profile |= body_of(request)
    except Malformed as error:
        raise wrong_parameter(str(error)) from None
    for user in hall.world.users.values():
        user.version += 1
    return json({"result": "success"})


def check_profile(given: dict[str, Any], present: dict[str, Any]) -> None:
    """The documented rules of the Messenger profile.

    Raises:
        Malformed: One is broken.
    """
    if "get_started" in given:
        text(obj(given["get_started"], "get_started", ("payload",)).get("payload"), "payload", 1000)
    for greeting in items(given.get("greeting", []), "greeting", 100, 0):
        text(obj(greeting, "greeting", ("locale", "text")).get("text"), "greeting[text]", 160)
    for menu in items(given.get("persistent_menu", []), "persistent_menu", 100, 0):
        for line in items(obj(menu, "menu").get("call_to_actions", []), "call_to_actions", 20, 0):
            text(obj(line, "line").get("title"), "title", 30)
    if "persistent_menu" in given and "get_started" not in {**given, **present}:
        raise Malformed("You must set a Get Started button if you also wish to use persistent menu.")
    for name in ("persistent_menu", "greeting", "ice_breakers"):
        entries = items(given.get(name, []), name, 100, 0)
        if entries and not any(obj(entry, name).get("locale", "default") == "default" for entry in entries):
            raise Malformed(f"Param {name} must have an entry for the default locale.")
    for breakers in given.get("ice_breakers", []):
        for one in items(breakers.get("call_to_actions"), "ice_breakers", 4):
            text(obj(one, "ice breaker").get("question"), "question", 80)
            text(one.get("payload"), "payload", 1000)


def subscriptions(request: Request, hall: Hall, node: str) -> HTTPResponse:
    """Which events the app gets."""
    if request.method == "GET":
        return json({"data": [{"id": APP_ID, "subscribed_fields": hall.world.fields or []}]})
    if request.method == "POST" and node != WABA_ID:
        given = request.args.get("subscribed_fields") or (request.json or {}).get("subscribed_fields") or ""
        fields = given if isinstance(given, list) else [name for name in str(given).split(",") if name]
        if not fields:
            raise wrong_parameter("Param subscribed_fields must be non-empty.")
        hall.world.fields = fields
    return json({"success": True})


def personas(request: Request, hall: Hall) -> HTTPResponse:
    """Names under which the page speaks."""
    if request.method == "GET":
        return json({"data": [{"id": id, "name": name} for id, name in hall.world.personas.items()]})
    try:
        given = obj(body_of(request), "body", ("name", "profile_picture_url"))
        name = text(given.get("name"), "name", 50)
        text(given.get("profile_picture_url"), "profile_picture_url", 2000)
    except Malformed as error:
        raise wrong_parameter(str(error)) from None
    id = str(int.from_bytes(hall.new_id().encode()[:6], "big"))
    hall.world.personas[id] = name
    return json({"id": id})


def ownership(request: Request, hall: Hall, edge: str) -> HTTPResponse:
    """Passes, takes or releases a thread."""
    body = body_of(request)
    try:
        recipient = obj(obj(body, "body").get("recipient"), "recipient").get("id")
        user = person(hall, "messenger", text(recipient, "recipient[id]", 100))
        target = APP_ID if edge == "take_thread_control" else ""
        if edge == "pass_thread_control":
            target = text(str(body.get("target_app_id") or ""), "target_app_id", 50)
    except Malformed as error:
        raise wrong_parameter(str(error)) from None
    if target not in ("", APP_ID, INBOX_APP_ID):
        raise wrong_parameter("Param target_app_id is not an app of this page.")
    hall.stage.changes_owner(user, target)
    return json({"success": True})
