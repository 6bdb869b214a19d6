"""Everything the running stand-in is made of, handed to its routes."""

from __future__ import annotations

import secrets
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from sanic import Request

from demo.meta.accounts import TEMPLATE
from demo.meta.behaviour import Behaviour, Faults
from demo.meta.dispatch import Dispatcher
from demo.meta.model import Media, World
from demo.meta.rates import Rates
from demo.meta.settings import Settings
from demo.meta.stage import Stage

_CALLS, _MOST_MEDIA = 5_000, 500


@dataclass
class Hall:
    """The parts of one stand-in.

    Attributes:
        ahead: Seconds by which its clock is ahead of the machine's.
        templates: Names of the WhatsApp templates that were approved.
        calls: The last calls of the Graph API.
        complaints: What the platform put right silently.
    """

    settings: Settings
    world: World
    dispatcher: Dispatcher
    address: str
    behaviour: Behaviour = field(default_factory=Behaviour)
    faults: Faults = field(default_factory=Faults)
    rates: Rates = field(default_factory=Rates)
    ahead: float = 0.0
    templates: set[str] = field(default_factory=lambda: {TEMPLATE})
    calls: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=_CALLS))
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.stage = Stage(self.world, self.dispatcher, lambda: self.behaviour, self.now, self.new_id, self.address)

    def now(self) -> float:
        """Seconds since 1970, on this clock."""
        return time.time() + self.ahead

    def new_id(self) -> str:
        """An id nobody can guess, and that no earlier run has given."""
        return secrets.token_urlsafe(24)

    def keep_media(self, platform: str, name: str, type: str, body: bytes) -> Media:
        """Keep a file under an id of digits only, as WhatsApp's are; the oldest are forgotten."""
        id = str(int.from_bytes(self.new_id().encode()[:7], "big"))
        media = self.world.media[id] = Media(id, platform, name[:200], type, body, self.now(), self.new_id())
        for old in list(self.world.media)[:-_MOST_MEDIA]:
            del self.world.media[old]
        return media

    def note_call(self, method: str, what: str, status: int, body: Any) -> None:
        """Remember a call of the Graph API for tests to look at."""
        self.calls.append({"method": method, "what": what, "status": status, "body": body, "at": self.now()})


def hall_of(request: Request) -> Hall:
    """The parts of the stand-in that serves this request."""
    hall: Hall = request.app.ctx.hall
    return hall
