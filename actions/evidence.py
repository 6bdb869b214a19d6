"""Files the customer gives: what is said of them. The bot says thanks, and brings them to the claims backend."""

from __future__ import annotations

from typing import Any

import structlog
from rasa_sdk import Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.claims_client import ClaimsError, ClaimsUnavailable
from actions.context import FORM, Context, ContextAction, in_form
from actions.intake import flow
from actions.intake.state import Intake

log = structlog.get_logger()

DRAFT, CLAIM = "draft", "claim"


def files_of(tracker: Tracker) -> int:
    """How many files came with the latest message."""
    return int((tracker.latest_message.get("metadata") or {}).get("files") or 0)


class ActionGiveEvidence(ContextAction):
    """Files came without a word: says what happens to them, or asks the open question again."""

    action_name = "action_give_evidence"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        """Answer files."""
        return [SlotSet("misunderstood", 0), *await tell_where(self.context, dispatcher, tracker)]


async def tell_where(context: Context, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
    """Say where the files of this message go; in the middle of a claim that is plain, and its question comes again."""
    intake = Intake.from_slot(tracker.get_slot("intake"))
    if not (in_form(tracker) and intake is not None and intake.task == flow.CLAIM):
        dispatcher.utter_message(**await _where(context, tracker))
    return [FollowupAction(FORM)] if in_form(tracker) else []


async def _where(context: Context, tracker: Tracker) -> dict[str, Any]:
    try:
        kind, reference = await context.claims.evidence_goes_to(tracker.sender_id)
    except (ClaimsUnavailable, ClaimsError) as error:
        log.warning("evidence.place_unknown", reason=str(error))
        return {"response": "evidence_somewhere"}
    if kind == CLAIM and reference:
        return {"response": "evidence_for_claim", "reference": reference}
    return {"response": "evidence_noted" if kind == DRAFT else "evidence_held"}
