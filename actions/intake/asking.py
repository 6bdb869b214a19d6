"""Asks the next question of the intake, with what can be chosen; at the end reads everything back."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.context import Context, ContextAction, language_of
from actions.intake import flow
from actions.intake.state import Intake
from content import formats
from content.facts import Question

PAUSED = "paused"
# Instead of an incident: a claim that was begun earlier.
UNFINISHED = "unfinished"
# Choices that say "I don't know" already: there is nothing to leave open.
UNKNOWN = {"unknown", "not_known"}
# Kinds of questions that a channel can show a field of its own for.
INPUTS = {"code": "code", "date": "date", "date_of_birth": "date", "amount": "amount"}
_NO_CODE = (
    {"response": "button_send_again", "payload": '/correct_answer{"question": "one_time_code"}'},
    {"response": "button_new_code", "payload": '/correct_answer{"question": "policy_reference"}'},
)
_YES_NO = ({"response": "button_yes", "payload": "/affirm"}, {"response": "button_no", "payload": "/deny"})


def identity_of(tracker: Tracker, now: datetime) -> dict[str, Any] | None:
    """Who the customer proved to be in this conversation, while that still holds."""
    identity: dict[str, Any] | None = tracker.get_slot("identity")
    if identity and datetime.fromisoformat(identity["expires_at"].replace("Z", "+00:00")) > now:
        return identity
    return None


def options_for(
    question: Question, language: str, identity: dict[str, Any] | None, intake: Intake | None, context: Context
) -> dict[str, str]:
    """What can be chosen: id -> title. Persons come from the policy, claims and drafts from the backend."""
    titles = dict(context.responses.options(question.id, language))
    if question.id == "incident" and not (intake and intake.task == flow.COVER):
        return titles | {UNFINISHED: context.responses.render("button_unfinished", language).text}
    if question.kind == "person":
        persons = (identity or {}).get("policy", {}).get("insured_persons", [])
        return {str(person["id"]): f"{person['first_name']} {person['last_name']}" for person in persons} | titles
    listed = intake.listed if intake and question.kind == "listed" else ()
    return {str(entry["id"]): _listed_title(entry, language, context) for entry in listed} | titles


def _listed_title(entry: dict[str, Any], language: str, context: Context) -> str:
    name = context.responses.incidents[language][entry["incident"]]["button"]
    return f"{name} ({formats.day(entry['at'], language)})"


class ActionAskIntakeAnswer(ContextAction):
    """Asks the next question of the intake; at the end it reads everything back."""

    action_name = "action_ask_intake_answer"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        """Ask, and remember what was asked."""
        intake = Intake.from_slot(tracker.get_slot("intake"))
        identity = identity_of(tracker, self.context.now())
        question = flow.next_question(intake, identity is not None, self.context.facts) if intake else None
        if intake is None or question is None:
            return [SlotSet("intake_answer", PAUSED)]
        dispatcher.utter_message(**self._asking(question, intake, identity, language_of(tracker)))
        return [SlotSet("intake", intake.but(asked=question.id).to_slot())]

    def _asking(
        self, question: Question, intake: Intake, identity: dict[str, Any] | None, language: str
    ) -> dict[str, Any]:
        asking: dict[str, Any] = {
            "response": self.wording(question, str(intake.incident), language),
            "progress": flow.progress(question, intake, self.context.facts),
            "skip": None if question.required or UNKNOWN & set(question.options) else skip_button(question),
        }
        if question.kind in INPUTS:
            asking["input"] = INPUTS[question.kind]
        if question.id == "confirm":
            asking |= {"incident": intake.incident, "rows": read_back(intake, identity, self.context)}
        if question.kind == "yes_no":
            asking["choices"] = list(_YES_NO)
        elif question.kind in ("person", "listed") or question.id == "incident":
            options = options_for(question, language, identity, intake, self.context)
            asking["choices"] = [_choice(question, option, title) for option, title in options.items()]
        elif question.kind == "choice":
            asking["options"] = list(options_for(question, language, identity, intake, self.context))
        elif question.id == "one_time_code":
            asking["choices"] = list(_NO_CODE)
        return asking

    def wording(self, question: Question, incident: str, language: str) -> str:
        """The name of the response that asks: that of the incident, or the general one."""
        variant = f"ask_{question.id}__{incident}"
        return variant if variant in self.context.responses.entries[language] else f"ask_{question.id}"


def _choice(question: Question, option: str, title: str) -> dict[str, str]:
    return {"title": title, "payload": "/correct_answer" + json.dumps({"question": question.id, "value": option})}


def skip_button(question: Question) -> str:
    """What can be looked up is not there; what can be chosen is not known; there may be nothing more to say."""
    if question.id == "remarks":
        return "button_that_is_all"
    return "button_unsure" if question.kind in ("choice", "yes_no") else "button_skip"


def read_back(
    intake: Intake, identity: dict[str, Any] | None, context: Context, only: Collection[str] | None = None
) -> list[dict[str, Any]]:
    """The answers of the claim as rows, each with the value as it is kept; all of them, or `only` some."""
    rows = []
    for question in flow.questions(intake, context.facts):
        unsaid = question.id == "remarks" and question.id in intake.left_open
        if not intake.settled(question.id) or unsaid or (only is not None and question.id not in only):
            continue
        row: dict[str, Any] = {"question": question.id, "kind": question.kind, "value": intake.answers.get(question.id)}
        if question.kind == "person":
            persons = options_for(question, "en", identity, intake, context)
            if row["value"] != "outsider" and row["value"] in persons:
                row["shown"] = persons[row["value"]]
        rows.append(row)
    return rows
