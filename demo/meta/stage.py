"""What happens between people and the business: every act changes the thread and becomes webhook events."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from demo.meta import events
from demo.meta.accounts import APP_ID, INBOX_APP_ID
from demo.meta.behaviour import Behaviour
from demo.meta.dispatch import Dispatcher
from demo.meta.errors import GraphError
from demo.meta.model import Button, Item, Media, User, World
from demo.meta.outgoing import Outgoing

TYPING_SECONDS = 20.0


class NotOnOffer(Exception):
    """This person does not see such a button."""


class Stage:
    """Where people and the business meet.

    Args:
        world: Who there is and what was said.
        dispatcher: The way to the webhook.
        behaviour: How the stand-in behaves at the moment.
        now: Seconds since 1970.
        new_id: A new unguessable text.
    """

    def __init__(
        self,
        world: World,
        dispatcher: Dispatcher,
        behaviour: Callable[[], Behaviour],
        now: Callable[[], float],
        new_id: Callable[[], str],
        address: str,
    ) -> None:
        self.world, self._dispatcher, self._behaviour = world, dispatcher, behaviour
        self._now, self._new_id, self._address = now, new_id, address

    # --- what people do

    def says(self, user: User, text: str) -> Item:
        """Somebody writes."""
        item = self._from(user, text)
        if user.platform == "messenger":
            self._tell(user, events.messenger_message(user, item, user.last_stamp))
        else:
            self._tell(user, events.whatsapp_message(user, item, "text", {"body": text}, user.last_stamp))
        return item

    def presses(self, user: User, n: int, number: int) -> Item:
        """Somebody presses button `number` of line `n`.

        Raises:
            NotOnOffer: It is not on the screen (any more), or leads elsewhere.
        """
        line = next((item for item in user.items if item.n == n), None)
        shown = visible_buttons(user, line) if line else []
        if line is None or not 0 <= number < len(shown) or shown[number].kind in ("link", "call"):
            raise NotOnOffer
        button = shown[number]
        item = self._from(user, button.title)
        self._tell(user, self._press(user, item, button, line.id))
        return item

    def chooses(self, user: User, payload: str) -> Item:
        """Somebody presses Get Started, an ice breaker or a line of the menu.

        Raises:
            NotOnOffer: The page's profile has no such thing.
        """
        choices = profile_choices(self.world.profile, user.locale)
        chosen = next((choice for choice in choices if choice.payload == payload), None)
        if chosen is None or user.platform != "messenger":
            raise NotOnOffer
        item = self._from(user, chosen.title)
        self._tell(user, events.postback(user, item, payload, user.last_stamp))
        return item

    def sends_files(self, user: User, files: Sequence[Media], caption: str = "") -> Item:
        """Somebody sends files; WhatsApp makes a message of each."""
        if user.platform == "messenger":
            item = self._from(user, caption, [file.id for file in files])
            attached = events.messenger_files(files, self._address)
            self._tell(user, events.messenger_message(user, item, user.last_stamp, attachments=attached))
            return item
        for number, file in enumerate(files):
            item = self._from(user, caption if number == 0 else "", [file.id])
            kind, content = events.whatsapp_file(file, item.text)
            self._tell(user, events.whatsapp_message(user, item, kind, content, user.last_stamp))
        return item

    def sees(self, user: User) -> None:
        """Somebody looks at the thread: everything in it is read."""
        unread = [item for item in user.items if item.author in ("app", "inbox") and item.status == "delivered"]
        if not unread:
            return
        for item in unread:
            item.status = "read"
        user.version += 1
        at = user.stamp(self._now())
        if user.platform == "messenger":
            self._receipts([events.read(user, at)])
        else:
            self._receipts([events.status(user, item, "read", at) for item in unread])

    # --- what the business does

    def app_sends(self, user: User, message: Outgoing, file: Media | None = None) -> Item:
        """A message of the bot arrives, perhaps a file."""
        item = self._to(user, "app", message.text or ("" if file else "(a file)"), message)
        item.media = [file.id] if file else []
        at = user.last_stamp
        if user.platform == "messenger":
            if self._behaviour().echoes:
                shown = events.messenger_files([file], self._address) if file else []
                self._put([events.echo(user, item, APP_ID, at, message.template, shown)])
            self._receipts([events.delivery(user, item.id, at)])
        else:
            told = [events.status(user, item, name, at) for name in ("sent", "delivered")]
            self._receipts(told[::-1] if self._behaviour().reverse_receipts else told)
        return item

    def app_fails(self, user: User, message: Outgoing, error: GraphError) -> Item:
        """WhatsApp took a message and cannot deliver it: only a status says so."""
        item = self._to(user, "app", message.text, message)
        item.status, item.error = "failed", error.message
        self._put([events.status(user, item, "failed", user.last_stamp, error)])
        return item

    def inbox_sends(self, user: User, text: str) -> Item:
        """A person of the business answers in the page's own inbox: the bot only hears the echo."""
        item = self._to(user, "inbox", text, Outgoing(user.id))
        self._tell(user, events.echo(user, item, INBOX_APP_ID, user.last_stamp, None))
        return item

    def changes_owner(self, user: User, new: str) -> None:
        """Conversation routing gives the thread to another app, or back to the bot (its id, or none: idle)."""
        old, user.owner = user.owner, new
        at = user.stamp(self._now())
        made = events.control_passed if new in ("", APP_ID) else events.control_taken
        self._put([made(user, old, new or APP_ID, at)])

    def acts(self, user: User, action: str) -> None:
        """typing_on, typing_off, mark_seen."""
        user.typing_until = self._now() + TYPING_SECONDS if action == "typing_on" else 0.0
        if action == "mark_seen" or user.platform == "whatsapp":
            for item in user.items:
                item.status = "read" if item.author == "user" else item.status
        user.version += 1

    # --- within

    def _from(self, user: User, text: str, media: list[str] | None = None) -> Item:
        now = self._now()
        user.wrote_at = now
        user.stamp(now)
        return user.add(Item(0, self._message_id(user), "user", now, text, media=media or []))

    def _to(self, user: User, author: str, text: str, message: Outgoing) -> Item:
        now = self._now()
        user.stamp(now)
        user.typing_until = 0.0
        item = Item(0, self._message_id(user), author, now, text, message.buttons, message.list_label)
        item.data, item.persona, item.status = message.data, self.world.personas.get(message.persona, ""), "delivered"
        return user.add(item)

    def _message_id(self, user: User) -> str:
        return ("m_" if user.platform == "messenger" else "wamid.") + self._new_id()

    def _press(self, user: User, item: Item, button: Button, line: str) -> events.Event:
        if button.kind == "quick":
            reply = {"payload": button.payload}
            return events.messenger_message(user, item, user.last_stamp, quick_reply=reply)
        if button.kind == "postback":
            return events.postback(user, item, button.payload, user.last_stamp)
        kind = "button_reply" if button.kind == "reply" else "list_reply"
        chosen = {"id": button.payload, "title": button.title}
        chosen |= {"description": button.description} if button.description else {}
        content: dict[str, Any] = {"type": kind, kind: chosen}
        return events.whatsapp_message(user, item, "interactive", content, user.last_stamp, line)

    def _tell(self, user: User, event: events.Event) -> None:
        self._put([events.on_standby(event) if user.owner not in ("", APP_ID) else event])

    def _receipts(self, told: list[events.Event]) -> None:
        if self._behaviour().receipts:
            self._put(told)

    def _put(self, told: list[events.Event]) -> None:
        fields = self.world.fields
        self._dispatcher.put(
            event for event in told if event.platform == "whatsapp" or fields is None or event.field in fields
        )


