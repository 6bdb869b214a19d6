"""When a message was not understood: choices, then other words, then a person. Never a guess, never a loop."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.context import UNSURE, ContextAction, back_to_form, intent_of, language_of, request_person

CHOICES = 3
# Below it a meaning is no likelier than any other.
LIKELY = 0.05
# A "no" is the button "none of these", and what is out of scope is one of many things.
_NO_CHOICE = {"deny", "out_of_scope"}
_NONE = {"response": "none_of_these", "payload": "/deny"}


class Reply(ContextAction):
    """Answers what a customer said, if it was understood. Subclasses say `answer`."""

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        """Answer, or find out what was meant."""
        # What follows another action answers no message.
        if intent_of(tracker) == UNSURE and tracker.latest_action_name == "action_listen":
            return self._find_out(dispatcher, tracker)
        chosen = [SlotSet("choosing", None)] if tracker.get_slot("choosing") else []
        return [*chosen, *self.answer(dispatcher, tracker)]

    def answer(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """Say the answer to a message that was understood."""
        raise NotImplementedError

    def _find_out(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        text = tracker.latest_message.get("text") or ""
        if not any(character.isalnum() for character in text):
            dispatcher.utter_message(response="only_emoji")
            return back_to_form(dispatcher, tracker)
        count = int(tracker.get_slot("misunderstood") or 0) + 1
        choices = self._choices(tracker) if count == 1 else []
        if choices:
            dispatcher.utter_message(response="did_you_mean", choices=[*choices, _NONE])
        elif count <= 2:
            dispatcher.utter_message(response="say_it_otherwise" if count == 2 else "nothing_understood")
        else:
            dispatcher.utter_message(response="nothing_understood_again", helplines=["cyber_care"])
            if count == 3:
                request_person(dispatcher, "not_understood", "normal")
        asked = SlotSet("choosing", True if choices else None)
        return [SlotSet("misunderstood", count), asked, *back_to_form(dispatcher, tracker)]

    def _choices(self, tracker: Tracker) -> list[dict[str, str]]:
        """The likeliest meanings as buttons."""
        titles = self.context.responses.meanings(language_of(tracker))
        entries = tracker.latest_message.get("intent_ranking") or []
        ranking = [entry["name"] for entry in entries if entry["confidence"] >= LIKELY]
        offered = [name for name in ranking if name in titles and name not in _NO_CHOICE][:CHOICES]
        return [{"title": titles[name], "payload": f"/{name}"} for name in offered]
