"""What staff may see of the dialogue: how a message was understood, and what is known of the customer's case."""

from __future__ import annotations

from typing import Any

from rasa.shared.core.trackers import DialogueStateTracker

RANKED = 5
LONGEST = 300
FORM = "intake_form"
# What proves who a customer is stays between them and the claims backend: nobody of the staff sees a one-time code.
_PROOFS = {"policy_reference", "date_of_birth", "one_time_code"}
# Their values are masked wherever they are found, so only that they were there is told.
_MASKED = {"card_number", "iban", "national_number", "code", "password"}


def understood(tracker: DialogueStateTracker) -> dict[str, Any] | None:
    """What was made of the latest message: intent, confidence, the likeliest meanings, entities."""
    message = tracker.latest_message
    if message is None:
        return None
    parsed = message.parse_data or {}
    ranking = (_meaning(each) for each in (parsed.get("intent_ranking") or [])[:RANKED])
    return {
        **_meaning(parsed.get("intent") or {}),
        "unsure": bool(parsed.get("unsure")),
        "ranking": list(ranking),
        "entities": [_entity(each) for each in parsed.get("entities") or []],
    }


def knows(tracker: DialogueStateTracker) -> dict[str, Any]:
    """What the dialogue knows: the incident, the answers so far, the open question, who the customer proved to be."""
    slots = tracker.current_slot_values()
    intake, identity = slots.get("intake") or {}, slots.get("identity") or {}
    running = (tracker.active_loop_name or "") == FORM
    answers = {name: value for name, value in (intake.get("answers") or {}).items() if name not in _PROOFS}
    return {
        "incident": intake.get("incident") or slots.get("incident"),
        "task": intake.get("task") if intake else None,
        "in_intake": running,
        "asked": intake.get("asked") if running else None,
        "answers": answers,
        "left_open": list(intake.get("left_open") or ()),
        "finding": intake.get("finding"),
        "draft": bool(intake.get("draft")),
        "identified": bool(identity),
        "name": identity.get("name"),
        "policy": (identity.get("policy") or {}).get("reference"),
        "distressed": bool(slots.get("distressed")),
    }


def _meaning(intent: dict[str, Any]) -> dict[str, Any]:
    return {"intent": intent.get("name"), "confidence": round(float(intent.get("confidence") or 0.0), 3)}


def _entity(entity: dict[str, Any]) -> dict[str, Any]:
    name = str(entity.get("entity"))
    return {"entity": name, "value": None if name in _MASKED else str(entity.get("value"))[:LONGEST]}
