"""Somebody who talks to the running assistant over Messenger or WhatsApp, on the stand-in for Meta's servers."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from typing import Any

import httpx

from bot.log.model import WELCOME_ID
from common.certificates import trusted
from demo.meta.accounts import PAGE_ID, PHONE_NUMBER_ID
from tests.conftest import RunningHouse
from tests.talk import PATIENCE, CodeMails

LOCALES = {"en": "en_GB", "nl": "nl_NL", "fr": "fr_FR"}
# Nothing left to answer, nothing left to render, nothing left to send.
_OPEN = """
SELECT (SELECT count(*) FROM messages WHERE conversation = :c AND state IN ('received', 'processing'))
     + (SELECT count(*) FROM deliveries WHERE conversation = :c AND state IN ('waiting', 'sending'))
     + (SELECT count(*) FROM messages WHERE conversation = :c AND direction = 'out' AND seq >
         coalesce((SELECT rendered_seq FROM messenger_threads WHERE conversation = :c), 0))
"""
_ARRIVED = "SELECT count(*) FROM messages WHERE conversation = :c AND channel_message_id = :id"


class Phone:
    """The stand-in, as its people and the tests that command it use it."""

    def __init__(self, address: str) -> None:
        self.http = httpx.Client(base_url=address, timeout=20, trust_env=False, verify=trusted())

    def control(self, what: str, **body: Any) -> Any:
        """Command something."""
        answer = self.http.post(f"/control/{what}", json=body)
        assert answer.status_code in (200, 204), answer.text
        return answer.json() if answer.content else None

    def seen(self) -> dict[str, Any]:
        """What the stand-in noted."""
        found: dict[str, Any] = self.http.get("/control/seen").json()
        return found


class MetaUser:
    """One person with one thread.

    Attributes:
        heard: What the business said since this person's last message.
        conversation: The bot's id of the conversation.
    """

    def __init__(self, house: RunningHouse, platform: str, language: str) -> None:
        self._house, self.phone, self._codes = house, Phone(house.meta), CodeMails(house.mail)
        person = {"platform": platform, "name": "An Example", "locale": LOCALES[language]}
        self.id = str(self.phone.http.post("/play/users", json=person).json()["id"])
        account = PAGE_ID if platform == "messenger" else PHONE_NUMBER_ID
        self.platform, self.conversation = platform, f"{platform}:{account}:{self.id}"
        self.heard: list[dict[str, Any]] = []

    def close(self) -> None:
        """Put the phone away."""
        self.phone.http.close()

    def types(self, text: str) -> dict[str, Any]:
        """Write without waiting for the answer; returns the place and the id of the message."""
        self._codes.note(text)
        return self._does("messages", json={"text": text})

    def says(self, text: str) -> list[dict[str, Any]]:
        """Write; the title of a button on the screen presses it. Returns the answers."""
        last = min((line["n"] for line in self.heard), default=0)
        offered = {title: place for title, place in self._offered().items() if place["line"] >= last > 0}
        done = self._does("presses", json=offered[text]) if text in offered else self.types(text)
        return self.waits(done)

    def presses(self, title: str) -> list[dict[str, Any]]:
        """Press the button or the line of a list with this title."""
        offered = self._offered()
        assert title in offered, f"no button {title} among {sorted(offered)}\n{self.dialogue()}"
        return self.waits(self._does("presses", json=offered[title]))

    def chooses(self, payload: str) -> list[dict[str, Any]]:
        """Press something of the page's profile."""
        begins = not self.lines()
        done = self._does("choices", json={"payload": payload})
        # The start button of a new conversation is the welcome that every conversation has, and no message.
        return self.waits(done | {"id": WELCOME_ID} if begins else done)

    def sends_photo(self, *photos: bytes, text: str = "", kind: str = "image/jpeg") -> list[dict[str, Any]]:
        """Send photos in one message; on WhatsApp each is its own."""
        files = [("file", (f"photo{number}.jpg", photo, kind)) for number, photo in enumerate(photos)]
        return self.waits(self._does("files", files=files, data={"text": text}))

    def code_from_mail(self) -> str:
        """The one-time code that was mailed to this person."""
        return self._codes.next()

    def waits(self, done: dict[str, Any]) -> list[dict[str, Any]]:
        """Wait until the message `done` is answered and everything is on the phone."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if self._count(_ARRIVED, done["id"]) and not self._count(_OPEN):
                self.heard = [line for line in self.lines(done["line"]) if line["author"] != "user"]
                return self.heard
            time.sleep(0.05)
        raise AssertionError(f"no answer within {PATIENCE:.0f} seconds\n{self.dialogue()}")

    def lines(self, after: int = 0) -> list[dict[str, Any]]:
        """The thread."""
        answer = self.phone.http.get(f"/play/users/{self.id}", params={"after": after}).json()
        return list(answer["lines"])

    def all_text(self) -> str:
        """Everything the business said since this person's last message, titles of buttons included."""
        return "\n".join([line["text"] for line in self.heard] + sorted(self._offered()))

    def dialogue(self) -> str:
        """What was said so far."""
        return "\n".join(f"{line['author']}: {line['text'][:200]!r} {_titles(line)}" for line in self.lines()[-40:])

    def _offered(self) -> dict[str, dict[str, int]]:
        return {
            button["title"]: {"line": line["n"], "button": number}
            for line in self.lines()
            for number, button in enumerate(line["buttons"])
            if button["kind"] not in ("link", "call")
        }

    def _does(self, what: str, **sent: Any) -> dict[str, Any]:
        answer = self.phone.http.post(f"/play/users/{self.id}/{what}", **sent)
        assert answer.status_code == 201, answer.text
        done: dict[str, Any] = answer.json()
        return done

    def _count(self, query: str, id: str = "") -> int:
        database = f"file:{self._house.bot_database}?mode=ro"
        with closing(sqlite3.connect(database, uri=True, timeout=10)) as connection:
            return int(connection.execute(query, {"c": self.conversation, "id": id}).fetchone()[0])


def _titles(line: dict[str, Any]) -> Sequence[str]:
    return [button["title"] for button in line["buttons"]]
