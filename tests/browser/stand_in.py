"""A server in the browser's way, for states the house does not show at will: who answers, what became of a file."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, Request, Route

AT = "2026-01-31T10:00:00Z"

Answer = Callable[[Route], None]


@dataclass
class StandIn:
    """Answers the webchat's calls of one page; tests change what it knows, and read what was posted."""

    messages: list[dict[str, Any]] = field(default_factory=list)
    agent: dict[str, Any] = field(default_factory=lambda: {"mode": "bot"})
    typing: bool = False
    posted: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    uploads: list[Request] = field(default_factory=list)
    taken_back: list[str] = field(default_factory=list)
    sessions: int = 0
    failing: dict[str, Answer] = field(default_factory=dict)

    def on(self, page: Page) -> StandIn:
        """Stand in for the server on this page."""
        page.route("**/webchat/**", self._answer)
        return self

    def says(self, text: str = "", author: str = "bot", **more: Any) -> None:
        """A message arrives."""
        said = {"seq": len(self.messages) + 1, "author": author, "text": text, "at": AT, "buttons": [], "card": None}
        self.messages.append({**said, "progress": None, **more})

    def bodies(self, path: str) -> list[dict[str, Any]]:
        """What was posted there, in order."""
        return [body for posted, body in self.posted if posted == path]

    def _answer(self, route: Route) -> None:
        address = urlsplit(route.request.url)
        path = address.path.removeprefix("/webchat/")
        if path in self.failing:
            self.failing[path](route)
        elif route.request.method == "DELETE":
            self.taken_back.append(path.removeprefix("attachments/"))
            route.fulfill(status=204)
        elif path == "attachments":
            self._upload(route)
        elif route.request.method == "POST":
            self._posted(route, path)
        elif path == "transcript":
            route.fulfill(body="10:00 Assistant: hello", content_type="text/plain; charset=utf-8")
        else:
            after = int(parse_qs(address.query).get("after", ["0"])[0])
            self._read(route, path, [message for message in self.messages if message["seq"] > after])

    def _upload(self, route: Route) -> None:
        self.uploads.append(route.request)
        name = route.request.headers["x-file-name"]
        file = {"id": f"file{len(self.uploads)}", "name": name, "type": "image/png", "size": 1, "state": "waiting"}
        route.fulfill(status=201, json=file)

    def _posted(self, route: Route, path: str) -> None:
        body = route.request.post_data_json
        self.posted.append((path, body))
        if path == "sessions":
            self.sessions += 1
            conversation = f"web:{self.sessions}"
            route.fulfill(status=201, json={"conversation": conversation, "token": "t", "language": "en"})
        elif path == "messages":
            files = [
                {"id": file, "name": file, "size": 1, "state": "waiting"} for file in body.get("attachments") or []
            ]
            more = {"attachments": files} if files else {}
            self.says(body.get("text") or "", "customer", client_id=body["client_id"], **more)
            route.fulfill(status=202, json={"seq": len(self.messages), "at": AT})
        else:
            route.fulfill(status=204)

    def _read(self, route: Route, path: str, messages: list[dict[str, Any]]) -> None:
        if path == "messages":
            route.fulfill(json={"messages": messages, "typing": self.typing, "agent": self.agent})
            return
        events = [("message", message) for message in messages]
        events += [("typing", {"typing": self.typing}), ("agent", self.agent)]
        lines = [f"event: {name}\ndata: {json.dumps(data)}\n\n" for name, data in events]
        route.fulfill(body="".join(lines), content_type="text/event-stream")


def problem(status: int, code: str, **details: str) -> Answer:
    """An error as the bot gives it."""

    def answer(route: Route) -> None:
        headers = {"Retry-After": "1"} if status == 429 else {}
        body = {"error": {"code": code, "message": "for developers", "details": details}}
        route.fulfill(status=status, json=body, headers=headers)

    return answer


def no_line(route: Route) -> None:
    """The line breaks."""
    route.abort("connectionrefused")
