"""Lists of conversations, one conversation, and the audit trail."""

from __future__ import annotations

from typing import Any

from sanic import HTTPResponse, Request, json
from sqlalchemy import Connection

from bot.desk import listing
from bot.desk.audit import audit, audit_view, trail
from bot.desk.desk import Desk
from bot.desk.guard import needs
from bot.desk.members import AUDIT, READ, Member
from bot.desk.reading import claims_of, open_up
from bot.desk.views import opened_json, row_json
from bot.settings import LANGUAGES
from bot.webchat.wire import moment
from common.errors import BadRequest

LIMIT = 100
_CHANNELS = ("web", "messenger", "whatsapp")
_PRIORITIES = ("urgent", "high", "normal", "low")


@needs(READ)
async def list_conversations(request: Request, desk: Desk, member: Member) -> HTTPResponse:
    """One part of a list of conversations."""
    return json(await desk.read(_list, desk, member, _wanted(request)))


@needs(READ)
async def read_conversation(request: Request, desk: Desk, member: Member, conversation: str) -> HTTPResponse:
    """Everything about a conversation; that it was seen stands in the audit trail."""
    language = request.args.get("language") or ""
    return json(await desk.read(_read, desk, member, conversation, language if language in LANGUAGES else "en"))


@needs(AUDIT)
async def read_audit(request: Request, desk: Desk, member: Member) -> HTTPResponse:
    """The audit trail, the newest first; reading it is an entry too."""
    before = _number(request, "after")
    subject, actor = (request.args.get(name) or None for name in ("subject", "actor"))
    return json(await desk.read(_trail, desk, member, before, subject, actor))


def _list(connection: Connection, desk: Desk, member: Member, wanted: listing.Wanted) -> dict[str, Any]:
    now = desk.now()
    found, following = listing.find(connection, wanted, member.username)
    shown = [row_json(each, claims_of(connection, each.row["id"]), desk.levels, desk.windows, now) for each in found]
    if wanted.q:
        audit(connection, desk.settings.desk_secret, member, "conversations_searched", "conversations", now)
    return {
        "conversations": shown,
        "next": None if following is None else str(following),
        "counts": listing.counts(connection, member.username),
    }


def _read(connection: Connection, desk: Desk, member: Member, conversation: str, language: str) -> dict[str, Any]:
    now = desk.now()
    opened = open_up(connection, conversation, member.username)
    shown = opened_json(opened, desk.words, desk.levels, desk.windows, now, language)
    subject = f"conversation:{conversation}"
    audit_view(connection, desk.settings.desk_secret, member, "conversation_read", subject, now)
    return shown


def _trail(
    connection: Connection, desk: Desk, member: Member, before: int | None, subject: str | None, actor: str | None
) -> dict[str, Any]:
    key, now = desk.settings.desk_secret, desk.now()
    kept = trail(connection, key)
    entries = kept.part(LIMIT + 1, before=before, subject=subject, actor=actor)
    # The whole chain is read for that: once, not for each part.
    broken = kept.broken_at() if before is None else None
    audit(connection, key, member, "audit_read", "audit", now)
    return {
        "entries": [{**each, "at": moment(each["at"])} for each in entries[:LIMIT]],
        "next": str(entries[LIMIT - 1]["number"]) if len(entries) > LIMIT else None,
        "intact": broken is None,
        "broken_at": broken,
    }


def _wanted(request: Request) -> listing.Wanted:
    asked = {name: request.args.get(name) or "" for name in ("view", "language", "channel", "priority", "q")}
    allowed = {
        "view": ("", *listing.VIEWS),
        "language": ("", *LANGUAGES),
        "channel": ("", *_CHANNELS),
        "priority": ("", *_PRIORITIES),
    }
    for name, values in allowed.items():
        if asked[name] not in values:
            raise BadRequest("invalid_query", f"{name} is none of those there are.", field=name)
    return listing.Wanted(**{**asked, "view": asked["view"] or "waiting"}, after=_number(request, "after") or 0)


def _number(request: Request, name: str) -> int | None:
    raw = request.args.get(name) or ""
    if not raw:
        return None
    if not (raw.isascii() and raw.isdigit() and len(raw) <= 9):
        raise BadRequest("invalid_after", "after is not what an answer said.")
    return int(raw)
