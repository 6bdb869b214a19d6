"""The form: takes an answer, corrects, skips, leaves what is not for it, and asks the next question."""

from __future__ import annotations

from typing import Any

from rasa_sdk import FormValidationAction, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import words
from actions.context import Context, entities_of, facts_of, intent_of, language_of
from actions.days import names_day
from actions.intake import flow
from actions.intake.asking import PAUSED, UNFINISHED, UNKNOWN, identity_of, options_for, read_back
from actions.intake.corrections import Earlier
from actions.intake.follow_up import code_help, say_what_follows, unreadable, wait_for_safety
from actions.intake.prefill import prefilled, with_age
from actions.intake.state import Intake
from actions.intake.steps import CODE, SEND_AGAIN, Progress, Steps
from actions.intake.understand import Heard, Step, understand
from actions.reading import NO_DAY, Said, Unreadable, read
from actions.told import HAPPENED, answers_from, told_in
from common.sensitive import STARS, without_sensitive
from content.facts import Question

DONE = "done"
# A message of fewer words is the answer and nothing more.
TELLS_MORE = 5


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
        step = understand(question, self._heard(question, tracker, identity, intake))
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
        over = PAUSED if progress.paused else DONE if self._is_over(progress) else None
        return {"intake": progress.intake.to_slot(), "identity": progress.identity, "intake_answer": over}

    def _is_over(self, progress: Progress) -> bool:
        intake = progress.intake
        if intake.confirmed or intake.answers.get("go_on") == "no":
            return True
        return flow.next_question(intake, progress.identity is not None, self.context.facts) is None

    def _heard(self, question: Question, tracker: Tracker, identity: dict[str, Any] | None, intake: Intake) -> Heard:
        latest = tracker.latest_message
        text = str(latest.get("text") or "")
        return Heard(
            said=self._said(question, text, tracker, identity, intake),
            confidence=float((latest.get("intent") or {}).get("confidence") or 0.0),
            entities=entities_of(tracker),
            incident=intake.incident,
            takes_back=self._earlier(tracker, identity, intake).taken_back(text, question),
        )

    def _said(
        self, question: Question, text: str, tracker: Tracker, identity: dict[str, Any] | None, intake: Intake
    ) -> Said:
        language = language_of(tracker)
        options = options_for(question, language, identity, intake, self.context)
        also = dict(self.context.responses.also(question.id, language))
        if question.id == flow.RESUME.id and len(intake.listed) == 1:
            # "Shall we go on with it?" is answered with yes and no too.
            also |= {str(intake.listed[0]["id"]): words.YES, "new": words.NO}
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
        if step.kind == "change" and question.id == CODE:
            steps = Steps(self.context, dispatcher, tracker.sender_id, language_of(tracker))
            # An old button; who the customer is may be known by now.
            return await steps.after(SEND_AGAIN, progress) if intake.asked == CODE else progress
        if step.kind == "change" and step.value is None:
            return self._reopen(question, progress, dispatcher)
        return await self._answer(question, str(step.value), progress, dispatcher, tracker)

    async def _answer(
        self, question: Question, text: str, progress: Progress, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> Progress:
        said = self._said(question, text, tracker, progress.identity, progress.intake)
        told = self._told(tracker, text)
        try:
            value = self._value(question, said, told, progress.intake)
        except Unreadable as problem:
            if problem.response == NO_DAY:
                # "Last week, and I paid 80 euro": the rest need not be told twice.
                progress = self._fill(question, told, said, progress, dispatcher)
            return unreadable(self.context, question, problem.response, progress, dispatcher)
        if question.kind == "text":
            # The webchat takes such numbers out before they are stored; other doors may not.
            value = without_sensitive(value)
            if STARS in value:
                dispatcher.utter_message(response="card_number_removed")
        if question.kind == "date" and not names_day(text):
            dispatcher.utter_message(response="date_noted", day={"kind": "date", "value": value})
        progress = self._fill(question, told, said, progress, dispatcher)
        return await self._settle(question, value, progress, dispatcher, tracker)

    def _told(self, tracker: Tracker, text: str) -> dict[str, str]:
        """What the message tells besides the answer."""
        if text != tracker.latest_message.get("text") or len(text.split()) < TELLS_MORE:
            return {}
        return told_in(text, tracker.latest_message.get("entities") or [])

    def _value(self, question: Question, said: Said, told: dict[str, str], intake: Intake) -> Any:
        """The answer; of several days in a sentence, the one the question asks for."""
        if question.kind == "date" and told:
            fitting = answers_from(told, self.context.facts.fills(intake.incident or "other"), [question], said)
            if fitting:
                return fitting[question.id]
        try:
            return read(question.kind, said)
        except Unreadable:
            happened = intake.answers.get("incident_date")
            if question.id == "discovery_date" and happened and words.SAME_DAY.search(said.text):
                return happened
            raise

    def _fill(
        self,
        question: Question,
        told: dict[str, str],
        said: Said,
        progress: Progress,
        dispatcher: CollectingDispatcher,
        noting: str = "noted_too",
    ) -> Progress:
        """Note what else was told; it is shown, so that it can be changed."""
        if question.kind == "date":
            # The day that answers this question says nothing of another one, unless its words do.
            told = {kind: value for kind, value in told.items() if kind != HAPPENED}
        intake, new = prefilled(progress.intake, told, self.context.facts, said, question.id)
        if new:
            rows = read_back(intake, progress.identity, self.context, new)
            dispatcher.utter_message(response=noting, rows=rows)
        return Progress(intake, progress.identity)

    async def _settle(
        self, question: Question, value: Any, progress: Progress, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> Progress:
        intake = progress.intake
        if question.id == "confirm":
            if value == "yes":
                return Progress(intake.but(confirmed=True), progress.identity)
            return self._what_changes(progress, dispatcher)
        if question.id == "incident":
            chosen = Progress(self._with_incident(str(value), intake), progress.identity)
            return await self._go_on(question, chosen, dispatcher, tracker) if value == UNFINISHED else chosen
        if question.id == flow.RESUME.id:
            return Progress(self._resumed(str(value), intake, progress.identity, dispatcher), progress.identity)
        say_what_follows(self.context, question, str(value), progress, dispatcher, language_of(tracker))
        answered = intake.answer(question.id, value)
        if question.kind == "person":
            persons = (progress.identity or {}).get("policy", {}).get("insured_persons", [])
            answered = with_age(answered, str(value), persons, self.context.facts)
        progress = Progress(answered, progress.identity)
        if str(value) in question.danger:
            return wait_for_safety(self.context, progress, dispatcher)
        if intake.task == flow.CLAIM and intake.incident == tracker.get_slot("incident"):
            # What was told at the start may answer what only applies now: the amount, once money is gone.
            said = Said("", "", language_of(tracker), self.context.today())
            progress = self._fill(question, tracker.get_slot("told") or {}, said, progress, dispatcher, "noted")
        return await self._go_on(question, progress, dispatcher, tracker)

    def _with_incident(self, incident: str, intake: Intake) -> Intake:
        if incident == UNFINISHED:
            return intake.but(task="resume")
        # Another incident is another draft.
        fresh: dict[str, Any] = {"draft": None, "finding": None, "key": self.context.new_key()}
        return intake.but(incident=incident, **({} if incident == intake.incident else fresh))

    def _resumed(
        self, value: str, intake: Intake, identity: dict[str, Any] | None, dispatcher: CollectingDispatcher
    ) -> Intake:
        """Go on with the draft that was chosen, or with the new claim."""
        draft = next((each for each in intake.listed if each["id"] == value), None)
        fresh = intake.but(task=flow.CLAIM, listed=(), again=None, tries=0)
        if draft is None or identity is None:
            return fresh
        kept = {"id": draft["id"], "version": draft["version"], "policy": identity["policy"]["reference"]}
        resumed = fresh.but(incident=draft["incident"], answers=dict(draft["answers"]), draft=kept, finding=None)
        asked = flow.questions(resumed, self.context.facts)
        settled = [question.id for question in asked if resumed.settled(question.id)]
        dispatcher.utter_message(
            response="draft_resumed",
            incident=resumed.incident,
            answered=len(settled),
            questions=len(asked),
            rows=read_back(resumed, identity, self.context),
        )
        return resumed

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
        if question.id == CODE:
            return code_help(progress, dispatcher)
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
        earlier = self._earlier(tracker, progress.identity, intake)
        asked = flow.find(intake.asked, intake, self.context.facts)
        if asked and not earlier.questions:
            # There is nothing to change yet: it can only be the answer.
            return await self._answer(asked, text, progress, dispatcher, tracker)
        question = earlier.meant(text)
        if question is None:
            return self._ask_which(progress, dispatcher, tracker)
        value = earlier.new(question, text)
        if value is None:
            return self._reopen(question, progress, dispatcher)
        shown = self.context.responses.shown(question.id, question.kind, value, language)
        if question.kind == "person":
            shown = options_for(question, language, progress.identity, intake, self.context)[value]
        dispatcher.utter_message(response="corrected", label=earlier.labels[question.id], value=shown)
        return await self._settle(question, value, progress, dispatcher, tracker)

    def _earlier(self, tracker: Tracker, identity: dict[str, Any] | None, intake: Intake) -> Earlier:
        """The answers that a message may change."""
        language = language_of(tracker)
        settled = [q for q in flow.questions(intake, self.context.facts) if intake.settled(q.id)]
        labels = {question.id: self.context.responses.label(question.id, language) for question in settled}
        noted = {name: value for name, value in intake.answers.items() if name in labels}

        def reads(question: Question, text: str) -> Said:
            return self._said(question, text, tracker, identity, intake)

        return Earlier(settled, labels, noted, reads)

    def _ask_which(self, progress: Progress, dispatcher: CollectingDispatcher, tracker: Tracker) -> Progress:
        if progress.intake.asked != "confirm":
            rows = read_back(progress.intake, progress.identity, self.context)
            dispatcher.utter_message(response="which_answer", rows=rows)
            return progress
        # The read-back follows with its rows.
        if progress.intake.again == flow.CONFIRM.id:
            return unreadable(self.context, flow.CONFIRM, "which_answer_unclear", progress, dispatcher)
        if intent_of(tracker) not in ("deny", "correct_answer"):
            return unreadable(self.context, flow.CONFIRM, "invalid_yes_no", progress, dispatcher)
        return self._what_changes(progress, dispatcher)

    @staticmethod
    def _what_changes(progress: Progress, dispatcher: CollectingDispatcher) -> Progress:
        """Ask what is not right; the read-back comes again, with that question still open."""
        dispatcher.utter_message(response="which_answer")
        return Progress(progress.intake.but(again=flow.CONFIRM.id, tries=0), progress.identity)

    @staticmethod
    def _reopen(question: Question, progress: Progress, dispatcher: CollectingDispatcher) -> Progress:
        dispatcher.utter_message(response="correct_again")
        if question.id in flow.IDENTIFICATION:
            return Progress(progress.intake.without(*flow.IDENTIFICATION), None)
        return Progress(progress.intake.but(again=question.id, tries=0), progress.identity)
