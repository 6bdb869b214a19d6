"""A small Graph server for the bot's own tests, and Meta's side of the webhook: it signs, and sends what it is told."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from itertools import count
from typing import Any

import httpx
from sanic import HTTPResponse, Request, Sanic
from sanic import json as answer_json

from bot.meta.settings import MetaSettings

APP_SECRET, VERIFY = "app-secret-for-tests", "verify-token-for-tests"
APP, PAGE, PHONE, PSID, WA_ID = "4242", "100200300", "200300400", "7001", "32470123456"
PAGE_TOKEN, PHONE_TOKEN = "page-token-for-tests", "phone-token-for-tests"
MESSENGER, WHATSAPP = f"messenger:{PAGE}:{PSID}", f"whatsapp:{PHONE}:{WA_ID}"
# A moment ago, so that whoever writes then is in time.
AT = int(time.time() * 1000) - 300_000

Body = dict[str, Any]


def meta_settings(graph_url: str, **changes: Any) -> MetaSettings:
    """Settings of a bot with a Page and a number."""
    values: dict[str, Any] = {
        "app_secret": APP_SECRET,
        "verify_token": VERIFY,
        "app_id": APP,
        "page_id": PAGE,
        "page_token": PAGE_TOKEN,
        "phone_number_id": PHONE,
        "whatsapp_token": PHONE_TOKEN,
        "graph_url": graph_url,
        "confirm_seconds": 0.3,
        "sends_per_second": 1_000.0,
    }
    return MetaSettings(**values | changes)


class Platform:
    """Remembers what it was sent; `failures` are taken first, one for each call."""

    def __init__(self) -> None:
        self.calls: list[Body] = []
        self.failures: list[Callable[[], HTTPResponse]] = []
        self.locale = "nl_BE"
        self.gate = asyncio.Event()
        self.gate.set()
        self.changed = asyncio.Condition()
        self.files: dict[str, tuple[bytes, str]] = {}
        self.profile: Body = {}
        self._numbers = count(1)

    def messages(self, to: str = PSID) -> list[Body]:
        """The messages a customer got, in order."""
        return [call for call in self.calls if not is_action(call) and address(call) == to and call["_taken"]]

    def texts(self, to: str = PSID) -> list[str]:
        """Their texts."""
        return [text_of(call) for call in self.messages(to)]

    async def until(self, *texts: str, to: str = PSID, seconds: float = 10.0) -> list[str]:
        """Wait until the customer got the last of `texts`."""
        async with asyncio.timeout(seconds), self.changed:
            await self.changed.wait_for(lambda: set(texts) <= set(self.texts(to)))
        return self.texts(to)

    async def until_calls(self, wanted: Callable[[list[Body]], bool]) -> None:
        """Wait until the calls are as wanted."""
        async with asyncio.timeout(10), self.changed:
            await self.changed.wait_for(lambda: wanted(self.calls))

    async def send(self, request: Request, account: str) -> HTTPResponse:
        """POST /{account}/messages."""
        await self.gate.wait()
        body: Body = request.json | {"_account": account, "_token": request.token, "_taken": False}
        async with self.changed:
            self.calls.append(body)
            try:
                if not is_action(body) and self.failures:
                    return self.failures.pop(0)()
                body["_taken"] = True
                return answer_json(self._taken(body))
            finally:
                self.changed.notify_all()

    def _taken(self, body: Body) -> Body:
        number = next(self._numbers)
        if "messaging_product" in body:
            body["_id"] = f"wamid.{number}"
            return {"messages": [{"id": body["_id"]}]}
        body["_id"] = f"m_{number}"
        return {"recipient_id": address(body), "message_id": body["_id"]}

    async def node(self, request: Request, node: str) -> HTTPResponse:
        """GET /{node}: a profile, or where a file is."""
        if node in self.files:
            data, kind = self.files[node]
            url = f"http://{request.host}/file/{node}"
            return answer_json({"url": url, "mime_type": kind, "sha256": hashlib.sha256(data).hexdigest()})
        return answer_json({"locale": self.locale})

    async def file(self, request: Request, node: str) -> HTTPResponse:
        """GET /file/{node}."""
        data, kind = self.files[node]
        return HTTPResponse(data, content_type=kind)

    async def set_profile(self, request: Request, account: str) -> HTTPResponse:
        """POST /{account}/messenger_profile."""
        self.profile = request.json
        return answer_json({"result": "success"})

    def app(self) -> Sanic[Any, Any]:
        """The app that serves it."""
        app: Sanic[Any, Any] = Sanic("meta-platform", configure_logging=False)
        app.add_route(self.send, "/<account:str>/messages", methods=["POST"])
        app.add_route(self.set_profile, "/<account:str>/messenger_profile", methods=["POST"])
        app.add_route(self.file, "/file/<node:str>", methods=["GET"])
        app.add_route(self.node, "/<node:str>", methods=["GET"])
        return app


def failing(status: int, code: int, subcode: int = 0) -> Callable[[], HTTPResponse]:
    """An error answer."""
    error = {"message": "", "type": "OAuthException", "code": code, "error_subcode": subcode, "fbtrace_id": "x"}
    return lambda: answer_json({"error": error}, status=status)


def is_action(body: Body) -> bool:
    """Seen or typing, not a message."""
    return "sender_action" in body or body.get("status") == "read"


def address(body: Body) -> str:
    """Whom a call is for."""
    return str(body.get("to") or body.get("recipient", {}).get("id") or "")


def text_of(body: Body) -> str:
    """What a message says."""
    if "message" in body:
        message = body["message"]
        return str(message.get("text") or message["attachment"]["payload"]["text"])
    if body["type"] == "template":
        return f"template {body['template']['name']}"
    return str(body["text"]["body"] if body["type"] == "text" else body["interactive"]["body"]["text"])


def key_of(body: Body) -> str:
    """Our key in a call."""
    return str(body.get("biz_opaque_callback_data") or body["message"]["metadata"])


def signed(body: bytes, secret: str = APP_SECRET) -> dict[str, str]:
    """The headers Meta sends with a body."""
    return {"x-hub-signature-256": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


async def post(client: httpx.AsyncClient, payload: Any) -> httpx.Response:
    """Tell the bot, as Meta does: non-ASCII escaped, signed."""
    body = json.dumps(payload).encode()
    return await client.post("/webhooks/meta", content=body, headers=signed(body))


def page(*events: Body, key: str = "messaging") -> Body:
    """A payload of the Page."""
    return {"object": "page", "entry": [{"id": PAGE, "time": AT, key: list(events)}]}


def event(at: int = 0, psid: str = PSID, **what: Any) -> Body:
    """One object of `messaging`."""
    return {"sender": {"id": psid}, "recipient": {"id": PAGE}, "timestamp": AT + at, **what}


def said(number: int, text: str, psid: str = PSID) -> Body:
    """A text on Messenger."""
    return event(number, psid, message={"mid": f"m_in_{psid}_{number}", "text": text})


def echo(mid: str, text: str, psid: str = PSID, **message: Any) -> Body:
    """A message that went out in the Page's name."""
    body = {"is_echo": True, "mid": mid, "text": text, **message}
    return {"sender": {"id": PAGE}, "recipient": {"id": psid}, "timestamp": AT, "message": body}


def account(*messages: Body, statuses: list[Body] | None = None, field: str = "messages") -> Body:
    """A payload of the WhatsApp account."""
    value: Body = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": PHONE}}
    value |= {"messages": list(messages)} if messages else {}
    value |= {"statuses": statuses} if statuses else {}
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": "1", "changes": [{"field": field, "value": value}]}],
    }


def wrote(number: int, said: str, **other: Any) -> Body:
    """A text on WhatsApp, or what else `other` makes of it."""
    base = {"from": WA_ID, "id": f"wamid.in{number}", "timestamp": str(AT // 1000 + number)}
    return base | {"type": "text", "text": {"body": said}} | other
