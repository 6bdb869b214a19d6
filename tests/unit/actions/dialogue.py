"""A conversation with the actions as Rasa leads it: the form first, then the rules, then what an action asks for."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import yaml
from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from actions.claims_client import ClaimsClient
from actions.context import Context
from actions.outbox import Outbox
from actions.server import make_executor
from content.facts import PROJECT_ROOT, Facts
from content.responses import Rendered, Responses
from tests.unit.actions.fake_backend import SERVICE_TOKEN, FakeBackend

DOMAIN = yaml.safe_load((PROJECT_ROOT / "domain.yml").read_text(encoding="utf-8"))
_RULES = yaml.safe_load((PROJECT_ROOT / "data/rules/rules.yml").read_text(encoding="utf-8"))["rules"]
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
FORM = "intake_form"


def rule_actions() -> dict[str, str]:
    """Which action the rules send an intent to."""
    found: dict[str, str] = {}
    for rule in _RULES:
        first, *others = rule["steps"]
        intents = [step["intent"] for step in first.get("or", [first]) if "intent" in step]
        found |= dict.fromkeys(intents, next(step["action"] for step in others if "action" in step))
    return found


RULES = rule_actions()


def make_context(backend: FakeBackend, clock: Clock) -> Context:
    """The parts of the action server, with the backend, the clock and the keys of the tests."""
    made: list[str] = []

    def new_key() -> str:
        made.append(f"{len(made) + 1:032x}")
        return made[-1]

    return Context(
        facts=Facts.load(),
        responses=Responses.load(),
        claims=ClaimsClient("http://claims.test", SERVICE_TOKEN, backend.transport()),
        outbox=Outbox(create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})),
        now=clock,
        new_key=new_key,
    )


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **amount: float) -> None:
        self.now += timedelta(**amount)


def _entities(text: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    """Entities with their places, as far as their values stand in the text."""
    # Rasa makes an entity of each value of a list.
    single = [
        (name, each) for name, value in values.items() for each in (value if isinstance(value, list) else [value])
    ]
    places = [max(text.find(str(value)), 0) for _, value in single]
    return [
        {"entity": name, "value": value, "start": place, "end": place + len(str(value))}
        for (name, value), place in zip(single, places, strict=True)
    ]


class Dialogue:
    """One customer.

    Attributes:
        heard: What the last message was answered with, rendered as the customer sees it.
        names: The same as names of responses.
        requests: Requests to the bot service, of the whole conversation.
        files: How many files come with the messages.
    """

    def __init__(self, context: Context, language: str = "en") -> None:
        self.context, self.language = context, language
        self._executor = make_executor(context)
        self.slots: dict[str, Any] = {name: None for name in DOMAIN["slots"]} | {"misunderstood": 0}
        self.events: list[dict[str, Any]] = []
        self.loop: str | None = None
        self.files = 0
        self.heard: list[Rendered] = []
        self.names: list[str] = []
        self.progress: list[Any] = []
        self.requests: list[dict[str, Any]] = []
        self._latest: dict[str, Any] = {}
        self._last_action = "action_listen"

    @property
    def intake(self) -> dict[str, Any]:
        """What the intake knows."""
        return self.slots["intake"] or {}

    @property
    def asked(self) -> str | None:
        """The open question."""
        return self.intake.get("asked")

    @property
    def answers(self) -> dict[str, Any]:
        return dict(self.intake.get("answers") or {})

    def text(self) -> str:
        """All that was said last."""
        return "\n".join(
            part for message in self.heard for part in (message.text, json.dumps(message.card, ensure_ascii=False))
        )

    def buttons(self) -> dict[str, str]:
        """The buttons of the last answers: title -> payload."""
        return {button["title"]: button["payload"] for message in self.heard for button in message.buttons}

    def rows(self) -> dict[str, dict[str, str]]:
        """The lines of the read-back: label -> line."""
        return {row["label"]: row for message in self.heard for row in (message.card or {}).get("rows", [])}

    async def say(self, text: str, intent: str = "unsure", confidence: float = 0.3, **facts: str) -> list[str]:
        """Type a message the NLU made `intent` of; the default is what it makes of a bare value such as 3/11.

        Args:
            facts: The entities in it.
        """
        return await self._turn(text, intent, confidence, facts)

    async def say_marked(self, text: str, entities: list[dict[str, Any]]) -> list[str]:
        """Type a message in which facts were found at their places."""
        return await self._turn(text, "unsure", 0.3, {}, marked=entities)

    async def mumble(self, text: str = "asdf", *guesses: str) -> list[str]:
        """Type a message the NLU is unsure of; it takes the first guess for the likeliest."""
        ranking = [{"name": name, "confidence": 0.3 - place / 20} for place, name in enumerate(guesses)]
        return await self._turn(text, guesses[0] if guesses else "greet", 0.3, {}, ranking)

    async def press(self, payload: str) -> list[str]:
        """Press a button."""
        name, data = re.fullmatch(r"/([a-z_]+)(\{.*\})?", payload).groups()  # type: ignore[union-attr]
        return await self._turn(payload, name, 1.0, json.loads(data) if data else {})

    async def choose(self, title: str) -> list[str]:
        """Press the button of that title, which must be on offer."""
        return await self.press(self.buttons()[title])

    async def _turn(
        self,
        text: str,
        intent: str,
        confidence: float,
        entities: dict[str, Any],
        ranking: list[dict[str, Any]] | None = None,
        marked: list[dict[str, Any]] | None = None,
    ) -> list[str]:
        self.heard, self.names, self.progress = [], [], []
        self._latest = {
            "text": text,
            "intent": {"name": intent, "confidence": confidence},
            "entities": marked or _entities(text, entities),
            "metadata": {"language": self.language, "files": self.files},
            "intent_ranking": ranking or [],
            "unsure": intent == "unsure" or ranking is not None,
        }
        self._last_action = "action_listen"
        self.events.append({"event": "user", "text": text})
        if self.loop != FORM or not await self._form_takes_it():
            await self._follow(await self._run(RULES.get(intent, "action_answer")))
        return self.names

    async def _form_takes_it(self) -> bool:
        events = await self._run("validate_intake_form")
        if not any(event["event"] == "slot" and event["name"] == "intake_answer" for event in events):
            return False
        await self._ask()
        return True

    async def _ask(self) -> None:
        if self.slots["intake_answer"] is None:
            await self._run("action_ask_intake_answer")
        if self.slots["intake_answer"] is not None:
            self.loop = None
            await self._follow(await self._run("action_submit_claim"))

    async def _follow(self, events: list[dict[str, Any]]) -> None:
        following = [event["name"] for event in events if event["event"] == "followup"]
        for name in following:
            if name == FORM:
                self.loop = FORM
                await self._ask()
            else:
                await self._follow(await self._run(name))

    async def _run(self, action: str) -> list[dict[str, Any]]:
        tracker = {
            "sender_id": "conversation-1",
            "slots": dict(self.slots),
            "latest_message": self._latest,
            "events": list(self.events),
            "paused": False,
            "followup_action": None,
            "active_loop": {"name": self.loop} if self.loop else {},
            "latest_action_name": self._last_action,
        }
        call = {"next_action": action, "sender_id": "conversation-1", "tracker": tracker, "domain": DOMAIN}
        result = (await self._executor.run(call)).model_dump()
        if action != "validate_intake_form":
            self._last_action = action
        for event in result["events"]:
            if event["event"] == "slot":
                self.slots[event["name"]] = event["value"]
            if event["event"] == "active_loop":
                self.loop = event["name"]
        for message in result["responses"]:
            self._hear(message)
        return list(result["events"])

    def _hear(self, message: dict[str, Any]) -> None:
        custom = message.get("custom") or {}
        if custom.get("request"):
            self.requests.append(custom["request"])
            return
        # As engine/nlg.py does it.
        taken = {
            "template",
            "buttons",
            "attachment",
            "image",
            "elements",
            "custom",
            "quick_replies",
            "text",
            "response",
        }
        values = {key: value for key, value in message.items() if key not in taken}
        self.heard.append(self.context.responses.render(message["response"], self.language, **values))
        self.names.append(message["response"])
        self.progress.append(message.get("progress"))
        self.events.append({"event": "bot", "text": self.heard[-1].text})
