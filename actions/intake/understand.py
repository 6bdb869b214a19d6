"""Is this message an answer to the open question, a change, a "don't have it", or something else altogether?"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any

from actions.reading import NO_DAY, Said, Unreadable, code_missing, read, wants_code_again, word_for_word
from actions.words import AGREED, TAKES_BACK
from content.facts import Question

# Wherever they come, these are never answers; the rules of the assistant take them.
_LEAVES_FORM = {
    "stop",
    "talk_to_human",
    "change_language",
    "bot_challenge",
    "express_frustration",
    "ask_why",
    "ask_capabilities",
}
# Who says it at the code wants it more than a code.
_WANTS_OUT = {"stop", "talk_to_human", "change_language"}
_SMALL_TALK = {"greet", "thank", "goodbye"}
_QUESTIONS = {"cancel_policy", "make_complaint", "claim_status", "add_evidence", "withdraw_claim"}

# How sure the NLU must be before words are taken for something else than an answer. A free answer ("they said it
# was cancelled") resembles many intents, so there the bar is higher.
_SURE, _SURE_IN_TEXT, _VERY_SURE = 0.45, 0.75, 0.85
# From here on the classifier lets distress win over everything (config.yml); below it is one guess among many, and
# "for myself" must not end in crisis lines.
_DISTRESS = 0.3
# A "no" to "anything else?" is short; a longer sentence that begins with no is an answer.
SHORT = 40
# So few words that can be read as the answer are the answer, whatever they resemble; a date takes more of them.
FEW_WORDS = 3
FEW_WORDS_OF_A_VALUE = 6
# Free questions that ask for a name, and the kinds of names that answer them.
_NAMES = {"seller": ("shop", "platform"), "platform": ("platform", "shop"), "bank": ("bank",)}
# An order number such as NL-2201-FR asks for no other language and corrects nothing.
_REFERENCE = re.compile(r"\S*\d\S*")
# So short a message about another incident is no story of this one; it says that it comes on top.
SHORT_REPORT = 12
_ALSO = re.compile(
    r"^(?:oh |ah )?(?:and|en|et)\b"
    r"|\b(?:too|also|as well|another|ook|nog een|bovendien|trouwens|aussi|également|en plus)\b",
    re.I,
)
# "Doe maar", "stuur maar door" is a plain yes.
_BUT = re.compile(r"\b(but|except|(?<!doe )(?<!stuur )(?<!dien )maar|behalve|mais|sauf)\b", re.I)


@dataclass(frozen=True)
class Heard:
    """The latest message with what the NLU made of it.

    Attributes:
        incident: What the intake is about.
        takes_back: The message fits an earlier answer, and not the one that is noted.
    """

    said: Said
    confidence: float = 0.0
    entities: dict[str, str] = field(default_factory=dict)
    incident: str | None = None
    takes_back: bool = False

    @property
    def is_button(self) -> bool:
        """Buttons send a payload; it was checked against the buttons this conversation was offered."""
        return self.said.text.startswith("/")


@dataclass(frozen=True)
class Step:
    """What to do with the message.

    Attributes:
        kind: answer, skip, change (set or ask `question` again), which (a change, unclear of what), again
            (ask the open question once more), leave (not for the form).
    """

    kind: str
    question: str | None = None
    value: Any = None


def understand(question: Question, heard: Heard) -> Step:
    """Decide what the message is, while `question` is open."""
    if heard.is_button:
        return _button(heard)
    # "Myself" and "doesn't answer any more" are answers to what was asked, whatever they resemble.
    if word_for_word(question.kind, heard.said) and _readable(question, heard.said):
        return Step("answer", question.id, heard.said.text)
    if _is_distress(question, heard):
        return Step("leave")
    without_code = _without_code(question, heard)
    if without_code:
        return without_code
    if _takes_back(heard):
        return Step("which", value=heard.said.text)
    if question.kind != "text" and _is_bare_answer(question, heard):
        return Step("answer", question.id, heard.said.text)
    if _leaves_at_once(question, heard):
        return Step("leave")
    if question.kind == "text":
        return _in_free_text(question, heard)
    if question.id == "confirm":
        return _at_read_back(question, heard)
    return _in_structured(question, heard)


def _is_distress(question: Question, heard: Heard) -> bool:
    return heard.said.intent == "express_distress" and (question.kind == "text" or heard.confidence >= _DISTRESS)


def _without_code(question: Question, heard: Heard) -> Step | None:
    """No code came: what to do about it, or another code. It is no attempt."""
    if question.kind != "code" or heard.said.intent in _WANTS_OUT:
        return None
    if wants_code_again(heard.said.text):
        return Step("change", question.id)
    return Step("skip", question.id) if code_missing(heard.said.text) else None


def _takes_back(heard: Heard) -> bool:
    """ "No, it was for Claire" is no no to what was asked, and no name of a shop."""
    return heard.takes_back and heard.said.intent in ("correct_answer", "deny") and heard.confidence >= _SURE


def _is_bare_answer(question: Question, heard: Heard) -> bool:
    text = heard.said.text
    few = FEW_WORDS if question.kind in ("yes_no", "choice", "person") else FEW_WORDS_OF_A_VALUE
    if "?" in text or len(text.split()) > few:
        return False
    if question.id == "confirm" and (re.search(r"\d", text) or _is_guessed_yes(question, heard)):
        return False
    return not _BUT.search(text) and _readable(question, heard.said)


def _leaves_at_once(question: Question, heard: Heard) -> bool:
    intent = heard.said.intent
    if question.kind == "text" and _REFERENCE.fullmatch(heard.said.text.strip()):
        return False
    if intent in _LEAVES_FORM:
        return heard.confidence >= (_SURE_IN_TEXT if question.kind == "text" else _SURE)
    # What somebody adds to a claim sounds like a wish to add something.
    if not _is_question(heard) or (question.phase == "errand" and question.kind == "text"):
        return False
    if "?" in heard.said.text:
        return heard.confidence >= _SURE
    # "PC Discount" is a shop, not a question about the price.
    whole = question.kind != "text" or len(heard.said.text.split()) > FEW_WORDS
    return whole and heard.confidence >= _VERY_SURE


def _in_free_text(question: Question, heard: Heard) -> Step:
    intent, text = heard.said.intent, heard.said.text
    if _REFERENCE.fullmatch(text.strip()) or _names_what_is_asked(question, heard):
        return Step("answer", question.id, text)
    if intent == "dont_know" and heard.confidence >= _SURE:
        return Step("skip", question.id)
    if intent == "deny" and not question.required and len(text) < SHORT:
        return Step("skip", question.id)
    if intent == "correct_answer" and heard.confidence >= _SURE_IN_TEXT:
        return Step("which", value=text)
    if _is_another_incident(heard) and question.phase != "errand":
        return Step("leave")
    return Step("answer", question.id, text)


def _names_what_is_asked(question: Question, heard: Heard) -> bool:
    """ "C'était sur 2ememain" resembles a correction, but it names what was asked for."""
    named = any(kind in heard.said.found for kind in _NAMES.get(question.id, ()))
    short = len(heard.said.text.split()) <= FEW_WORDS_OF_A_VALUE
    return named and short and "?" not in heard.said.text and not TAKES_BACK.search(heard.said.text)


def _is_another_incident(heard: Heard) -> bool:
    """ "And my facebook is hacked too", while a free answer is asked for."""
    intent, text = heard.said.intent, heard.said.text
    another = intent.startswith("report_") and intent != f"report_{heard.incident}"
    short = FEW_WORDS < len(text.split()) <= SHORT_REPORT
    return another and short and heard.confidence >= _SURE_IN_TEXT and bool(_ALSO.search(text))


def _at_read_back(question: Question, heard: Heard) -> Step:
    """A plain yes or no is the answer. What says more may be a change, and a change must never pass for a yes."""
    intent, text = heard.said.intent, heard.said.text
    says_more = bool(re.search(r"\d", text) or _BUT.search(text))
    if intent == "deny":
        says_more = says_more or len(text.split()) > FEW_WORDS
    if _readable(question, heard.said) and not says_more and not _is_guessed_yes(question, heard):
        return Step("answer", question.id, text)
    if intent == "file_claim" and heard.confidence >= _SURE:
        return Step("again", question.id)
    if intent in _SMALL_TALK and heard.confidence >= _SURE:
        return Step("leave")
    if intent.startswith("report_") and heard.confidence >= _VERY_SURE:
        return Step("leave")
    return Step("which", value=text)


def _is_guessed_yes(question: Question, heard: Heard) -> bool:
    """A claim is sent by a word for yes, or by what surely means it: "the thing" resembles a yes too."""
    agreed = heard.said.text.lower().strip(" .!") in AGREED
    by_word = agreed or _readable(question, replace(heard.said, intent=""))
    return heard.said.intent == "affirm" and heard.confidence < _VERY_SURE and not by_word


def _in_structured(question: Question, heard: Heard) -> Step:
    intent, text = heard.said.intent, heard.said.text
    # "It should have come on 10 November" changes nothing, it answers.
    plain = question.kind in ("date", "amount") and not TAKES_BACK.search(text) and _readable(question, heard.said)
    # "No, the amount was 340" is not the no to "did you call your bank?"; digits alone correct nothing.
    if intent == "correct_answer" and heard.confidence >= _SURE_IN_TEXT and _says_something(text) and not plain:
        return Step("which", value=text)
    # Told in a sentence, the incident is known better from its intent than from single words.
    if question.id == "incident" and intent.startswith("report_") and heard.confidence >= _SURE:
        return Step("answer", question.id, intent.removeprefix("report_"))
    if _readable(question, heard.said):
        return Step("answer", question.id, text)
    if heard.confidence >= _SURE:
        # "I don't have it" often counts as a no.
        if intent in ("dont_know", "deny"):
            return Step("skip", question.id)
        if intent == "correct_answer" and _says_something(text):
            return Step("which", value=text)
        if intent == "file_claim":
            return Step("again", question.id)
        another = intent.startswith("report_") and intent != f"report_{heard.incident}"
        # "A webshop" and "240 euro" resemble messages about buying and paying: a few words are an answer.
        whole = "?" in text or len(text.split()) > FEW_WORDS
        if intent in _SMALL_TALK or (whole and (_is_question(heard) or another)):
            return Step("leave")
    return Step("answer", question.id, text)


def _button(heard: Heard) -> Step:
    intent, entities = heard.said.intent, heard.entities
    if intent == "correct_answer" and entities.get("question"):
        return Step("change", entities["question"], entities.get("value"))
    if intent == "affirm":
        return Step("answer", value="yes")
    if intent == "deny":
        return Step("answer", value="no")
    if intent == "dont_know":
        return Step("skip")
    if intent == "file_claim":
        return Step("again")
    return Step("leave")


def _says_something(text: str) -> bool:
    return bool(re.search(r"[^\W\d_]{2}", text))


def _is_question(heard: Heard) -> bool:
    intent = heard.said.intent
    return (intent.startswith("ask_") or intent in _QUESTIONS) and intent != "ask_why"


def _readable(question: Question, said: Said) -> bool:
    try:
        read(question.kind, said)
    except Unreadable as problem:
        # A day to come is an answer too, only not one that can be; and so is a time without a day.
        return problem.response in ("invalid_date_future", NO_DAY)
    return True
