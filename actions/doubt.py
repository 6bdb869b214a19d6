"""When a message was not understood: choices, then other words, then a person. Never a guess, never a loop."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.context import UNSURE, Context, ContextAction, back_to_form, intent_of, language_of, request_person
from actions.cover_cases import case_guessed

CHOICES = 3
DISTRESS = "express_distress"
# Below it a meaning is no likelier than any other.
LIKELY = 0.05
# A "no" is the button "none of these", and what is out of scope is one of many things.
_NO_CHOICE = {"deny", "out_of_scope"}
# While a claim is offered, these are a yes and a no; one of each is enough together.
_YES, _NO, _ENOUGH = {"affirm", "file_claim"}, {"deny", "stop"}, 0.5
_NONE = {"response": "none_of_these", "payload": "/deny"}


class Reply(ContextAction):
    """Answers what a customer said, if it was understood. Subclasses say `answer`, or `act` if they have to wait."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        """Answer, or find out what was meant."""
        # What follows another action answers no message.
        if intent_of(tracker) == UNSURE and tracker.latest_action_name == "action_listen":
            return self._find_out(dispatcher, tracker)
        chosen = [SlotSet("choosing", None)] if tracker.get_slot("choosing") else []
        return [*chosen, *await self.act(dispatcher, tracker)]

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """Do what a message that was understood asks for."""
        return self.answer(dispatcher, tracker)

    def answer(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """Say the answer to a message that was understood."""
        raise NotImplementedError

    def _find_out(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        decision = _decision(tracker)
        if decision:
            return [FollowupAction(decision)]
        if guessed_case(tracker, self.context):
            return [FollowupAction("action_answer")]
        text = tracker.latest_message.get("text") or ""
        if not any(character.isalnum() for character in text):
            dispatcher.utter_message(response="only_emoji")
            return back_to_form(dispatcher, tracker)
        count = int(tracker.get_slot("misunderstood") or 0) + 1
        choices = self._choices(tracker) if count == 1 else []
        if choices:
            dispatcher.utter_message(response="did_you_mean", choices=[*choices, _NONE], helplines=self._lines(choices))
        elif count <= 2:
            dispatcher.utter_message(response="say_it_otherwise" if count == 2 else "nothing_understood")
        else:
            dispatcher.utter_message(response="nothing_understood_again", helplines=["cyber_care"])
            if count == 3:
                request_person(dispatcher, "not_understood", "normal")
        asked = SlotSet("choosing", True if choices else None)
        return [SlotSet("misunderstood", count), asked, *back_to_form(dispatcher, tracker)]

    def _lines(self, choices: list[dict[str, str]]) -> list[str]:
        """If one of the meanings is distress, its help lines stand beside the question: nobody must choose first."""
        distress = any(choice["payload"] == f"/{DISTRESS}" for choice in choices)
        return list(self.context.facts.care["distress"].helplines) if distress else []

    def _choices(self, tracker: Tracker) -> list[dict[str, str]]:
        """The likeliest meanings as buttons."""
        titles = self.context.responses.meanings(language_of(tracker))
        entries = tracker.latest_message.get("intent_ranking") or []
        ranking = [entry["name"] for entry in entries if entry["confidence"] >= LIKELY]
        offered = [name for name in ranking if name in titles and name not in _NO_CHOICE][:CHOICES]
        return [{"title": titles[name], "payload": f"/{name}"} for name in offered]


def guessed_case(tracker: Tracker, context: Context) -> str | None:
    """The case that a message which was not understood may ask about."""
    latest = tracker.latest_message
    ranking = latest.get("intent_ranking") or []
    return case_guessed(str(latest.get("text") or ""), language_of(tracker), ranking, context.facts.cases)


def _decision(tracker: Tracker) -> str | None:
    """The action that takes a yes or a no to an open offer, if the message leans far enough to one of them."""
    if not tracker.get_slot("offer"):
        return None
    ranking = tracker.latest_message.get("intent_ranking") or []
    for action, intents in (("action_affirm", _YES), ("action_deny", _NO)):
        if sum(entry["confidence"] for entry in ranking if entry["name"] in intents) >= _ENOUGH:
            return action
    return None
