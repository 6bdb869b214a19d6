"""A customer who talks to the running assistant over the webchat API, as the widget does."""

from __future__ import annotations

import re
import time
import uuid
import zlib
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any
from urllib.parse import quote

import httpx
from PIL import Image

from claims.demo.policies import build
from common.certificates import trusted

PATIENCE = 40.0
_EMAILS = {policy.reference: policy.email for policy, _ in build(date.today())}
# Two customers may ask for a code of the same policy within a second: each mail is read once.
_taken: set[str] = set()


def content_of(name: str) -> bytes:
    """A small real file of the kind its name says; no two names have the same content."""
    match name.rpartition(".")[2]:
        case "pdf":
            return f"%PDF-1.4\n% {name}\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n".encode()
        case "png":
            picture = BytesIO()
            shade = zlib.crc32(name.encode())
            Image.new("RGB", (8, 8), (shade & 255, shade >> 8 & 255, shade >> 16 & 255)).save(picture, "PNG")
            return picture.getvalue()
        case _:
            return f"{name}: what was said\n".encode()


class CodeMails:
    """The mails with codes for one customer, whichever policy they name.

    Attributes:
        email: Where the codes of the policy go that was named last.
    """

    def __init__(self, mail: str) -> None:
        self._mail, self._named_at, self.email = mail, datetime.now(UTC), "nobody"

    def note(self, text: str) -> None:
        """Note the policy a message names."""
        reference = re.search(r"\bCYB[\s-]*(\d{4})[\s-]*(\d{4})\b", text, re.I)
        if reference:
            self.email = _EMAILS.get(f"CYB-{reference[1]}-{reference[2]}", "nobody")
            # The mail sink counts whole seconds.
            self._named_at = datetime.now(UTC).replace(microsecond=0)

    def next(self) -> str:
        """The newest code, waiting for the mail to arrive."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            mails = httpx.get(f"{self._mail}/mails.json", timeout=10, verify=trusted()).json()["mails"]
            mail = next((mail for mail in mails if self._is_for_me(mail)), None)
            if mail:
                _taken.add(mail["text"])
                code = re.search(r"\b\d{6}\b", mail["text"])
                assert code, f"no code in the mail: {mail['text']}"
                return code.group()
            time.sleep(0.05)
        raise AssertionError(f"no mail with a code arrived for {self.email}")

    def _is_for_me(self, mail: dict[str, Any]) -> bool:
        in_time = datetime.fromisoformat(mail["at"]) >= self._named_at
        # News of a claim that an earlier customer of the same policy made can come at any moment.
        about_code = "code" in mail["subject"].lower()
        return self.email in mail["to"] and about_code and in_time and mail["text"] not in _taken


class Customer:
    """One conversation.

    Attributes:
        heard: The messages of the last turn.
        said: Everything that was said so far, by both.
    """

    def __init__(self, bot: str, mail: str, language: str) -> None:
        self._http = httpx.Client(base_url=bot, timeout=10, headers={"Accept-Language": language}, verify=trusted())
        self._codes = CodeMails(mail)
        self.said: list[dict[str, Any]] = []
        self._given: list[str] = []
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
        return self._send({"payload": offered[text]} if text in offered else {"text": text}, text)

    def types(self, text: str) -> list[dict[str, Any]]:
        """Type a message, also if a button has the same words. Returns the answers."""
        return self._send({"text": text}, text)

    def presses_row(self, question: str) -> list[dict[str, Any]]:
        """Press the edit link of the line of the read-back that answers `question`."""
        rows = [row for message in self.heard for row in (message["card"] or {}).get("rows", [])]
        row = next(row for row in rows if f'"question": "{question}"' in row["payload"])
        return self._send({"payload": row["payload"]}, row["label"])

    def gives(self, names: list[str], words: str | None = None) -> list[dict[str, Any]]:
        """Send files, with or without words. Returns the answers."""
        ids = [self._upload(name) for name in names]
        self._given += ids
        body = {"client_id": uuid.uuid4().hex, "attachments": ids} | ({"text": words} if words else {})
        answer = self._post("/webchat/messages", body)
        assert answer.status_code == 202, answer.text
        seq = int(answer.json()["seq"])
        self.said.append({"author": "customer", "text": words or str(names), "seq": seq})
        self.heard = self._wait_for_answer(seq)
        return self.heard

    def files_arrive(self) -> None:
        """Wait until the claims backend has all files that were sent."""
        deadline = time.monotonic() + PATIENCE
        states: dict[str, str] = {}
        while time.monotonic() < deadline:
            log = self._http.get("/webchat/messages", params={"after": 999_999}).json()
            states = {file["id"]: file["state"] for file in log["attachments"]}
            if {states.get(each) for each in self._given} == {"kept"}:
                return
            time.sleep(0.05)
        raise AssertionError(f"the files did not get through: {states}")

    def signs_in(self, token: str) -> list[dict[str, Any]]:
        """The host page says who they are. Returns what is said to that."""
        last = max(message["seq"] for message in self.said)
        answer = self._post("/webchat/identify", {"token": token})
        assert answer.status_code == 204, answer.text
        self.heard = self._wait_for_answer(last)
        return self.heard

    def code_from_mail(self) -> str:
        """The newest one-time code for the policy this customer named last, waiting for the mail to arrive."""
        return self._codes.next()

    def all_text(self) -> str:
        """Everything the last turn said, cards and buttons included."""
        return "\n".join(str(message) for message in self.heard)

    def hears(self, after: int) -> list[dict[str, Any]]:
        """Everything said to this customer after message number `after`, also without having asked."""
        log = self._http.get("/webchat/messages", params={"after": after}).json()
        return [message for message in log["messages"] if message["author"] != "customer"]

    def hears_news(self) -> list[dict[str, Any]]:
        """Wait for a message nobody asked for. Returns what was said since the last answer."""
        last = max(message["seq"] for message in self.said)
        self.heard = self._wait_for_answer(last)
        return self.heard

    def sends(self, body: dict[str, str], shown: str = "") -> int:
        """Send a message, known to people as `shown`, without waiting for its answer. Returns its number."""
        self._codes.note(body.get("text", ""))
        answer = self._post("/webchat/messages", {"client_id": uuid.uuid4().hex, **body})
        assert answer.status_code == 202, answer.text
        seq = int(answer.json()["seq"])
        self.said.append({"author": "customer", "text": shown or body["text"], "seq": seq})
        return seq

    def _send(self, body: dict[str, str], shown: str) -> list[dict[str, Any]]:
        self.heard = self._wait_for_answer(self.sends(body, shown))
        return self.heard

    def _upload(self, name: str) -> str:
        headers = {"X-File-Name": quote(name)}
        where = {"client_id": uuid.uuid4().hex}
        answer = self._http.post("/webchat/attachments", params=where, content=content_of(name), headers=headers)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def _post(self, path: str, body: dict[str, Any]) -> httpx.Response:
        return self._http.post(path, json=body)

    def _wait_for_answer(self, after: int) -> list[dict[str, Any]]:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            log = self._http.get("/webchat/messages", params={"after": after}).json()
            answers = [message for message in log["messages"] if message["author"] != "customer"]
            if answers and not log["typing"]:
                self.said += answers
                return answers
            time.sleep(0.05)
        raise AssertionError(f"no answer within {PATIENCE:.0f} seconds")
