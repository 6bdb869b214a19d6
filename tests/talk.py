"""A customer who talks to the running assistant over the webchat API, as the widget does."""

from __future__ import annotations

import re
import time
import uuid
from typing import Any

import httpx

PATIENCE = 40.0


class Customer:
    """One conversation.

    Attributes:
        heard: The messages of the last turn.
    """

    def __init__(self, bot: str, mail: str, language: str) -> None:
        self._http = httpx.Client(base_url=bot, timeout=10, headers={"Accept-Language": language})
        self._mail, self._seq = mail, 0
        session = self._post("/webchat/sessions", {"language": language}).json()
        self.conversation: str = session["conversation"]
        self.token: str = session["token"]
        self._http.headers["Authorization"] = f"Bearer {self.token}"
        self.heard: list[dict[str, Any]] = self._wait_for_answer(0)

    def close(self) -> None:
        """Hang up."""
        self._http.close()

    def says(self, text: str) -> list[dict[str, Any]]:
        """Type a message; the title of a button on offer presses that button. Returns the answers."""
        offered = {button["title"]: button["payload"] for message in self.heard for button in message["buttons"]}
        body = {"payload": offered[text]} if text in offered else {"text": text}
        return self._send(body)

    def presses_row(self, label: str) -> list[dict[str, Any]]:
        """Press the edit link of a line of the read-back."""
        rows = {
            row["label"]: row["payload"] for message in self.heard for row in (message["card"] or {}).get("rows", [])
        }
        return self._send({"payload": rows[label]})

    def code_from_mail(self) -> str:
        """The newest one-time code in the mail sink, waiting for the mail to arrive."""
        deadline = time.monotonic() + PATIENCE
        known = getattr(self, "_codes", set())
        while time.monotonic() < deadline:
            mails = httpx.get(f"{self._mail}/mails.json", timeout=10).json()["mails"]
            for mail in mails:
                code = re.search(r"\b\d{6}\b", str(mail.get("text") or mail))
                if code and mail.get("id", code.group()) not in known and self.is_for_me(mail):
                    self._codes = {*known, mail.get("id", code.group())}
                    return code.group()
            time.sleep(0.1)
        raise AssertionError("no mail with a code arrived")

    def is_for_me(self, mail: dict[str, Any]) -> bool:
        """Tell whether a mail is this customer's; the tests identify one customer at a time."""
        return True

    def all_text(self) -> str:
        """Everything the last turn said, cards and buttons included."""
        return "\n".join(str(message) for message in self.heard)

    def _send(self, body: dict[str, str]) -> list[dict[str, Any]]:
        answer = self._post("/webchat/messages", {"client_id": uuid.uuid4().hex, **body})
        assert answer.status_code == 202, answer.text
        self.heard = self._wait_for_answer(answer.json()["seq"])
        return self.heard

    def _post(self, path: str, body: dict[str, Any]) -> httpx.Response:
        return self._http.post(path, json=body)

    def _wait_for_answer(self, after: int) -> list[dict[str, Any]]:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            log = self._http.get("/webchat/messages", params={"after": after}).json()
            answers = [message for message in log["messages"] if message["author"] != "customer"]
            if answers and not log["typing"]:
                return answers
            time.sleep(0.05)
        raise AssertionError(f"no answer within {PATIENCE:.0f} seconds")
