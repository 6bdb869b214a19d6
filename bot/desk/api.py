"""Puts the desk together: its parts, its addresses below /desk/api, what starts and stops with the bot."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import yaml
from sanic import Blueprint, Sanic

from bot.desk import (
    claim_calls,
    figure_calls,
    file_calls,
    policy_calls,
    reading_calls,
    session_calls,
    stream,
    writing_calls,
)
from bot.desk.backend import Backend
from bot.desk.canned import Canned
from bot.desk.desk import Desk
from bot.desk.hours import read_hours
from bot.desk.levels import Levels
from bot.desk.pages import make_desk_pages
from bot.desk.queue import Queue
from bot.desk.sessions import StaffSessions
from bot.desk.tail import Tail
from bot.desk.timers import Patience, Timers
from bot.desk.window import Windows
from bot.parts import Parts
from bot.webchat.limits import Limit
from content.facts import PROJECT_ROOT
from content.responses import Responses

PREFIX = "/desk/api"
SIGN_INS_PER_MINUTE = 10
_CONVERSATION = "/conversations/<conversation:str>"

_ROUTES: tuple[tuple[str, str, Any], ...] = (
    ("POST", "/session", session_calls.sign_in),
    ("GET", "/session", session_calls.who_am_i),
    ("DELETE", "/session", session_calls.sign_out),
    ("GET", "/staff", session_calls.list_staff),
    ("POST", "/presence", session_calls.set_state),
    ("GET", "/canned", session_calls.list_canned),
    ("GET", "/conversations", reading_calls.list_conversations),
    ("GET", _CONVERSATION, reading_calls.read_conversation),
    ("GET", "/audit", reading_calls.read_audit),
    ("POST", f"{_CONVERSATION}/take", writing_calls.take),
    ("POST", f"{_CONVERSATION}/release", writing_calls.release),
    ("POST", f"{_CONVERSATION}/assign", writing_calls.assign),
    ("POST", f"{_CONVERSATION}/close", writing_calls.close),
    ("POST", f"{_CONVERSATION}/messages", writing_calls.say_something),
    ("POST", f"{_CONVERSATION}/requests", writing_calls.request_documents),
    ("POST", f"{_CONVERSATION}/notes", writing_calls.add_note),
    ("DELETE", f"{_CONVERSATION}/files/<file_id:str>", file_calls.take_back),
    ("GET", f"{_CONVERSATION}/files/<file_id:str>", file_calls.read),
    ("PUT", f"{_CONVERSATION}/tags", writing_calls.set_tags),
    ("PUT", f"{_CONVERSATION}/draft", writing_calls.keep_draft),
    ("POST", f"{_CONVERSATION}/typing", writing_calls.typing),
    ("POST", f"{_CONVERSATION}/seen", writing_calls.mark_seen),
    ("POST", f"{_CONVERSATION}/priority", writing_calls.set_priority),
    ("POST", f"{_CONVERSATION}/callback", writing_calls.callback),
    ("POST", "/messages/<row:int>/feedback", writing_calls.give_feedback),
    ("GET", "/feedback.yml", figure_calls.export_feedback),
    ("GET", "/figures", figure_calls.read_figures),
    ("GET", "/figures.csv", figure_calls.export_figures),
    ("GET", f"{_CONVERSATION}/policy", policy_calls.read_policy),
    ("GET", "/claims/<reference:str>", claim_calls.read_claim),
    ("POST", "/claims/<reference:str>/transitions", claim_calls.move_claim),
    ("GET", "/claims/<reference:str>/evidence", claim_calls.list_evidence),
    ("GET", "/evidence/<evidence:str>/content", claim_calls.read_evidence),
    ("GET", "/events", stream.events),
)


def make_desk(parts: Parts, windows: Windows) -> Desk:
    """The desk's parts, around those of the bot."""
    settings, words = parts.settings, Responses.load()
    hours = read_hours(settings.desk_hours)
    backend = Backend(settings.claims_url, settings.claims_token)
    return Desk(
        settings=settings,
        log=parts.log,
        backend=backend,
        sessions=StaffSessions(backend, settings.desk_secret),
        queue=Queue(parts.sentences.say, hours, settings.desk_minutes_each),
        levels=Levels.read(hours, settings.desk_warning_minutes, settings.desk_breach_minutes),
        windows=windows,
        tail=Tail(parts.log, parts.hub),
        say=parts.sentences.say,
        words=words,
        canned=Canned.load(words),
        sign_in_limit=Limit(SIGN_INS_PER_MINUTE),
        intents=read_intents(),
    )


def read_intents() -> tuple[str, ...]:
    """What a customer's message can mean: the labels of the domain."""
    domain = yaml.safe_load((PROJECT_ROOT / "domain.yml").read_text(encoding="utf-8"))
    names = (next(iter(intent)) if isinstance(intent, dict) else intent for intent in domain["intents"])
    return tuple(str(name) for name in names)


def make_timers(desk: Desk) -> Timers:
    """What happens by itself."""
    settings = desk.settings
    patience = Patience(
        away=timedelta(minutes=settings.desk_away_minutes),
        wait=timedelta(minutes=settings.desk_wait_minutes),
        silent=timedelta(hours=settings.desk_silent_hours),
    )
    return Timers(desk.log, desk.say, desk.levels, patience, desk.tail.nudge)


def make_api() -> Blueprint:
    """The addresses of the desk."""
    api = Blueprint("desk_api", url_prefix=PREFIX)
    for method, path, handler in _ROUTES:
        api.add_route(handler, path, methods=[method], name=f"{method}_{handler.__name__}")
    give: Any = file_calls.give
    api.add_route(give, f"{_CONVERSATION}/files", methods=["POST"], stream=True)
    return api


def install_desk(app: Sanic[Any, Any], parts: Parts, windows: Windows) -> None:
    """Serve the desk with the bot; without BOT_DESK_SECRET there is none."""
    if not parts.settings.desk_secret:
        return
    desk = app.ctx.desk = make_desk(parts, windows)
    app.blueprint([make_api(), make_desk_pages(Responses.load(), desk.intents)])

    async def start(app: Sanic[Any, Any]) -> None:
        await desk.tail.start()
        parts.hub.on_messages = desk.tail.nudge
        app.ctx.desk_timers = asyncio.create_task(make_timers(desk).run())

    async def stop(app: Sanic[Any, Any]) -> None:
        app.ctx.desk_timers.cancel()
        await asyncio.gather(app.ctx.desk_timers, return_exceptions=True)
        await desk.tail.stop()

    async def close(app: Sanic[Any, Any]) -> None:
        await desk.backend.close()

    app.after_server_start(start)
    app.before_server_stop(stop)
    app.after_server_stop(close)
