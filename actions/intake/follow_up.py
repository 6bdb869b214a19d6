"""What an answer brings besides the next question: advice, a person, a pause, or help when nobody can read it."""

from __future__ import annotations

from decimal import Decimal

from rasa_sdk.executor import CollectingDispatcher

from actions.context import Context, request_person
from actions.intake.asking import skip_button
from actions.intake.steps import Progress
from content.facts import Question

# After so many answers that cannot be read: say why it is asked; then offer to leave it open, or a person.
EXPLAIN, OFFER_HELP = 2, 3
# From this amount on, in euros, a person looks along: a loss that changes somebody's life.
LARGE_LOSS = Decimal(5_000)


def say_what_follows(
    context: Context,
    question: Question,
    value: str,
    progress: Progress,
    dispatcher: CollectingDispatcher,
    language: str,
) -> None:
    """Advice that an answer calls for: a card that is not blocked yet, a child that is concerned."""
    if f"after_{value}" in context.responses.entries[language].get(f"ask_{question.id}", {}):
        dispatcher.utter_message(response=f"ask_{question.id}", part=f"after_{value}")
    if question.kind == "amount" and Decimal(value) >= LARGE_LOSS:
        request_person(dispatcher, "large_loss", "high")
    incident = context.facts.incidents.get(progress.intake.incident or "")
    if question.kind == "person" and incident and incident.children:
        persons = (progress.identity or {}).get("policy", {}).get("insured_persons", [])
        if any(str(person["id"]) == value and person.get("minor") for person in persons):
            helplines = list(context.facts.care["child_at_risk"].helplines)
            dispatcher.utter_message(response="child_at_risk", helplines=helplines)
            request_person(dispatcher, "child_at_risk", "high")


def code_help(progress: Progress, dispatcher: CollectingDispatcher) -> Progress:
    """No code came: what to do. It is no attempt at the code, and no answer that could not be read."""
    person = {"response": "button_person", "payload": "/talk_to_human"}
    dispatcher.utter_message(response="code_missing", helplines=["cyber_care"], choices=[person])
    return progress


def wait_for_safety(context: Context, progress: Progress, dispatcher: CollectingDispatcher) -> Progress:
    """Somebody is in danger: nothing more is asked until the customer takes the claim up again."""
    choices = [
        {"response": "button_go_on", "payload": "/file_claim"},
        {"response": "button_person", "payload": "/talk_to_human"},
    ]
    helplines = list(context.facts.care["danger"].helplines)
    dispatcher.utter_message(response="danger", helplines=helplines, choices=choices)
    request_person(dispatcher, "distress", "urgent")
    return Progress(progress.intake, progress.identity, paused=True)


def unreadable(
    context: Context, question: Question, response: str, progress: Progress, dispatcher: CollectingDispatcher
) -> Progress:
    """Say what is expected, with an example; the second time also why; from the third time on offer a way out."""
    tries = progress.intake.tries + 1
    if tries < OFFER_HELP:
        dispatcher.utter_message(response=response)
        if tries == EXPLAIN and "why" in context.responses.entries["en"].get(f"ask_{question.id}", {}):
            why = {"part": "why", "incident": progress.intake.incident}
            dispatcher.utter_message(response=f"ask_{question.id}", **why)
    else:
        person = {"response": "button_person", "payload": "/talk_to_human"}
        skip = {"response": skip_button(question), "payload": "/dont_know"}
        choices = [person] if question.required else [skip, person]
        helpful = "invalid_often_required" if question.required else "invalid_often"
        dispatcher.utter_message(response=helpful, helplines=["cyber_care"], choices=choices)
    return Progress(progress.intake.but(tries=tries), progress.identity)
