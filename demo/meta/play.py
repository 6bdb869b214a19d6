"""What the page and the tests call to be a person on Messenger or WhatsApp."""

from __future__ import annotations

import mimetypes
from typing import Any, Literal, TypeVar

import msgspec
from sanic import Blueprint, HTTPResponse, Request, json, raw

from common.errors import BadRequest, NotFound, TooMany, Unprocessable
from demo.meta.accounts import PAGE_NAME, PHONE_NUMBER
from demo.meta.hall import Hall, hall_of
from demo.meta.model import Item, Media, User
from demo.meta.stage import NotOnOffer, for_locale, profile_choices, visible_buttons

T = TypeVar("T")
play = Blueprint("play", url_prefix="/play")

LARGEST_FILE = 25 * 1024 * 1024
_MOST_PEOPLE, _MOST_FILES = 2_000, 10
# Only these are shown in the page; everything else is offered as a download, whatever it says it is.
_PICTURES = ("image/jpeg", "image/png", "image/gif", "image/webp")


class Person(msgspec.Struct, forbid_unknown_fields=True):
    """A new person."""

    platform: Literal["messenger", "whatsapp"]
    name: str
    locale: str = "en_GB"


class Said(msgspec.Struct, forbid_unknown_fields=True):
    """Typed words."""

    text: str


class Pressed(msgspec.Struct, forbid_unknown_fields=True):
    """A button of a line of the thread."""

    line: int
    button: int


class Chosen(msgspec.Struct, forbid_unknown_fields=True):
    """Something of the page's profile."""

    payload: str


def read(request: Request, kind: type[T]) -> T:
    """The body of a call.

    Raises:
        BadRequest: It is something else.
    """
    try:
        return msgspec.json.decode(request.body, type=kind)
    except (msgspec.DecodeError, ValueError) as error:
        raise BadRequest("invalid_body", f"The body cannot be read: {error}") from None


def user_of(request: Request, id: str) -> User:
    """The person.

    Raises:
        NotFound: There is none.
    """
    user = hall_of(request).world.users.get(id)
    if user is None:
        raise NotFound("person_not_found", "There is no such person.")
    return user


@play.get("/state")
async def state(request: Request) -> HTTPResponse:
    """Everybody, and whether the assistant listens."""
    hall = hall_of(request)
    people = [_summary(user) for user in hall.world.users.values()]
    business = {"name": PAGE_NAME, "number": f"+{PHONE_NUMBER}"}
    return json({"connected": hall.dispatcher.connected, "business": business, "people": people})


@play.post("/users")
async def arrive(request: Request) -> HTTPResponse:
    """A new person."""
    hall, given = hall_of(request), read(request, Person)
    if len(hall.world.users) >= _MOST_PEOPLE:
        raise TooMany("too_many_people", "There are too many people already.")
    number = int.from_bytes(hall.new_id().encode()[:8], "big") % 10**10
    id = f"62{number:014d}" if given.platform == "messenger" else f"1202{number:010d}"
    hall.world.users[id] = User(given.platform, id, given.name[:60], given.locale[:10])
    return json({"id": id}, status=201)


@play.get("/users/<id:str>")
async def thread(request: Request, id: str) -> HTTPResponse:
    """The thread as this person sees it; 204 when it is still at `version`."""
    hall, user = hall_of(request), user_of(request, id)
    typing = user.typing_until > hall.now()
    version = f"{user.version}{'t' if typing else ''}"
    if request.args.get("version") == version:
        return HTTPResponse(status=204)
    after = int(str(request.args.get("after") or "0"))
    lines = [_line(hall, user, item) for item in user.items if item.n > after]
    return json({"version": version, "typing": typing, "lines": lines, "profile": _profile(hall, user)})


@play.post("/users/<id:str>/messages")
async def says(request: Request, id: str) -> HTTPResponse:
    """The person writes."""
    text = read(request, Said).text
    if not text.strip() or len(text) > 20_000:
        raise Unprocessable("invalid_text", "A message has 1 to 20,000 characters.")
    return _done(hall_of(request).stage.says(user_of(request, id), text))


