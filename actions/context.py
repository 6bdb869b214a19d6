"""What every action needs: content, the claims client, the clock; and how it speaks and leads back to the form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.claims_client import ClaimsClient
from actions.outbox import Outbox
from content import LANGUAGES
from content.facts import Facts
from content.responses import Responses

FORM = "intake_form"
# What stands for the intent of a message whose best guess is too weak to act on (engine/nlu/intents.py).
UNSURE = "unsure"
BRUSSELS = ZoneInfo("Europe/Brussels")


@dataclass(frozen=True)
class Context:
    """The parts the actions are made of; tests pass their own."""

    facts: Facts
    responses: Responses
    claims: ClaimsClient
    outbox: Outbox
    now: Callable[[], datetime]
    new_key: Callable[[], str]

    def today(self) -> date:
        """The date where the customers live."""
        return self.now().astimezone(BRUSSELS).date()


class ContextAction(Action):  # type: ignore[misc]
    """An action with a name of its own and the shared context."""

    action_name = ""

    def __init__(self, context: Context) -> None:
        self.context = context

    def name(self) -> str:
        """Its name in the domain."""
        return self.action_name


def language_of(tracker: Tracker) -> str:
    """The language of the conversation: the one recognised, else the page's, else English."""
    spoken, hinted = tracker.get_slot("language"), tracker.get_slot("language_hint")
    offered = (tracker.latest_message.get("metadata") or {}).get("language")
    return next((name for name in (spoken, hinted, offered) if name in LANGUAGES), "en")


def entities_of(tracker: Tracker) -> dict[str, str]:
    """The entities of the latest message by name."""
    return {e["entity"]: str(e["value"]) for e in tracker.latest_message.get("entities") or [] if "value" in e}


def facts_of(tracker: Tracker) -> dict[str, tuple[str, ...]]:
    """All values of each entity of the latest message."""
    found: dict[str, tuple[str, ...]] = {}
    for entity in tracker.latest_message.get("entities") or []:
        if "value" in entity:
            found[entity["entity"]] = (*found.get(entity["entity"], ()), str(entity["value"]))
    return found


def intent_of(tracker: Tracker) -> str:
    """The intent of the latest message, `UNSURE` if it is only guessed."""
    if tracker.latest_message.get("unsure"):
        return UNSURE
    return str((tracker.latest_message.get("intent") or {}).get("name") or "")


def in_form(tracker: Tracker) -> bool:
    """Tell whether the intake form is open."""
    return bool((tracker.active_loop or {}).get("name") == FORM)


def back_to_form(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
    """After an interruption: say that we go back, then let the form ask its open question again."""
    if not in_form(tracker):
        return []
    dispatcher.utter_message(response="intake_back")
    return [FollowupAction(FORM)]


def request_person(dispatcher: CollectingDispatcher, reason: str, priority: str) -> None:
    """Ask the bot service for a person.

    What is said before the request stands before what the bot service says of the queue, the rest after it.

    Args:
        reason: wanted, frustration, distress, complaint, large_loss, child_at_risk, failed_identification,
            failed_action, submission_waits, not_understood.
        priority: urgent, high or normal.
    """
    dispatcher.utter_message(json_message=person_request(reason, priority))


def person_request(reason: str, priority: str) -> dict[str, Any]:
    """The request for a person, as a message carries it."""
    return {"request": {"kind": "handover", "reason": reason, "priority": priority}}
