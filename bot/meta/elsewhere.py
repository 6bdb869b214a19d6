"""Somebody answers past us: in the Page's inbox, in WhatsApp's app, or another app has the conversation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import Connection

from bot.desk import sentences as desk
from bot.desk.state import BOT, HUMAN, note, record, standing
from bot.desk.takeover import taken_elsewhere
from bot.log.inbound import find_by_channel_id
from bot.log.model import Says
from bot.log.rows import add_outbound
from bot.log.work import change_mode
from bot.meta.events import Echo, Routed
from bot.meta.outcomes import note_elsewhere
from bot.meta.sentences import Say
from bot.meta.signs import confirm
from bot.webchat.rules import clean

log = structlog.get_logger()

# Under this name a colleague speaks of whom we know nothing else.
NAMES = {"messenger": "Page inbox", "whatsapp": "WhatsApp app"}
LONGEST_TEXT = 10_000


@dataclass(frozen=True)
class Elsewhere:
    """What is done about it.

    Attributes:
        app_id: Our own app.
        make_key: Makes a key nobody else has.
        say: Renders a sentence.
    """

    app_id: str
    make_key: Callable[[], str]
    say: Say

    def echo(self, connection: Connection, echo: Echo, now: datetime) -> None:
        """A message went out in our name; if it is not ours, a person has the conversation from now on."""
        if confirm(connection, echo) or (self.app_id and echo.app == self.app_id):
            return
        if find_by_channel_id(connection, echo.conversation, echo.id) is not None:
            return
        name = NAMES[echo.channel]
        taken_elsewhere(connection, echo.conversation, name, now)
        said = Says(clean(echo.text)[:LONGEST_TEXT] or "📎")
        columns = {"channel_message_id": echo.id, "staff_name": name}
        seq = add_outbound(connection, echo.conversation, "staff", said, now, **columns)
        note_elsewhere(connection, echo.conversation, seq, self.make_key(), echo.id, now)

    def routed(self, connection: Connection, event: Routed, now: datetime) -> None:
        """Control moved. Asking for it changes nothing: the Page's inbox takes it without asking."""
        if event.kind == "requested" or (event.kind == "passed" and not event.to):
            log.info("meta.control_asked_for", conversation=event.conversation)
        elif event.to != self.app_id:
            taken_elsewhere(connection, event.conversation, NAMES[event.channel], now)
        else:
            self._given_back(connection, event.conversation, now)

    def stood_by(self, connection: Connection, conversation: str, channel: str, now: datetime) -> None:
        """The customer writes to another app, and we look on."""
        taken_elsewhere(connection, conversation, NAMES[channel], now)

    def _given_back(self, connection: Connection, conversation: str, now: datetime) -> None:
        """The Page's inbox is done: the assistant goes on, and says that it does; a colleague at the desk stays."""
        before = standing(connection, conversation, lock=True)
        if before.mode != HUMAN or before.owner is not None:
            return
        change_mode(connection, conversation, BOT, before.epoch, owner_name=None, waiting_since=None, priority=None)
        note(connection, conversation, taken_at=None)
        add_outbound(connection, conversation, "system", self.say(desk.ASSISTANT_BACK, before.language), now)
        record(connection, conversation, "released", now, to="bot", elsewhere=True)
