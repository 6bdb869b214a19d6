"""The turn channel: one message in, the list of answers out. It sends nothing itself."""

from __future__ import annotations

import asyncio
import copy
import hmac
import logging
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import rasa.utils.endpoints
from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from rasa.shared.core.constants import DEFAULT_INTENTS
from rasa.shared.core.events import BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from content import LANGUAGES
from engine.nlg import ResponseGenerator, language_of
from engine.stores import unwrap
from engine.views import knows, understood

logger = logging.getLogger(__name__)

REMEMBERED = 5_000
MAX_CHARACTERS = 4_000
ACTION_SECONDS = 20
_IDENTITY = {"token", "expires_at", "policy", "name"}
_PAYLOAD = re.compile(r"/([a-z_]{1,40})(\{.{0,500}\})?")

Answer = dict[str, Any]

FAILED_ACTION: Answer = {"kind": "handover", "reason": "failed_action", "priority": "high", "after": None}


class InvalidTurn(Exception):
    """The request is not a turn; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def parse_turn(body: Any, intents: set[str]) -> tuple[str, str, str, str | None]:
    """Read the request body.

    Args:
        intents: What a payload may name. Rasa's own (`restart`, `back`, `session_start`) are not among them.

    Returns:
        conversation, message id, the text for Rasa, the language offered.

    Raises:
        InvalidTurn: Something is missing or of the wrong kind.
    """
    if not isinstance(body, dict):
        raise InvalidTurn("invalid_body")
    conversation, message_id = body.get("conversation"), body.get("message_id")
    if not isinstance(conversation, str) or not isinstance(message_id, str) or not conversation or not message_id:
        raise InvalidTurn("conversation_and_message_id_needed")
    language = body.get("language") if body.get("language") in LANGUAGES else None
    payload, text = body.get("payload"), body.get("text")
    if isinstance(payload, str) and text is None:
        match = _PAYLOAD.fullmatch(payload)
        if not match or match[1] not in intents:
            raise InvalidTurn("invalid_payload")
        return conversation, message_id, payload, language
    if isinstance(text, str) and payload is None:
        return conversation, message_id, as_words(text), language
    raise InvalidTurn("text_or_payload_needed")


@dataclass(frozen=True)
class Beside:
    """What comes with a message.

    Attributes:
        files: How many files.
        identity: Who the customer proved to be outside the dialogue: token, expires_at, policy, name. It goes into
            the slot and nowhere else: not into the event of the message, and not into a log.
    """

    files: int = 0
    identity: dict[str, Any] | None = field(default=None, repr=False)


def parse_beside(body: dict[str, Any]) -> Beside:
    """Read what comes with a message.

    Raises:
        InvalidTurn: It is of the wrong kind.
    """
    files, identity = body.get("files", 0), body.get("identity")
    if not isinstance(files, int) or files < 0:
        raise InvalidTurn("invalid_files")
    if identity is not None and (not isinstance(identity, dict) or identity.keys() != _IDENTITY):
        raise InvalidTurn("invalid_identity")
    return Beside(files, identity)


def as_words(text: str) -> str:
    """Take from a typed message what Rasa would run as a command: `/restart` is just the word "restart"."""
    words = re.sub(r"^[\s/]+", "", text[:MAX_CHARACTERS])
    return words or "?"


class TurnOutput(OutputChannel):
    """Collects the answers of one turn."""

    def __init__(self) -> None:
        self.sent: list[Answer] = []

    @classmethod
    def name(cls) -> str:
        """The channel's name."""
        return "turn"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep a copy: the dictionary also stands in the event that Rasa stores afterwards."""
        self.sent.append(copy.deepcopy({key: message.get(key) for key in ("text", "buttons", "custom")}))


def to_answer(sent: list[Answer], language: str) -> Answer:
    """Sort what an action uttered into messages for the customer and requests to the bot service."""
    messages: list[Answer] = []
    requests: list[Answer] = []
    for item in sent:
        custom = item.get("custom") or {}
        if custom.get("request"):
            # Where it was made, so that what the bot says of it comes at the right place.
            requests.append({**custom["request"], "after": len(messages)})
            continue
        language = custom.get("language") or language
        messages.append(
            {
                "text": item.get("text") or "",
                "buttons": item.get("buttons") or [],
                "card": custom.get("card"),
                "progress": custom.get("progress"),
            }
        )
    return {"messages": messages, "requests": requests, "language": language}


class TurnChannel(InputChannel):
    """Serves POST /turns for the bot service, with a shared secret."""

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self._answered: OrderedDict[str, tuple[str, Answer]] = OrderedDict()
        self._running: dict[tuple[str, str], asyncio.Task[Answer]] = {}

    @classmethod
    def name(cls) -> str:
        """The channel's name."""
        return "turn"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> TurnChannel:
        """Read the secret from credentials.yml.

        Raises:
            RasaException: There is none, or it is short.
        """
        secret = str((credentials or {}).get("secret") or "")
        if len(secret) < 16 or secret.startswith("${"):
            raise RasaException("ENGINE_TURN_SECRET must be a secret of 16 characters or more")
        return cls(secret)

    def url_prefix(self) -> str:
        """An absolute prefix, so that the channel is not below /webhooks."""
        return "/turns"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The two routes of the channel."""
        blueprint = Blueprint("turns")

        # Sanic marks the functions it routes to, which it cannot do on bound methods.
        async def take(request: Request) -> HTTPResponse:
            return await self._take(request)

        async def ready(request: Request) -> HTTPResponse:
            return await self._ready(request)

        blueprint.add_route(take, "/", methods=["POST"], strict_slashes=False)
        blueprint.add_route(ready, "/ready", methods=["GET"])

        @blueprint.listener("after_server_start")
        async def prepare(app: Sanic, _: Any) -> None:
            # Rasa waits five minutes for an action and has no setting for it; the bot gives a turn thirty seconds.
            rasa.utils.endpoints.DEFAULT_REQUEST_TIMEOUT = ACTION_SECONDS
            agent: Agent = app.ctx.agent
            store = unwrap(agent.tracker_store)
            agent.tracker_store = store
            if agent.processor:
                agent.processor.tracker_store = store

        return blueprint

    def _allowed(self, request: Request) -> bool:
        given = request.headers.get("authorization", "")
        return hmac.compare_digest(given.encode(errors="replace"), f"Bearer {self._secret}".encode())

    def _refusal(self, request: Request) -> HTTPResponse | None:
        """Why the request cannot be taken, None when it can."""
        if not self._allowed(request):
            return _error(401, "unauthorised")
        agent: Agent | None = request.app.ctx.agent
        if agent is None or not agent.is_ready():
            return _error(503, "model_not_loaded")
        return None

    async def _ready(self, request: Request) -> HTTPResponse:
        return self._refusal(request) or response.json({"ready": True})

    async def _take(self, request: Request) -> HTTPResponse:
        refusal = self._refusal(request)
        if refusal:
            return refusal
        agent: Agent = request.app.ctx.agent
        try:
            turn = parse_turn(request.json, set(agent.domain.intents) - set(DEFAULT_INTENTS))
            beside = parse_beside(request.json)
        except InvalidTurn as error:
            return _error(422, error.code)
        except Exception:  # Sanic's own exception for a body that is not JSON differs between its releases.
            return _error(400, "invalid_json")
        # A caller that hangs up must not cancel the turn half-way: Rasa stores the tracker only at its end. Asked
        # again meanwhile, the turn that runs answers both.
        key = turn[0], turn[1]
        task = self._running.get(key)
        if task is None:
            task = self._running[key] = asyncio.ensure_future(self._turn(agent, *turn, beside))
            task.add_done_callback(lambda _: self._running.pop(key, None))
        try:
            return response.json(await asyncio.shield(task))
        except Exception:
            logger.exception("The turn failed.")
            return _error(500, "turn_failed")

    async def _turn(
        self, agent: Agent, conversation: str, message_id: str, text: str, language: str | None, beside: Beside
    ) -> Answer:
        known = self._answered.get(conversation)
        if known is None:
            known = await self._from_tracker(agent, conversation, message_id, language)
        if known and known[0] == message_id:
            return known[1]
        if beside.identity is not None:
            await _introduce(agent, conversation, beside.identity)
        output = TurnOutput()
        await agent.handle_message(
            UserMessage(
                text,
                output,
                conversation,
                input_channel=self.name(),
                message_id=message_id,
                metadata={"language": language} | ({"files": beside.files} if beside.files else {}),
            )
        )
        answer = to_answer(output.sent, language or "en")
        if not answer["messages"]:
            answer["messages"] = [await self._excuse(agent, conversation)]
            answer["requests"].append(FAILED_ACTION)
        tracker = unwrap(agent.tracker_store).take_saved(conversation)
        if tracker is not None:
            answer |= _views(tracker)
        self._remember(conversation, message_id, answer)
        return answer

    async def _excuse(self, agent: Agent, conversation: str) -> Answer:
        """A failed action is silent in Rasa; the customer must still hear something."""
        tracker = await agent.tracker_store.get_or_create_tracker(conversation)
        generator = agent.nlg if isinstance(agent.nlg, ResponseGenerator) else ResponseGenerator()
        rendered = generator.render("action_failed", language_of(tracker), {})
        return {"text": rendered.text, "buttons": rendered.buttons, "card": rendered.card, "progress": None}

    async def _from_tracker(
        self, agent: Agent, conversation: str, message_id: str, language: str | None
    ) -> tuple[str, Answer] | None:
        """After a restart: the answers to the last message, if it is this one, stand in the tracker."""
        tracker = await agent.tracker_store.retrieve(conversation)
        if tracker is None:
            return None
        sent: list[Answer] = []
        for event in reversed(tracker.events):
            if isinstance(event, BotUttered):
                sent.append({"text": event.text, **{key: event.data.get(key) for key in ("buttons", "custom")}})
            elif isinstance(event, UserUttered):
                if event.message_id == message_id:
                    return message_id, to_answer(sent[::-1], language or "en") | _views(tracker)
                return None
        return None

    def _remember(self, conversation: str, message_id: str, answer: Answer) -> None:
        self._answered[conversation] = (message_id, answer)
        self._answered.move_to_end(conversation)
        while len(self._answered) > REMEMBERED:
            self._answered.popitem(last=False)


async def _introduce(agent: Agent, conversation: str, identity: dict[str, Any]) -> None:
    """Tell the dialogue who the customer is, before the turn in which it greets them."""
    async with agent.lock_store.lock(conversation):
        tracker = await agent.tracker_store.get_or_create_tracker(conversation)
        tracker.update(SlotSet("identity", identity))
        await agent.tracker_store.save(tracker)


def _views(tracker: DialogueStateTracker) -> Answer:
    return {"understood": understood(tracker), "knows": knows(tracker)}


def _error(status: int, code: str) -> HTTPResponse:
    return response.json({"error": {"code": code, "message": code.replace("_", " "), "details": {}}}, status=status)
