"""Begins, stops and submits an intake."""

from __future__ import annotations

from typing import Any

import structlog
from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.answers import OPEN_CLAIM, told_so_far
from actions.claims_client import ClaimsError, ClaimsUnavailable, TokenRejected
from actions.context import FORM, ContextAction, entities_of, in_form, intent_of, language_of, request_person
from actions.doubt import Reply
from actions.evidence import files_of, tell_where
from actions.intake import flow
from actions.intake.asking import PAUSED, identity_of, read_back
from actions.intake.errands import Errands
from actions.intake.prefill import prefilled
from actions.intake.state import Intake
from actions.intake.steps import Steps
from actions.outbox import Submission, deliver
from actions.reading import Said

log = structlog.get_logger()

# What a customer wants -> the errand of actions/intake/flow.py; anything else that leads there is about the cover.
_TASKS = {
    "claim_status": "status",
    "add_evidence": "remark",
    "withdraw_claim": "withdraw",
}


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
            intake = self._begin(incident, identity, dispatcher, tracker)
        return [
            SlotSet("intake", intake.but(asked=None).to_slot()),
            SlotSet("identity", identity),
            SlotSet("intake_answer", None),
            SlotSet("offer", None),
            SlotSet("misunderstood", 0),
            FollowupAction(FORM),
        ]

    def _begin(
        self,
        incident: str | None,
        identity: dict[str, Any] | None,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
    ) -> Intake:
        """A new intake, with what was told already."""
        opening = "intake_begin" if incident else "intake_begin_open"
        dispatcher.utter_message(response=opening, incident=incident)
        if identity:
            dispatcher.utter_message(response="identified_already", name=identity["name"])
        said = Said("", "", language_of(tracker), self.context.today())
        begun = Intake(key=self.context.new_key(), incident=incident)
        intake, noted = prefilled(begun, told_so_far(tracker), self.context.facts, said)
        if noted:
            rows = read_back(intake, identity, self.context, noted)
            dispatcher.utter_message(response="noted", rows=rows)
        return intake


class ActionErrand(Reply):
    """Status, an addition, a withdrawal, a look at the cover: whatever needs to know who the customer is."""

    action_name = "action_errand"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """Begin the errand: with the questions who the customer is, or at once."""
        if intent_of(tracker) == "add_evidence" and files_of(tracker):
            # The files came with these words: they are added already.
            return await tell_where(self.context, dispatcher, tracker)
        task, identity = _TASKS.get(intent_of(tracker), flow.COVER), identity_of(tracker, self.context.now())
        running = Intake.from_slot(tracker.get_slot("intake"))
        before = _interrupted(running, in_form(tracker))
        incident = tracker.get_slot("incident") if task == flow.COVER else None
        intake = Intake(key=self.context.new_key(), task=task, incident=incident, before=before)
        if identity is None:
            dispatcher.utter_message(response=f"errand_{task}")
        else:
            steps = Steps(self.context, dispatcher, tracker.sender_id, language_of(tracker))
            intake = await steps.begin(intake, identity)
        over = flow.next_question(intake, identity is not None, self.context.facts) is None
        events = [SlotSet("intake", intake.but(asked=None).to_slot()), SlotSet("intake_answer", None)]
        events += [SlotSet("identity", identity), SlotSet("offer", None), SlotSet("misunderstood", 0)]
        return [*events, FollowupAction("action_submit_claim" if over else FORM)]


def _interrupted(running: Intake | None, open_now: bool) -> dict[str, Any] | None:
    """The claim that an errand comes in the middle of, and whether it is open."""
    if running is None:
        return None
    if running.task != flow.CLAIM:
        return running.before
    return {"intake": running.to_slot(), "open": open_now}


