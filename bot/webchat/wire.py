"""How things look on the wire: messages as JSON, events as server-sent events."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from bot.files.model import Attachment
from bot.log.model import Accepted, Message

HEARTBEAT = ": still here\n\n"


def moment(at: datetime) -> str:
    """A moment as the contract writes it: 2026-01-31T10:00:00Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def accepted_json(accepted: Accepted) -> dict[str, Any]:
    """Where a message stands."""
    return {"seq": accepted.seq, "at": moment(accepted.at)}


def message_json(message: Message) -> dict[str, Any]:
    """A message as the contract describes it."""
    shown: dict[str, Any] = {
        "seq": message.seq,
        "author": message.author,
        "text": message.text,
        "at": moment(message.at),
        "buttons": message.buttons,
        "card": message.card,
        "progress": message.progress,
    }
    if message.attachments:
        shown["attachments"] = message.attachments
    if message.staff_name:
        shown["staff_name"] = message.staff_name
    if message.author == "customer" and message.client_id:
        shown["client_id"] = message.client_id
    return shown


def message_event(message: Message) -> str:
    """A message as an event; its seq is the id a client comes back with."""
    return f"id: {message.seq}\nevent: message\ndata: {_data(message_json(message))}\n\n"


def typing_event(on: bool) -> str:
    """A turn runs, or no longer."""
    return f"event: typing\ndata: {_data({'typing': on})}\n\n"


def agent_event(agent: dict[str, Any]) -> str:
    """Who answers from now on."""
    return f"event: agent\ndata: {_data(agent)}\n\n"


def attachment_json(file: Attachment) -> dict[str, Any]:
    """How a file of a message stands."""
    return {"seq": file.seq, "id": file.id, "state": file.state} | ({"error": file.error} if file.error else {})


def attachment_event(file: Attachment) -> str:
    """What became of a file of an earlier message."""
    return f"event: attachment\ndata: {_data(attachment_json(file))}\n\n"


def opening(retry_milliseconds: int) -> str:
    """The start of a stream: how long a browser waits before it comes back."""
    return f"retry: {retry_milliseconds}\n\n"


def _data(value: dict[str, Any]) -> str:
    # json.dumps writes no line ends, so one data line always holds it all.
    return json.dumps(value, ensure_ascii=False)