@play.post("/users/<id:str>/presses")
async def presses(request: Request, id: str) -> HTTPResponse:
    """The person presses a button."""
    pressed = read(request, Pressed)
    try:
        return _done(hall_of(request).stage.presses(user_of(request, id), pressed.line, pressed.button))
    except NotOnOffer:
        raise Unprocessable("not_on_offer", "This button is not on the screen.") from None


@play.post("/users/<id:str>/choices")
async def chooses(request: Request, id: str) -> HTTPResponse:
    """The person presses Get Started, an ice breaker or a line of the menu."""
    try:
        return _done(hall_of(request).stage.chooses(user_of(request, id), read(request, Chosen).payload))
    except NotOnOffer:
        raise Unprocessable("not_on_offer", "The page's profile has no such choice.") from None


@play.post("/users/<id:str>/files")
async def gives(request: Request, id: str) -> HTTPResponse:
    """The person sends files: the parts `file` of a form, with the part `text` as caption."""
    hall, user = hall_of(request), user_of(request, id)
    given = request.files.getlist("file", []) if request.files else []
    if not given or len(given) > _MOST_FILES:
        raise Unprocessable("invalid_files", f"A message has 1 to {_MOST_FILES} files.")
    made = [_media(hall, user, part.name, part.type, part.body) for part in given]
    caption = str(request.form.get("text") or "") if request.form else ""
    item = hall.stage.sends_files(user, made, caption[:1000])
    return _done(item)


@play.post("/users/<id:str>/seen")
async def sees(request: Request, id: str) -> HTTPResponse:
    """The person looks at the thread."""
    hall_of(request).stage.sees(user_of(request, id))
    return HTTPResponse(status=204)


@play.post("/users/<id:str>/inbox")
async def answers(request: Request, id: str) -> HTTPResponse:
    """A person of the business answers in the page's inbox."""
    user, text = user_of(request, id), read(request, Said).text
    if user.platform != "messenger" or not text.strip():
        raise Unprocessable("no_inbox", "Only a page on Messenger has an inbox.")
    return _done(hall_of(request).stage.inbox_sends(user, text[:2000]))


@play.get("/media/<id:str>")
async def shows(request: Request, id: str) -> HTTPResponse:
    """A file in the thread."""
    media = hall_of(request).world.media.get(id)
    if media is None:
        raise NotFound("file_not_found", "There is no such file.")
    if media.type in _PICTURES:
        return raw(media.body, content_type=media.type)
    headers = {"content-disposition": "attachment"}
    return raw(media.body, content_type="application/octet-stream", headers=headers)


def _done(item: Item) -> HTTPResponse:
    return json({"line": item.n, "id": item.id}, status=201)


def _media(hall: Hall, user: User, name: str, given: str, body: bytes) -> Media:
    known = given if given and given != "application/octet-stream" else mimetypes.guess_type(name)[0]
    kind = (known or "application/octet-stream").partition(";")[0].strip()
    return hall.keep_media(user.platform, name, kind, body)


def _summary(user: User) -> dict[str, Any]:
    last = user.items[-1] if user.items else None
    unread = sum(item.author in ("app", "inbox") and item.status == "delivered" for item in user.items)
    shown = {"text": last.text[:80] or "📎", "at": last.at} if last else None
    return {
        "platform": user.platform,
        "id": user.id,
        "name": user.name,
        "locale": user.locale,
        "last": shown,
        "unread": unread,
    }


def _line(hall: Hall, user: User, item: Item) -> dict[str, Any]:
    shown = msgspec.to_builtins(item)
    shown["buttons"] = [msgspec.to_builtins(button) for button in visible_buttons(user, item)]
    files = [hall.world.media[id] for id in item.media if id in hall.world.media]
    shown["media"] = [{"id": file.id, "name": file.name, "picture": file.type in _PICTURES} for file in files]
    return dict(shown)


def _profile(hall: Hall, user: User) -> dict[str, Any]:
    if user.platform != "messenger":
        return {"greeting": "", "choices": []}
    greeting = for_locale(hall.world.profile.get("greeting", []), user.locale).get("text", "")
    choices = msgspec.to_builtins(profile_choices(hall.world.profile, user.locale))
    return {"greeting": greeting, "choices": choices}