class ActionStop(Reply):
    """Stops what is running; nothing is sent, and nothing is lost unless the customer says so."""

    action_name = "action_stop"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """Delete the draft if that was chosen; else close the form and ask what to do with it."""
        if entities_of(tracker).get("draft") == "delete":
            return await self._delete(dispatcher, tracker)
        return self.answer(dispatcher, tracker)

    def answer(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """Close the form and ask what to do with the draft; a claim that was only offered is declined."""
        intake = Intake.from_slot(tracker.get_slot("intake"))
        closed = [ActiveLoop(None), SlotSet("requested_slot", None), SlotSet("offer", None)]
        if entities_of(tracker).get("draft") == "keep":
            known = identity_of(tracker, self.context.now()) and intake and intake.draft
            dispatcher.utter_message(response="draft_kept" if known else "draft_kept_here")
        elif not in_form(tracker):
            dispatcher.utter_message(response="offer_declined" if tracker.get_slot("offer") else "stop_nothing")
        elif intake and intake.task != flow.CLAIM:
            dispatcher.utter_message(response="errand_stopped")
            closed.append(SlotSet("intake", (intake.before or {}).get("intake")))
        else:
            dispatcher.utter_message(response="intake_stopped", choices=list(_DRAFT_CHOICES))
        return closed

    async def _delete(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        intake, identity = Intake.from_slot(tracker.get_slot("intake")), identity_of(tracker, self.context.now())
        if intake and intake.draft:
            try:
                if identity is None:
                    raise ClaimsUnavailable("not identified")
                await self.context.claims.drop_draft(identity["token"], intake.draft["id"])
            except (ClaimsUnavailable, ClaimsError) as error:
                log.warning("draft.not_deleted", reason=str(error))
                dispatcher.utter_message(response="draft_not_deleted", helplines=["cyber_care"])
                return []
        dispatcher.utter_message(response="draft_deleted")
        return [*_over(), ActiveLoop(None), SlotSet("requested_slot", None)]


_DRAFT_CHOICES = (
    {"response": "button_go_on", "payload": "/file_claim"},
    {"response": "button_keep", "payload": '/stop{"draft": "keep"}'},
    {"response": "button_delete", "payload": '/stop{"draft": "delete"}'},
)


class ActionSubmitClaim(ContextAction):
    """The form is over: sends the claim if the customer confirmed it."""

    action_name = "action_submit_claim"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        """Send the claim, or keep it until the backend answers again; say the reference and what comes next."""
        intake = Intake.from_slot(tracker.get_slot("intake"))
        identity = identity_of(tracker, self.context.now())
        if intake is not None and intake.task != flow.CLAIM:
            return await self._errand(intake, identity, dispatcher)
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
        submitted = {"reference": claim["reference"], "points": evidence, "input": "files"}
        dispatcher.utter_message(response="claim_submitted", **submitted)
        dispatcher.utter_message(response=f"next_{intake.incident}")
        return _over()

    async def _errand(
        self, intake: Intake, identity: dict[str, Any] | None, dispatcher: CollectingDispatcher
    ) -> list[EventType]:
        """Carry an errand out, then go back to the claim it interrupted."""
        if intake.task == flow.COVER and intake.finding:
            dispatcher.utter_message(response="offer_claim")
            claim = intake.but(task=flow.CLAIM, before=None, asked=None)
            return [SlotSet("intake", claim.to_slot()), SlotSet("intake_answer", None), SlotSet("offer", OPEN_CLAIM)]
        try:
            if identity:
                await Errands(self.context.claims, dispatcher).finish(intake, identity)
        except (ClaimsUnavailable, TokenRejected) as error:
            log.warning("errand.failed", task=intake.task, reason=str(error))
            dispatcher.utter_message(response="claims_unavailable", choices=[])
        before = intake.before or {}
        events = [SlotSet("intake", before.get("intake")), SlotSet("intake_answer", None)]
        if not before.get("open"):
            return events
        dispatcher.utter_message(response="intake_back")
        return [*events, FollowupAction(FORM)]

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
    names = ("intake", "intake_answer", "incident", "offer", "told")
    return [SlotSet(name, None) for name in names]
