"""A stand-in engine: answers turns as told, remembers what it was asked, and repeats itself for a repeated id."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from sanic import HTTPResponse, Request, Sanic, json

SECRET = "engine-secret-for-tests"

Answer = dict[str, Any]


def echo(question: dict[str, Any]) -> Answer:
    """Say back what was said."""
    if question.get("payload") == "/greet":
        return {"messages": [said("welcome", ("Report", "/report"))], "requests": [], "language": question["language"]}
    return {"messages": [said(f"echo {question.get('text') or question['payload']}")], "requests": []}


def said(text: str, *buttons: tuple[str, str]) -> dict[str, Any]:
    """A message of the engine."""
    offers = [{"title": title, "payload": payload} for title, payload in buttons]
    return {"text": text, "buttons": offers, "card": None, "progress": None}


class StandInEngine:
    """What the tests switch: `status`, `gate` (turns wait for it), `answer`."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.answers: dict[str, Answer] = {}
        self.answer: Callable[[dict[str, Any]], Answer] = echo
        self.status = 200
        self.gate = asyncio.Event()
        self.gate.set()
        self.arrived = asyncio.Event()
        self.arrivals = asyncio.Semaphore(0)
        self.running = 0
        self.most_running = 0

    def texts(self) -> list[str]:
        """The texts it was asked about, in order."""
        return [question["text"] for question in self.asked if "text" in question]

    async def turn(self, request: Request) -> HTTPResponse:
        """POST /turns."""
        question: dict[str, Any] = request.json
        self.asked.append(question)
        self.arrived.set()
        self.arrivals.release()
        if request.token != SECRET:
            return json({}, status=401)
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        try:
            await self.gate.wait()
        finally:
            self.running -= 1
        if self.status != 200:
            return json({"error": {"code": "x", "message": "", "details": {}}}, status=self.status)
        answer = self.answers.setdefault(question["message_id"], self.answer(question))
        return json(answer)

    async def healthy(self, request: Request) -> HTTPResponse:
        """GET /turns/ready, /health and /health/ready: it stands in for all rooms."""
        return json({}, status=self.status)

    def app(self) -> Sanic[Any, Any]:
        """The app that serves it."""
        app: Sanic[Any, Any] = Sanic("stand-in-engine", configure_logging=False)
        app.add_route(self.turn, "/turns", methods=["POST"])
        for number, path in enumerate(("/turns/ready", "/health", "/health/ready")):
            app.add_route(self.healthy, path, name=f"healthy{number}")
        return app


if __name__ == "__main__":
    Sanic.test_mode = True
    StandInEngine().app().run("127.0.0.1", 5935, single_process=True, motd=False)
