"""Reads the engine's answer to a turn; a pure function of its bytes."""

from __future__ import annotations

from typing import Any

import msgspec

from bot.log.model import Handover, Outcome, Says
from bot.settings import LANGUAGES


class _Message(msgspec.Struct):
    text: str = ""
    buttons: list[dict[str, Any]] | None = None
    card: dict[str, Any] | None = None
    progress: dict[str, Any] | None = None


class _Request(msgspec.Struct):
    kind: str
    reason: str | None = None
    priority: str | None = None
    after: int | None = None


class _Answer(msgspec.Struct):
    messages: list[_Message]
    requests: list[_Request] = []
    language: str | None = None
    understood: dict[str, Any] | None = None
    knows: dict[str, Any] | None = None


def read_answer(body: bytes) -> Outcome:
    """Turn the engine's JSON into an outcome, leaving out messages with nothing in them.

    Raises:
        ValueError: It does not have the shape of the contract.
    """
    answer = _decode(body)
    said = (Says(each.text, each.buttons or [], each.card, each.progress) for each in answer.messages)
    wanted = (request for request in answer.requests if request.kind == "handover")
    return Outcome(
        says=tuple(says for says in said if says.text.strip() or says.buttons or says.card),
        handovers=tuple(Handover(each.reason or "unknown", each.priority or "normal", each.after) for each in wanted),
        language=answer.language if answer.language in LANGUAGES else None,
        understood=answer.understood,
        knows=answer.knows,
    )


def _decode(body: bytes) -> _Answer:
    try:
        return msgspec.json.decode(body, type=_Answer)
    except RecursionError:
        raise ValueError("nested too deeply") from None
