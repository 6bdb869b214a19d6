"""Answers: one action for every question, first aid for every incident. What is said is data."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.context import (
    FORM,
    UNSURE,
    Context,
    back_to_form,
    entities_of,
    in_form,
    intent_of,
    language_of,
    request_person,
)
from actions.cover_cases import case_asked
from actions.danger import speaks_of_another, speaks_of_meeting_a_child
from actions.doubt import Reply, guessed_case
from actions.intake import flow
from actions.intake.state import Intake
from actions.told import told_in
from content.facts import Answer

# What the bot service asks for before a customer's first word.
WELCOME = "/greet"
OPEN_CLAIM, CHECK_COVER = "open_claim", "check_cover"
_SOURCE = {"response": "button_source", "payload": '/ask_why{"about": "source"}'}
_CHECK = {"response": "button_check_cover", "payload": '/ask_coverage{"about": "my_policy"}'}

# Small talk and the limits of the assistant: an intent and the sentence for it.
_SIMPLE = {
    "greet": "greet",
    "goodbye": "goodbye",
    "thank": "thank",
    "bot_challenge": "bot_challenge",
    "out_of_scope": "out_of_scope",
    "ask_capabilities": "capabilities",
}
_NOTHING = {"dont_know": "dont_know_nothing", "correct_answer": "correct_nothing"}


class ActionAnswer(Reply):
    """Answers a question about prevention, the policy or claiming, and small talk."""

    action_name = "action_answer"

    def answer(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """Say the answer with its help lines; then back to the form, if one is open."""
        intent = intent_of(tracker)
        if entities_of(tracker).get("about") == "my_policy":
            return [FollowupAction("action_errand")]
        case = self._case(tracker)
        topic = case or intent
        answer = self.context.facts.cases[case].answer if case else self.context.facts.answers.get(intent)
        events: list[EventType] = [SlotSet("misunderstood", 0)]
        if answer:
            about_cover = bool(case) or intent == "ask_coverage"
            # A claim has its own check of the policy: another one in the middle of it would ask everything twice.
            choices = [_SOURCE, _CHECK] if about_cover and not in_form(tracker) else [_SOURCE]
            _say(dispatcher, answer, choices=choices)
            if intent == "make_complaint":
                request_person(dispatcher, "complaint", "high")
            events += [SlotSet("topic", topic), SlotSet("offer", CHECK_COVER if _CHECK in choices else None)]
        else:
            self._small_talk(dispatcher, tracker, intent)
        return events + back_to_form(dispatcher, tracker)

    def _case(self, tracker: Tracker) -> str | None:
        """The case a question about cover is about, if it is one we have words for."""
        if intent_of(tracker) == UNSURE:
            return guessed_case(tracker, self.context)
        return asked_case(tracker, self.context)

    def _small_talk(self, dispatcher: CollectingDispatcher, tracker: Tracker, intent: str) -> None:
        about = entities_of(tracker).get("about")
        if intent == "greet" and not any(event.get("event") == "bot" for event in tracker.events):
            dispatcher.utter_message(response="welcome")
        elif intent == "greet" and _says_hello_back(tracker):
            dispatcher.utter_message(response="greet_first")
        elif intent == "ask_capabilities" and about == "report":
            incidents = self.context.responses.incidents[language_of(tracker)]
            choices = [{"title": entry["button"], "payload": f"/report_{name}"} for name, entry in incidents.items()]
            dispatcher.utter_message(response="capabilities_report", choices=choices)
        elif intent == "ask_capabilities" and about == "policy":
            dispatcher.utter_message(response="capabilities_policy")
        else:
            dispatcher.utter_message(response=_SIMPLE[intent])


class ActionReport(Reply):
    """Something happened: first aid in the right order, then the offer to open a claim."""

    action_name = "action_report"

    def answer(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """Give first aid; inside an intake, say that the new incident comes after this one."""
        incident = intent_of(tracker).removeprefix("report_")
        _say(dispatcher, self.context.facts.first_aid[incident])
        events: list[EventType] = [SlotSet("topic", f"report_{incident}"), SlotSet("misunderstood", 0)]
        if in_form(tracker):
            dispatcher.utter_message(response="intake_other_incident")
            return events + back_to_form(dispatcher, tracker)
        case = asked_case(tracker, self.context)
        if case:
            # "They bully my daughter, is that covered?": help comes first, then what was asked.
            _say(dispatcher, self.context.facts.cases[case].answer, choices=[_SOURCE])
        dispatcher.utter_message(response="offer_claim")
        # Of another incident, what was told before says nothing.
        before = told_so_far(tracker) if tracker.get_slot("incident") in (None, incident) else {}
        told = {**before, **told_now(tracker)}
        return [*events, SlotSet("incident", incident), SlotSet("told", told), SlotSet("offer", OPEN_CLAIM)]


def _says_hello_back(tracker: Tracker) -> bool:
    """The greeting is the customer's first word, right after the welcome: one greeting is enough."""
    said = [str(event.get("text") or "") for event in tracker.events if event.get("event") == "user"]
    return len(said) == 2 and said[0] == WELCOME and said[1] != WELCOME


def asked_case(tracker: Tracker, context: Context) -> str | None:
    """The case that the latest message asks about, as it was understood."""
    text = str(tracker.latest_message.get("text") or "")
    return case_asked(text, language_of(tracker), intent_of(tracker), context.facts.cases)


def told_now(tracker: Tracker) -> dict[str, str]:
    """What the latest message tells: amounts, days, shops (actions/told.py)."""
    latest = tracker.latest_message
    return told_in(str(latest.get("text") or ""), latest.get("entities") or [])


