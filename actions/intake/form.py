"""The form: takes an answer, corrects, skips, leaves what is not for it, and asks the next question."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rasa_sdk import FormValidationAction, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.context import Context, ContextAction, entities_of, facts_of, intent_of, language_of
from actions.intake import flow
from actions.intake.state import Intake
from actions.intake.steps import Progress, Steps
from actions.intake.understand import Heard, Step, new_value, understand, which_question
from actions.reading import Said, Unreadable, read
from common.sensitive import STARS, without_sensitive
from content.facts import Question

DONE = "done"
PAUSED = "paused"
TRIES_BEFORE_HELP = 2
# Choices that say "I don't know" already: there is nothing to leave open.
UNKNOWN = {"unknown", "not_known"}


def identity_of(tracker: Tracker, now: datetime) -> dict[str, Any] | None:
    """Who the customer proved to be in this conversation, while that still holds."""
    identity: dict[str, Any] | None = tracker.get_slot("identity")
    if identity and datetime.fromisoformat(identity["expires_at"].replace("Z", "+00:00")) > now:
        return identity
    return None


def options_for(question: Question, language: str, identity: dict[str, Any] | None, context: Context) -> dict[str, str]:
    """What can be chosen: id -> title. Persons come from the policy."""
    titles = dict(context.responses.options(question.id, language))
    if question.kind != "person":
        return titles
    persons = (identity or {}).get("policy", {}).get("insured_persons", [])
    return {str(person["id"]): f"{person['first_name']} {person['last_name']}" for person in persons} | titles


class ValidateIntakeForm(FormValidationAction):  # type: ignore[misc]
    """Takes the customer's message as the answer to the open question, unless it is something else."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def name(self) -> str:
        """Its name in the domain."""
        return "validate_intake_form"

    async def extract_intake_answer(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> dict[str, Any]:
        """Hand on what the message is; nothing when it is not for the form, so that the rules get it."""
        intake = Intake.from_slot(tracker.get_slot("intake"))
        question = flow.find(intake.asked, intake, self.context.facts) if intake else None
        if intake is None or question is None:
            return {}
        identity = identity_of(tracker, self.context.now())
        step = understand(question, self._heard(question, tracker, identity, intake.incident))
        return {} if step.kind == "leave" else {"intake_answer": step.__dict__}

    async def validate_intake_answer(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> dict[str, Any]:
        """Apply the step; the form goes on asking as long as `intake_answer` stays empty."""
        intake = Intake.from_slot(tracker.get_slot("intake"))
        if not isinstance(value, dict) or intake is None:
            return {"intake_answer": None}
        identity = identity_of(tracker, self.context.now())
        progress = await self._apply(Step(**value), Progress(intake, identity), dispatcher, tracker)
        over = PAUSED if progress.paused else DONE if self._is_over(progress.intake) else None
        return {"intake": progress.intake.to_slot(), "identity": progress.identity, "intake_answer": over}

    @staticmethod
    def _is_over(intake: Intake) -> bool:
        return intake.confirmed or intake.answers.get("go_on") == "no"

    def _heard(
        self, question: Question, tracker: Tracker, identity: dict[str, Any] | None, incident: str | None
    ) -> Heard:
        latest = tracker.latest_message
        return Heard(
            said=self._said(question, str(latest.get("text") or ""), tracker, identity),
            confidence=float((latest.get("intent") or {}).get("confidence") or 0.0),
            entities=entities_of(tracker),
            incident=incident,
        )

    def _said(self, question: Question, text: str, tracker: Tracker, identity: dict[str, Any] | None) -> Said:
        language = language_of(tracker)
        options = options_for(question, language, identity, self.context)
        also = self.context.responses.also(question.id, language)
        return Said(text, intent_of(tracker), language, self.context.today(), options, also, facts_of(tracker))

    async def _apply(
        self, step: Step, progress: Progress, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> Progress:
        intake = progress.intake
        question = flow.find(step.question or intake.asked, intake, self.context.facts)
        if question is None or step.kind == "again":
            return progress
        if step.kind == "which":
            return await self._correct(str(step.value), progress, dispatcher, tracker)
        if step.kind == "skip":
            return await self._skip(question, progress, dispatcher, tracker)
        if step.kind == "change" and step.value is None:
            return self._reopen(question, progress, dispatcher)
        return await self._answer(question, str(step.value), progress, dispatcher, tracker)

    async def _answer(
        self, question: Question, text: str, progress: Progress, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> Progress:
        said = self._said(question, text, tracker, progress.identity)
        try:
            value = read(question.kind, said)
        except Unreadable as problem:
            return self._unreadable(question, problem.response, progress, dispatcher)
        if question.kind == "text":
            # The webchat takes such numbers out before they are stored; other doors may not.
            value = without_sensitive(value)
            if STARS in value:
                dispatcher.utter_message(response="card_number_removed")
        return await self._settle(question, value, progress, dispatcher, tracker)

    async def _settle(
        self, question: Question, value: Any, progress: Progress, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> Progress:
        intake = progress.intake
        if question.id == "confirm":
            if value == "yes":
                return Progress(intake.but(confirmed=True), progress.identity)
            dispatcher.utter_message(response="which_answer")
            return Progress(intake.but(again=None), progress.identity)
        if question.id == "incident":
            # Another incident is another draft.
            fresh = {} if value == intake.incident else {"draft": None, "finding": None, "key": self.context.new_key()}
            return Progress(intake.but(incident=value, **fresh), progress.identity)
        return await self._go_on(
            question, Progress(intake.answer(question.id, value), progress.identity), dispatcher, tracker
        )

    async def _go_on(
        self, question: Question, progress: Progress, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> Progress:
        if question.phase == "check" and question.id != "go_on":
            # The check looked at another answer: it is to look again.
            progress = Progress(progress.intake.without("go_on").but(finding=None), progress.identity)
        steps = Steps(self.context, dispatcher, tracker.sender_id, language_of(tracker))
        return await steps.after(question.id, progress)

    async def _skip(
        self, question: Question, progress: Progress, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> Progress:
        unknown = next((option for option in question.options if option in UNKNOWN), None)
        if unknown:
            return await self._settle(question, unknown, progress, dispatcher, tracker)
        if question.required:
            dispatcher.utter_message(response="required_open", helplines=["cyber_care"])
            return progress
        if question.id != "remarks":
            dispatcher.utter_message(response="left_open")
        left_open = Progress(progress.intake.leave_open(question.id), progress.identity)
        return await self._go_on(question, left_open, dispatcher, tracker)

    async def _correct(
        self, text: str, progress: Progress, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> Progress:
        language, intake = language_of(tracker), progress.intake
        answered = [q for q in flow.questions(intake, self.context.facts) if intake.settled(q.id)]
        labels = {question.id: self.context.responses.label(question.id, language) for question in answered}
        question = which_question(text, answered, labels)
        if question is None:
            return self._ask_which(progress, dispatcher, tracker)
        value = new_value(question, self._said(question, text, tracker, progress.identity))
        if value is None:
            return self._reopen(question, progress, dispatcher)
        shown = self.context.responses.shown(question.id, question.kind, value, language)
        dispatcher.utter_message(response="corrected", label=labels[question.id], value=shown)
        return await self._settle(question, value, progress, dispatcher, tracker)

    def _ask_which(self, progress: Progress, dispatcher: CollectingDispatcher, tracker: Tracker) -> Progress:
        if progress.intake.asked != "confirm":
            rows = read_back(progress.intake, progress.identity, self.context)
            dispatcher.utter_message(response="which_answer", rows=rows)
            return progress
        if intent_of(tracker) not in ("deny", "correct_answer"):
            return self._unreadable(flow.CONFIRM, "invalid_yes_no", progress, dispatcher)
        # The read-back follows with its rows.
        dispatcher.utter_message(response="which_answer")
        return progress

    @staticmethod
    def _reopen(question: Question, progress: Progress, dispatcher: CollectingDispatcher) -> Progress:
        dispatcher.utter_message(response="correct_again")
        if question.id in flow.IDENTIFICATION:
            return Progress(progress.intake.without(*flow.IDENTIFICATION), None)
        return Progress(progress.intake.but(again=question.id, tries=0), progress.identity)

    @staticmethod
    def _unreadable(
        question: Question, response: str, progress: Progress, dispatcher: CollectingDispatcher
    ) -> Progress:
        tries = progress.intake.tries + 1
        if tries <= TRIES_BEFORE_HELP:
            dispatcher.utter_message(response=response)
        else:
            helpful = "invalid_often_required" if question.required else "invalid_often"
            dispatcher.utter_message(response=helpful, helplines=["cyber_care"])
        return Progress(progress.intake.but(tries=tries), progress.identity)


class ActionAskIntakeAnswer(ContextAction):
    """Asks the next question of the intake; at the end it reads everything back."""

    action_name = "action_ask_intake_answer"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        """Ask, and remember what was asked."""
        intake = Intake.from_slot(tracker.get_slot("intake"))
        if intake is None:
            return [SlotSet("intake_answer", PAUSED)]
        identity = identity_of(tracker, self.context.now())
        question = flow.next_question(intake, identity is not None, self.context.facts)
        dispatcher.utter_message(**self._asking(question, intake, identity, language_of(tracker)))
        return [SlotSet("intake", intake.but(asked=question.id).to_slot())]

    def _asking(
        self, question: Question, intake: Intake, identity: dict[str, Any] | None, language: str
    ) -> dict[str, Any]:
        asking: dict[str, Any] = {
            "response": self._wording(question, intake, language),
            "progress": flow.progress(question, intake, self.context.facts),
            "skip": None if question.required or UNKNOWN & set(question.options) else self._skip_button(question),
        }
        if question.id == "confirm":
            asking |= {"incident": intake.incident, "rows": read_back(intake, identity, self.context)}
        if question.kind == "yes_no":
            asking["choices"] = [
                {"response": "button_yes", "payload": "/affirm"},
                {"response": "button_no", "payload": "/deny"},
            ]
        elif question.kind == "person":
            persons = options_for(question, language, identity, self.context)
            asking["choices"] = [
                {"title": title, "payload": f'/correct_answer{{"question": "{question.id}", "value": "{option}"}}'}
                for option, title in persons.items()
            ]
        elif question.kind == "choice":
            asking["options"] = list(options_for(question, language, identity, self.context))
        elif question.id == "one_time_code":
            restart = '/correct_answer{"question": "policy_reference"}'
            asking["choices"] = [{"response": "button_new_code", "payload": restart}]
        return asking

    @staticmethod
    def _skip_button(question: Question) -> str:
        """What can be looked up is not there; what can be chosen is not known."""
        return "button_unsure" if question.kind in ("choice", "yes_no") else "button_skip"

    def _wording(self, question: Question, intake: Intake, language: str) -> str:
        variant = f"ask_{question.id}__{intake.incident}"
        return variant if variant in self.context.responses.entries[language] else f"ask_{question.id}"


def read_back(intake: Intake, identity: dict[str, Any] | None, context: Context) -> list[dict[str, Any]]:
    """All answers of the claim as rows, each with the value as it is kept."""
    rows = []
    for question in flow.questions(intake, context.facts):
        if not intake.settled(question.id) or (question.id == "remarks" and question.id in intake.left_open):
            continue
        row: dict[str, Any] = {"question": question.id, "kind": question.kind, "value": intake.answers.get(question.id)}
        if question.kind == "person":
            persons = options_for(question, "en", identity, context)
            if row["value"] != "outsider" and row["value"] in persons:
                row["shown"] = persons[row["value"]]
        rows.append(row)
    return rows
