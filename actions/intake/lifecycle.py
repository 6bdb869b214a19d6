"""Begins, stops and submits an intake."""

from __future__ import annotations

from typing import Any

import structlog
from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.answers import OPEN_CLAIM
from actions.claims_client import ClaimsError, ClaimsUnavailable, TokenRejected
from actions.context import FORM, ContextAction, in_form, language_of, request_person
from actions.doubt import Reply
from actions.intake import flow
from actions.intake.form import PAUSED, identity_of
from actions.intake.state import Intake
from actions.outbox import Submission, deliver

log = structlog.get_logger()


class ActionStartIntake(Reply):
    """Opens the form: a new intake, or the one that was interrupted."""

    action_name = "action_start_intake"

    def answer(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """Begin with the incident reported last, or take up the unfinished intake of the same incident."""
        incident = tracker.get_slot("incident")
        running = Intake.from_slot(tracker.get_slot("intake"))
        identity = identity_of(tracker, self.context.now())
        if running and running.incident and incident in (None, running.incident):
            dispatcher.utter_message(response="intake_resumed")
            intake = running
        else:
            intake = Intake(key=self.context.new_key(), incident=incident)
            opening = "intake_begin" if incident else "intake_begin_open"
            dispatcher.utter_message(response=opening, incident=incident)
            if identity:
                dispatcher.utter_message(response="identified_already", name=identity["name"])
        return [
            SlotSet("intake", intake.but(asked=None).to_slot()),
            SlotSet("identity", identity),
            SlotSet("intake_answer", None),
            SlotSet("offer", None),
            SlotSet("misunderstood", 0),
            FollowupAction(FORM),
        ]


class ActionStop(Reply):
    """Stops what is running; nothing is sent, nothing is lost."""

    action_name = "action_stop"

    def answer(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """Close the form and say how to go on later; a claim that was only offered is declined."""
        offered = "offer_declined" if tracker.get_slot("offer") else "stop_nothing"
        dispatcher.utter_message(response="intake_stopped" if in_form(tracker) else offered)
        return [ActiveLoop(None), SlotSet("requested_slot", None), SlotSet("offer", None)]


class ActionSubmitClaim(ContextAction):
    """The form is over: sends the claim if the customer confirmed it."""

    action_name = "action_submit_claim"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        """Send the claim, or keep it until the backend answers again; say the reference and what comes next."""
        intake = Intake.from_slot(tracker.get_slot("intake"))
        identity = identity_of(tracker, self.context.now())
        if intake is None or tracker.get_slot("intake_answer") == PAUSED:
            return [SlotSet("offer", OPEN_CLAIM)]
        if not intake.confirmed:
            dispatcher.utter_message(response="intake_declined", helplines=["cyber_care"])
            return _over()
        if identity is None:
            return _identify_again(intake, dispatcher)
        submission = self._submission(intake, identity, tracker)
        await self.context.outbox.put(submission)
        try:
            return await self._send(submission, intake, dispatcher)
        finally:
            self.context.outbox.leave(submission.key)

    async def _send(self, submission: Submission, intake: Intake, dispatcher: CollectingDispatcher) -> list[EventType]:
        evidence = [f"evidence_{item}" for item in self._evidence(intake)]
        try:
            claim = await deliver(self.context.claims, submission)
        except TokenRejected:
            await self.context.outbox.remove(submission.key)
            return _identify_again(intake, dispatcher)
        except (ClaimsUnavailable, ClaimsError) as error:
            log.error("submission.waits", reason=str(error))
            dispatcher.utter_message(response="claim_provisional", reference=submission.provisional, points=evidence)
            request_person(dispatcher, "submission_waits", "high")
            return _over()
        await self.context.outbox.remove(submission.key)
        dispatcher.utter_message(response="claim_submitted", reference=claim["reference"], points=evidence)
        return _over()

    def _submission(self, intake: Intake, identity: dict[str, Any], tracker: Tracker) -> Submission:
        return Submission(
            key=intake.key,
            conversation=tracker.sender_id,
            language=language_of(tracker),
            token=identity["token"],
            policy_reference=identity["policy"]["reference"],
            incident=str(intake.incident),
            answers=flow.claim_answers(intake, self.context.facts),
            draft=intake.draft,
        )

    def _evidence(self, intake: Intake) -> tuple[str, ...]:
        evidence = self.context.facts.evidence
        return evidence.get(str(intake.incident)) or evidence["other"]


def _identify_again(intake: Intake, dispatcher: CollectingDispatcher) -> list[EventType]:
    """The proof of identity no longer holds: a new code, then the read-back once more."""
    dispatcher.utter_message(response="code_expired")
    return [
        SlotSet("intake", intake.but(confirmed=False).to_slot()),
        SlotSet("identity", None),
        FollowupAction("action_start_intake"),
    ]


def _over() -> list[EventType]:
    names = ("intake", "intake_answer", "incident", "offer")
    return [SlotSet(name, None) for name in names]
