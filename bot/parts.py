"""Everything the running bot is made of, put together once and handed to the routes."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from sanic import Request

from bot.desk.hours import read_hours
from bot.desk.queue import Queue
from bot.desk.turns import DeskTurns
from bot.files.carrier import Carrier
from bot.files.claims import EvidenceClient
from bot.files.claims import make_client as make_claims_client
from bot.files.folder import Folder
from bot.files.store import Files
from bot.hub import Hub
from bot.log.store import Log
from bot.metrics import Metrics
from bot.pages import Site
from bot.sentences import Sentences
from bot.settings import BotSettings
from bot.turns.engine import EngineClient, make_client
from bot.turns.introductions import Introductions
from bot.turns.pace import Pace
from bot.turns.turn import Stepper
from bot.turns.workers import Workers
from bot.webchat.identities import IdentityClient
from bot.webchat.limits import Limit
from bot.webchat.tokens import Tokens

T = TypeVar("T")

# A file is taken, scanned and copied before the claims backend answers.
FILE_SECONDS = 60.0
# A sign of life every two seconds, for as long as somebody writes.
TYPING_PER_MINUTE = 60


@dataclass
class Parts:
    """The parts of one bot."""

    settings: BotSettings
    log: Log
    hub: Hub
    engine: EngineClient
    workers: Workers
    sentences: Sentences
    metrics: Metrics
    tokens: Tokens
    message_limit: Limit
    session_limit: Limit
    site: Site
    files: Files
    file_limit: Limit
    carrier: Carrier
    introductions: Introductions
    identities: IdentityClient
    typing_limit: Limit
    running: set[asyncio.Task[Any]] = field(default_factory=set)

    async def to_the_end(self, work: Coroutine[Any, Any, T]) -> T:
        """Wait for `work`, which goes on even if the caller's connection is lost.

        A message that is stored must also wake its worker, whether or not the customer still listens.
        """
        task = asyncio.create_task(work)
        self.running.add(task)
        task.add_done_callback(self.running.discard)
        return await asyncio.shield(task)


def build_parts(
    settings: BotSettings, log: Log, sentences: Sentences, site: Site, *, pace: Pace | None = None
) -> Parts:
    """Put the parts together."""
    hub, metrics = Hub(), Metrics()
    client = make_client(
        settings.engine_url,
        settings.engine_secret,
        seconds=settings.turn_seconds,
        connect=settings.connect_seconds,
    )
    engine = EngineClient(client, seconds=settings.turn_seconds, concurrency=settings.engine_concurrency)
    queue = Queue(sentences.say, read_hours(settings.desk_hours), settings.desk_minutes_each)
    desk_turns = DeskTurns(queue, sentences.say)
    pace = pace or Pace()
    folder = Folder(Path(settings.files_dir), settings.file_max_bytes)
    claims = make_claims_client(settings.claims_url, settings.claims_token, seconds=FILE_SECONDS)
    introductions = Introductions()
    stepper = Stepper(log, engine, hub, sentences, metrics, desk_turns, settings.error_answers, introductions)
    return Parts(
        settings=settings,
        log=log,
        hub=hub,
        engine=engine,
        workers=Workers(stepper, log, pace),
        sentences=sentences,
        metrics=metrics,
        tokens=Tokens(settings.token_secret, seconds=settings.session_days * 86_400),
        message_limit=Limit(settings.messages_per_minute),
        session_limit=Limit(settings.sessions_per_minute),
        site=site,
        files=Files(log, folder, settings.files_total_bytes, settings.files_given_bytes),
        file_limit=Limit(settings.files_per_hour, 3_600.0),
        carrier=Carrier(log, folder, EvidenceClient(claims), hub, sentences, pace),
        introductions=introductions,
        identities=IdentityClient(claims),
        typing_limit=Limit(TYPING_PER_MINUTE),
    )


def parts_of(request: Request) -> Parts:
    """The parts of the bot that serves this request."""
    parts: Parts = request.app.ctx.parts
    return parts
