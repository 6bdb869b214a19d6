"""The assistant comes back after a person: it takes over what they found out, and goes on where it stopped."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.claims_client import TokenRejected
from actions.context import FORM, ContextAction, facts_of, in_form, language_of
from actions.intake import flow
from actions.intake.asking import identity_of, options_for, read_back
from actions.intake.state import Intake
from actions.intake.steps import Steps
from actions.reading import Said, Unreadable, read


class ActionResumeAfterPerson(ContextAction):
    """Shows what a member of staff noted as answers, then asks the open question again."""

    action_name = "action_resume_after_person"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        """Go on with the intake, if one is open; else ask what else there is."""
        intake = Intake.from_slot(tracker.get_slot("intake"))
        identity = identity_of(tracker, self.context.now())
        noted: list[str] = []
        if intake is not None:
            intake, noted = self._with_facts(intake, tracker)
        events: list[EventType] = [SlotSet("misunderstood", 0), SlotSet("choosing", None)]
        if intake is not None and noted:
            rows = read_back(intake, identity, self.context, noted)
            dispatcher.utter_message(response="noted_by_person", rows=rows)
            events.append(SlotSet("intake", intake.to_slot()))
        if in_form(tracker):
            if intake is not None and identity is not None and intake.asked in flow.IDENTIFICATION:
                # The host page said meanwhile who the customer is.
                return [*events, *await self._known(intake, identity, dispatcher, tracker), FollowupAction(FORM)]
            dispatcher.utter_message(response="intake_back")
            return [*events, FollowupAction(FORM)]
        dispatcher.utter_message(response="after_person")
        return events

    async def _known(
        self, intake: Intake, identity: dict[str, Any], dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> list[EventType]:
        steps = Steps(self.context, dispatcher, tracker.sender_id, language_of(tracker))
        try:
            progress = await steps.known(intake, identity)
        except TokenRejected:
            # It was good when it was given; the intake asks as usual.
            return [SlotSet("identity", None)]
        return [SlotSet("intake", progress.intake.to_slot())]

    def _with_facts(self, intake: Intake, tracker: Tracker) -> tuple[Intake, list[str]]:
        """Answer the questions of the payload; what cannot be read as an answer is left to be asked."""
        told = facts_of(tracker)
        noted = []
        for name, text in zip(told.get("question", ()), told.get("value", ()), strict=False):
            question = flow.find(name, intake, self.context.facts)
            # Who the customer is, is proven and never told.
            if question is None or name in flow.IDENTIFICATION or question.phase in ("start", "confirm", "errand"):
                continue
            identity = identity_of(tracker, self.context.now())
            options = options_for(question, language_of(tracker), identity, intake, self.context)
            said = Said(text, "", language_of(tracker), self.context.today(), options)
            try:
                value = text if text in options else read(question.kind, said)
            except Unreadable:
                continue
            intake = intake.answer(name, value)
            if question.phase == "check":
                # The check looked at another answer: it is to look again.
                intake = intake.without("go_on").but(finding=None)
            noted.append(name)
        return intake, noted