def told_so_far(tracker: Tracker) -> dict[str, str]:
    """What the customer told of the incident, with the latest message."""
    return {**(tracker.get_slot("told") or {}), **told_now(tracker)}


class ActionCare(Reply):
    """Distress: the crisis lines before anything else. The form closes, the claim can wait."""

    action_name = "action_care"

    def answer(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """Give the lines, ask for a person with the highest priority, and leave the form."""
        distressed, text = bool(tracker.get_slot("distressed")), str(tracker.latest_message.get("text") or "")
        child = speaks_of_meeting_a_child(text)
        if child:
            # Who despairs after that has not been told of the other lines yet.
            _say(dispatcher, self.context.facts.care["child_at_risk"])
            request_person(dispatcher, "child_at_risk", "urgent")
        else:
            self._care(dispatcher, text, again=distressed)
        intake = Intake.from_slot(tracker.get_slot("intake"))
        # An errand is over; the claim it interrupted can be taken up again.
        errand = intake if intake and intake.task != flow.CLAIM else None
        kept = [SlotSet("intake", (errand.before or {}).get("intake"))] if errand else []
        return [
            *kept,
            ActiveLoop(None),
            SlotSet("requested_slot", None),
            SlotSet("offer", None),
            SlotSet("distressed", distressed or not child),
            SlotSet("misunderstood", 0),
        ]

    def _care(self, dispatcher: CollectingDispatcher, text: str, *, again: bool) -> None:
        another = speaks_of_another(text)
        first = "distress_someone_else" if another else "distress"
        _say(dispatcher, self.context.facts.care["distress_followup" if again and not another else first])
        if not again:
            request_person(dispatcher, "distress", "urgent")


class ActionExplain(Reply):
    """Why do you ask? In the form: the reason for the question. Elsewhere: the source of the last answer."""

    action_name = "action_explain"

    def answer(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """Explain, then back to the form, if one is open."""
        intake = Intake.from_slot(tracker.get_slot("intake"))
        about_source = entities_of(tracker).get("about") == "source"
        if in_form(tracker) and intake and intake.asked and not about_source:
            dispatcher.utter_message(response=f"ask_{intake.asked}", part="why", incident=intake.incident)
            return [FollowupAction(FORM)]
        answer = self._last_answer(tracker)
        if answer and answer.sources:
            named = [self.context.facts.sources[source] for source in answer.sources]
            listed = "\n".join(f"• {source['title']} {source.get('url', '')}".rstrip() for source in named)
            dispatcher.utter_message(response="source_intro", sources=f"\n{listed}")
        else:
            dispatcher.utter_message(response="source_none" if about_source else "why_nothing")
        return back_to_form(dispatcher, tracker)

    def _last_answer(self, tracker: Tracker) -> Answer | None:
        topic = tracker.get_slot("topic") or ""
        if topic.startswith("report_"):
            return self.context.facts.first_aid[topic.removeprefix("report_")]
        if topic in self.context.facts.cases:
            return self.context.facts.cases[topic].answer
        return self.context.facts.answers.get(topic)


class ActionAffirm(Reply):
    """Yes, outside the form: takes up the offer that was made last."""

    action_name = "action_affirm"

    def answer(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """Open the claim that was offered, or ask what the yes was for."""
        following = {OPEN_CLAIM: "action_start_intake", CHECK_COVER: "action_errand"}.get(tracker.get_slot("offer"))
        if following:
            return [FollowupAction(following)]
        dispatcher.utter_message(response="affirm_nothing")
        return [SlotSet("misunderstood", 0)]


class ActionDeny(Reply):
    """No, outside the form: declines the offer that was made last."""

    action_name = "action_deny"

    def answer(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """Accept the no; none of the meanings offered is a wish to say it in other words."""
        if tracker.get_slot("choosing"):
            dispatcher.utter_message(response="say_it_otherwise")
            return [SlotSet("misunderstood", 2), *back_to_form(dispatcher, tracker)]
        offered = tracker.get_slot("offer")
        dispatcher.utter_message(response="offer_declined" if offered else "deny_nothing")
        return [SlotSet("offer", None), SlotSet("misunderstood", 0)]


class ActionRequestPerson(Reply):
    """A person is wanted, or the assistant disappoints: noted with its reason, answered honestly."""

    action_name = "action_request_person"

    def answer(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """Note the request and say what happens next; then back to the form, if one is open."""
        annoyed = intent_of(tracker) == "express_frustration"
        answer = "frustration" if annoyed else "talk_to_human"
        dispatcher.utter_message(response=answer, helplines=["cyber_care"])
        request_person(dispatcher, "frustration" if annoyed else "wanted", "high" if annoyed else "normal")
        return [SlotSet("misunderstood", 0), *back_to_form(dispatcher, tracker)]


class ActionChangeLanguage(Reply):
    """Confirms the language; the language identifier has set it already."""

    action_name = "action_change_language"

    def answer(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """Confirm in the new language; then back to the form, if one is open."""
        dispatcher.utter_message(response="change_language")
        return back_to_form(dispatcher, tracker)


class ActionNothingToDo(Reply):
    """ "I don't know" or "that's wrong" when nothing was asked."""

    action_name = "action_nothing_to_do"

    def answer(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """Say kindly that nothing is open."""
        dispatcher.utter_message(response=_NOTHING.get(intent_of(tracker), "dont_know_nothing"))
        return []


def _say(dispatcher: CollectingDispatcher, answer: Answer, **values: Any) -> None:
    dispatcher.utter_message(response=answer.response, helplines=list(answer.helplines), **values)
