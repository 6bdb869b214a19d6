"""A change of an earlier answer in free words: which answer is meant, and what it becomes. Pure, no dialogue."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from actions import words
from actions.reading import Said, Unreadable, read
from content.facts import Question

# A change is short; what is longer tells a story in which somebody else is named.
SHORT, SHORT_DAY = 12, 8


@dataclass(frozen=True)
class Earlier:
    """The answers a change can be about.

    Attributes:
        questions: The questions that are settled.
        labels: Question id -> its name in the customer's language.
        noted: Question id -> its answer, the latest one last.
        reads: How a text reads as the answer to a question.
    """

    questions: Sequence[Question]
    labels: Mapping[str, str]
    noted: Mapping[str, Any]
    reads: Callable[[Question, str], Said]

    def taken_back(self, text: str, asked: Question) -> bool:
        """Tell whether a message plainly changes another answer than that to the question `asked`."""
        others = [question for question in self.questions if question.kind != asked.kind]
        count = len(text.split())
        if count <= SHORT and words.HAPPENED_TO.search(text) and self._person(text, others):
            return True
        if asked.kind == "yes_no" and not words.HAPPENED_TO.search(text):
            # "No, I got back in last night" answers, and "no, I'm 45" names no day; "no, it was last night" does.
            return False
        return bool(count <= SHORT_DAY and words.TAKES_BACK.search(text) and self._other(text, others, "date"))

    def meant(self, text: str) -> Question | None:
        """The question whose answer is to change; None if it is not clear."""
        named = which_question(text, self.questions, self.labels)
        # "I meant a private seller" says one word of "Private or work", and changes nothing of it.
        if named and (self._changes(named, text) or _words(self.labels[named.id]) <= _words(text)):
            return named
        persons = [question for question in self.questions if question.kind == "person" and self.new(question, text)]
        found = self._person(text, self.questions) or self._day(text) or self._choice(text)
        return found or named or next(iter(persons), None)

    def new(self, question: Question, text: str) -> Any:
        """The new value in the message, None when there is none to read."""
        return new_value(question, self.reads(question, text))

    def _person(self, text: str, among: Sequence[Question]) -> Question | None:
        """ "It was not me but Claire" names nothing but a person, "it was for my son" not even that."""
        found = self._other(text, among, "person")
        persons = [question for question in among if question.kind == "person" and question.id in self.noted]
        relative = words.HAPPENED_TO.search(text) and words.RELATIVE.search(text)
        unnamed = relative and not any(self.new(question, text) for question in persons)
        return next(iter(found or (persons if unnamed else [])), None)

    def _day(self, text: str) -> Question | None:
        """Of several days the one that was given last is taken back."""
        found = self._other(text, self.questions, "date")
        last = next(reversed(list(self.noted)), None)
        return found[0] if len(found) == 1 else next((each for each in found if each.id == last), None)

    def _choice(self, text: str) -> Question | None:
        found = self._other(text, self.questions, "choice") if len(text.split()) <= SHORT else []
        return found[0] if len(found) == 1 else None

    def _other(self, text: str, among: Sequence[Question], kind: str) -> list[Question]:
        """The questions of a kind to which the message gives another answer than the one that is noted."""
        fitting = [question for question in among if question.kind == kind and question.id in self.noted]
        return [question for question in fitting if self._changes(question, text)]

    def _changes(self, question: Question, text: str) -> bool:
        return self.new(question, text) not in (None, self.noted.get(question.id))


def which_question(text: str, candidates: Sequence[Question], labels: Mapping[str, str]) -> Question | None:
    """The question a free correction is about: by its name, else by the kind of value in it.

    Args:
        text: For example "no, the amount was 340".
        candidates: Questions that are answered already.
        labels: Question id -> its name in the customer's language.
    """
    said = _words(text)
    # Of "Seller" and "Seller contacted", "the seller is Fnac" names the first: all of its label was said.
    hits = {q.id: (len(said & _words(labels[q.id])), -len(_words(labels[q.id]) - said)) for q in candidates}
    best = max(hits.values(), default=(0, 0))
    named = [q for q in candidates if best[0] and hits[q.id] == best]
    if len(named) == 1:
        return named[0]
    pool = named or list(candidates)
    if re.search(r"[€]|\beuros?\b|\beur\b", text, re.I):
        pool = [q for q in pool if q.kind == "amount"]
    elif re.search(r"\d\s*[/-]\s*\d", text):
        pool = [q for q in pool if q.kind == "date"]
    else:
        pool = named
    return pool[0] if len(pool) == 1 else None


def new_value(question: Question, said: Said) -> Any:
    """The new value in a free correction, None when there is none to read.

    "It was 340, not 430" holds two amounts: what follows the "not" is the old one. "No, Claire" names Claire.
    """
    if question.kind == "text":
        return None
    text = words.OPENING.sub("", said.text)
    wanted = re.split(r"\b(?:not|instead of|niet|geen|en niet|et non|et pas|pas)\b", text, maxsplit=1)[0]
    # "A private seller, not a shop" is read before "not a shop"; "not me but Claire" only says it as a whole.
    for part in (wanted, text) if question.kind == "choice" else (text, wanted):
        try:
            return read(question.kind, replace(said, text=part, intent="", also=said.also, found={}))
        except Unreadable:
            continue
    return None


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w{3,}", text.lower())) - words.FILLERS
