"""A small server that stands in for the operator's customer system."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from sanic import HTTPResponse, Request, Sanic
from sanic.response import raw

from claims.adapters.operator_policies import LARGEST_ANSWER
from tests.integration.claims.claims_api import LIES
from tests.integration.claims.conftest import serving

NEW = "CYB-7001-0009"
TOKEN = "the-operator-s-token"
BORN = "1991-02-03"


def household(reference: str = NEW, **changes: Any) -> dict[str, Any]:
    """A policy as the operator's system gives it."""
    person = {"id": "1", "first_name": "Zoë", "last_name": "De Smet", "date_of_birth": BORN}
    return {
        "reference": reference,
        "email": "zoe.desmet@example.be",
        "language": "nl",
        "country": "BE",
        "confirmed_on": "2025-01-10",
        "antivirus_declared_on": None,
        "periods": [{"starts_on": "2025-01-10", "ends_on": None, "terms": "product_page"}],
        "payments": [{"due_on": "2025-01-15", "paid_on": "2025-01-14", "amount": "4.99"}],
        "persons": [person | {"relation": "holder", "family": True}],
        "something_new": "is no matter",
    } | changes


@dataclass
class Operator:
    """The customer system: what it answers can be changed while it runs."""

    policies: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    answer: Callable[[], HTTPResponse] | None = None
    drips: bool = False
    hangs: asyncio.Event | None = None
    address: str = ""

    async def handle(self, request: Request, reference: str) -> HTTPResponse | None:
        self.asked.append(reference)
        self.tokens.append(request.headers.get("authorization", ""))
        if self.hangs is not None:
            await self.hangs.wait()
        if self.drips:
            return await self._drip(request)
        if self.answer is not None:
            return self.answer()
        if reference not in self.policies:
            return as_json({"code": "policy_not_found"}, 404)
        return as_json(self.policies[reference])

    async def _drip(self, request: Request) -> None:
        stream = await request.respond(content_type="application/json")
        assert stream is not None
        for _ in range(100):
            await stream.send(b" ")
            await asyncio.sleep(0.05)


def as_json(content: Any, status: int = 200) -> HTTPResponse:
    return raw(json.dumps(content).encode(), status=status, content_type="application/json")


@asynccontextmanager
async def operator_system() -> AsyncIterator[Operator]:
    """Run it, knowing one policy."""
    system = Operator({NEW: household()})
    app: Sanic[Any, Any] = Sanic("operator", configure_logging=False)
    app.config.MOTD = app.config.ACCESS_LOG = False
    app.add_route(system.handle, "/customers/policies/<reference:str>", name="policy")
    async with serving(app) as address:
        system.address = f"{address}/customers"
        yield system


def failing() -> HTTPResponse:
    return as_json({"code": "oops"}, 500)


NONSENSE: dict[str, Callable[[], HTTPResponse]] = {
    "500": failing,
    "busy": lambda: as_json({}, 429),
    "no json": lambda: raw(b"<html>", content_type="text/html"),
    "nested": lambda: raw(b"[" * 100_000, content_type="application/json"),
    "half": lambda: as_json({"reference": LIES}),
    "another policy": lambda: as_json(household()),
    "no holder": lambda: as_json(household(LIES, persons=[])),
    "no usable id": lambda: as_json(household(LIES, persons=[household()["persons"][0] | {"id": "../x"}])),
    "no cents": lambda: as_json(
        household(LIES, payments=[{"due_on": "2025-01-15", "paid_on": None, "amount": "4.999"}])
    ),
    "no number": lambda: as_json(
        household(LIES, payments=[{"due_on": "2025-01-15", "paid_on": None, "amount": "NaN"}])
    ),
    "no day": lambda: as_json(household(LIES, confirmed_on="0001-01-01")),
    "too large": lambda: as_json(household(LIES, filler=" " * LARGEST_ANSWER)),
    "elsewhere": lambda: raw(b"", status=302, headers={"location": "/customers/policies/x"}),
    "token refused": lambda: as_json({"code": "unauthorised"}, 401),
    "nothing at this address": lambda: as_json({"error": "not found"}, 404),
    "nothing nested at this address": lambda: raw(b'{"x":' + b"[" * 100_000, status=404),
    "nothing of ours at this address": lambda: raw(b"\xff", status=404),
}