def visible_buttons(user: User, item: Item) -> list[Button]:
    """The buttons of a line that are on the screen: quick replies only while nothing was said after them."""
    last = user.items[-1] is item if user.items else False
    return [button for button in item.buttons if button.kind != "quick" or last]


def profile_choices(profile: dict[str, Any], locale: str) -> list[Button]:
    """What the page's profile lets a person press: to `start`, from the `menu`, or as a first `question`."""
    found: list[Button] = []
    if "get_started" in profile:
        found.append(Button("start", "Get Started", profile["get_started"]["payload"]))
    for line in for_locale(profile.get("persistent_menu", []), locale).get("call_to_actions", []):
        found += [Button("menu", line["title"], line["payload"])] if line.get("type") == "postback" else []
    for line in for_locale(profile.get("ice_breakers", []), locale).get("call_to_actions", []):
        found.append(Button("question", line["question"], line["payload"]))
    return found


def for_locale(entries: list[dict[str, Any]], locale: str) -> dict[str, Any]:
    """The entry for a locale, else for its language, else the default."""
    by_locale = {entry.get("locale", "default"): entry for entry in entries}
    alike = next((entry for name, entry in by_locale.items() if name[:2] == locale[:2]), None)
    return by_locale.get(locale) or alike or by_locale.get("default") or {}
