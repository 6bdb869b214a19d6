"""How the desk's answers look: plain functions from what was read to JSON."""

from __future__ import annotations

from datetime import datetime
from itertools import accumulate
from typing import Any

from bot.desk.delivery import delivery_json
from bot.desk.levels import Levels
from bot.desk.listing import Found, Spoken
from bot.desk.masking import preview, without_codes
from bot.desk.members import Member
from bot.desk.reading import Opened
from bot.desk.state import Standing
from bot.desk.summary import Words, summary_of
from bot.desk.window import Windows
from bot.meta.window import Window
from bot.webchat.wire import moment


def at(value: datetime | None) -> str | None:
    """A moment, or null."""
    return None if value is None else moment(value)


def member_json(member: Member) -> dict[str, Any]:
    """Who is signed in."""
    return {
        "username": member.username,
        "name": member.name,
        "role": member.role,
        "permissions": sorted(member.permissions),
    }


def row_json(found: Found, claims: list[str], levels: Levels, windows: Windows, now: datetime) -> dict[str, Any]:
    """A line of a list."""
    row = found.row
    waiting = row["waiting_since"] if row["mode"] == "waiting" else None
    return {
        **{name: row[name] for name in ("id", "channel", "language", "mode", "epoch", "priority", "reason")},
        "owner": row["owner"],
        "owner_name": row["owner_name"],
        "waiting_since": at(row["waiting_since"]),
        "last_at": at(row["last_at"]),
        **_last_json(found.last),
        "undelivered": found.undelivered,
        "unread": found.unread,
        "tags": row["tags"] or [],
        "claim": claims[0] if claims else None,
        "incident": (row["knows"] or {}).get("incident"),
        "level": levels.level(waiting, row["priority"], now),
        "window": window_json(windows.of(row["channel"], found.last_inbound, now)),
        "closed_at": at(row["closed_at"]),
    }


def _last_json(last: Spoken | None) -> dict[str, Any]:
    """The customer's last words, or the names of the files they gave without any; else who spoke, and no words."""
    said = (last.text or ", ".join(last.files)) if last is not None else ""
    return {
        "last_text": preview(said),
        "last_by": None if last is None else last.by,
        "last_said_at": None if last is None else moment(last.at),
    }


def window_json(shown: Window) -> dict[str, Any]:
    """How, and until when, a customer can be written to."""
    return {"how": shown.how, "until": at(shown.until)}


def standing_json(standing: Standing, levels: Levels, now: datetime) -> dict[str, Any]:
    """Where a conversation stands."""
    waiting = standing.waiting_since if standing.mode == "waiting" else None
    names: tuple[str, ...] = ("id", "channel", "language", "mode", "epoch", "priority", "reason", "owner", "owner_name")
    names += ("rating", "rating_reason", "page")
    return {
        **{name: getattr(standing, name) for name in names},
        "waiting_since": at(standing.waiting_since),
        "taken_at": at(standing.taken_at),
        "closed_at": at(standing.closed_at),
        "created_at": at(standing.created_at),
        "last_at": at(standing.last_at),
        "seen_seq": standing.seen_seq,
        "level": levels.level(waiting, standing.priority, now),
    }


def opened_json(
    opened: Opened, words: Words, levels: Levels, windows: Windows, now: datetime, language: str
) -> dict[str, Any]:
    """A conversation with everything in it."""
    standing, said = opened.standing, _said(opened)
    line = list(zip(_in_order(opened.messages), said, strict=True))
    line += [(row["at"], note_json(row)) for row in opened.notes]
    line += [(row["at"], event_json(row)) for row in opened.events]
    understood = [each for each in said if each.get("understood")]
    return {
        "conversation": standing_json(standing, levels, now),
        # By the whole moment: what is shown of it ends at the second. Sorting keeps the order of the log.
        "messages": [shown for _, shown in sorted(line, key=lambda each: each[0])],
        "handovers": [handover_json(row) for row in opened.handovers],
        "callbacks": [callback_json(row) for row in opened.callbacks],
        "summary": summary_of(standing.knows, said, standing.reason, words, language),
        "tags": standing.tags or [],
        "window": window_json(windows.of(standing.channel, opened.last_inbound, now)),
        "claims": opened.claims,
        "understood": understood[-1]["understood"] if understood else None,
        "draft": opened.draft,
    }


def _said(opened: Opened) -> list[dict[str, Any]]:
    """The messages, each with how far it came."""
    channel, read_seq = opened.standing.channel, opened.standing.read_seq
    return [
        message_json(row) | {"delivery": delivery_json(row, channel, read_seq, opened.states)}
        for row in opened.messages
    ]


def _in_order(rows: list[dict[str, Any]]) -> list[datetime]:
    """When each message has its place: never before the one it follows, whatever the clock of a platform said."""
    return list(accumulate((row["at"] for row in rows), max))


def message_json(row: dict[str, Any]) -> dict[str, Any]:
    """A message, or what the assistant would have said (a draft)."""
    customer = row["author"] == "customer"
    shown: dict[str, Any] = {
        "kind": "draft" if row["draft"] else "message",
        "row": row["id"],
        "seq": row["seq"],
        "author": row["author"],
        "text": without_codes(row["text"]) if customer else row["text"],
        "at": moment(row["at"]),
        "buttons": row["buttons"] or [],
        "card": row["card"],
        "attachments": row["attachments"] or [],
        "staff_name": row["staff_name"],
    }
    if customer:
        shown |= {"understood": _understood(row), "feedback": row["feedback"], "pressed": bool(row["payload"])}
    return shown


def _understood(row: dict[str, Any]) -> dict[str, Any] | None:
    """What was made of a message, with values of entities as far as staff may see them."""
    found: dict[str, Any] | None = row["understood"]
    if not found:
        return None
    entities = [
        {**entity, "value": without_codes(str(entity["value"])) if entity.get("value") else None}
        for entity in found.get("entities") or ()
    ]
    return {**found, "entities": entities}


def note_json(row: dict[str, Any]) -> dict[str, Any]:
    """A private note."""
    return {
        "kind": "note",
        "id": row["id"],
        "username": row["username"],
        "staff_name": row["name"],
        "text": row["text"],
        "at": moment(row["at"]),
    }


def event_json(row: dict[str, Any]) -> dict[str, Any]:
    """Something that happened."""
    return {
        "kind": "event",
        "id": row["id"],
        "event": row["kind"],
        "username": row["username"],
        "staff_name": row["name"],
        "data": row["data"] or {},
        "at": moment(row["at"]),
    }


def handover_json(row: dict[str, Any]) -> dict[str, Any]:
    """A request for a person."""
    names = ("reason", "priority", "language", "state")
    return {**{name: row[name] for name in names}, "at": moment(row["at"])}


def callback_json(row: dict[str, Any]) -> dict[str, Any]:
    """Somebody to be called or written to."""
    names = ("id", "kind", "contact", "done_by")
    moments = {name: at(row[name]) for name in ("due_at", "done_at", "at")}
    return {**{name: row[name] for name in names}, **moments}
