"""The host page says who the customer is: they are greeted by name, and nobody asks who they are again."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.context import FORM, ContextAction, in_form, language_of
from actions.intake.asking import identity_of
from actions.intake.state import Intake
from actions.intake.steps import Steps


class ActionIdentify(ContextAction):
    """Greets a customer whose identity the engine was given; an intake that asks who they are goes on."""

    action_name = "action_identify"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        """Greet, or go on with the intake."""
        identity = identity_of(tracker, self.context.now())
        if identity is None:
            # It came so late that it holds no more; the intake asks as usual.
            dispatcher.utter_message(response="greet")
            return []
        intake = Intake.from_slot(tracker.get_slot("intake"))
        if intake is None or not in_form(tracker):
            dispatcher.utter_message(response="identified_by_page", name=identity["name"])
            return []
        steps = Steps(self.context, dispatcher, tracker.sender_id, language_of(tracker))
        progress = await steps.known(intake, identity)
        return [SlotSet("intake", progress.intake.to_slot()), FollowupAction(FORM)]
