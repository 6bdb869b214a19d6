"""What an intake knows so far. It lives in the slot `intake` as plain JSON."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Intake:
    """The intake of one claim, or an errand that needs to know who the customer is.

    Attributes:
        key: Makes the draft exactly once, however often a step is repeated.
        incident: Id of the incident, None until it is known.
        answers: Question id -> JSON value.
        left_open: Questions the customer does not have an answer to.
        asked: The question the customer is looking at.
        again: A question to ask next, because its answer is to change.
        tries: How often the open question was answered in a way that could not be read.
        challenge: The one-time code that was sent.
        draft: `{"id", "version", "policy"}` in the claims backend.
        finding: What the check of cover found.
        confirmed: The customer said yes to the read-back.
        task: claim, or an errand of actions/intake/flow.py: status, remark, withdraw, cover, resume.
        listed: What can be chosen from the backend, drafts or claims, as `{"id", "incident", "at", ...}`.
        before: The intake an errand interrupted; it is taken up again afterwards.
    """

    key: str
    incident: str | None = None
    answers: dict[str, Any] = field(default_factory=dict)
    left_open: tuple[str, ...] = ()
    asked: str | None = None
    again: str | None = None
    tries: int = 0
    challenge: str | None = None
    draft: dict[str, Any] | None = None
    finding: str | None = None
    confirmed: bool = False
    task: str = "claim"
    listed: tuple[dict[str, Any], ...] = ()
    before: dict[str, Any] | None = None

    @staticmethod
    def from_slot(value: dict[str, Any] | None) -> Intake | None:
        """Read the slot; None when there is no intake."""
        if not value:
            return None
        tuples = {name: tuple(value.get(name) or ()) for name in ("left_open", "listed")}
        return Intake(**{**value, **tuples})

    def to_slot(self) -> dict[str, Any]:
        """Write the slot."""
        return dataclasses.asdict(self)

    def but(self, **changes: Any) -> Intake:
        """A copy with `changes`."""
        return dataclasses.replace(self, **changes)

    def answer(self, question: str, value: Any) -> Intake:
        """A copy in which `question` is answered."""
        left_open = tuple(name for name in self.left_open if name != question)
        return self.but(answers={**self.answers, question: value}, left_open=left_open, again=None, tries=0)

    def leave_open(self, question: str) -> Intake:
        """A copy in which `question` is left open."""
        answers = {name: value for name, value in self.answers.items() if name != question}
        return self.but(answers=answers, left_open=(*self.left_open, question), again=None, tries=0)

    def without(self, *questions: str) -> Intake:
        """A copy in which `questions` are neither answered nor left open."""
        return self.but(
            answers={name: value for name, value in self.answers.items() if name not in questions},
            left_open=tuple(name for name in self.left_open if name not in questions),
            tries=0,
        )

    def settled(self, question: str) -> bool:
        """Tell whether `question` is answered or left open."""
        return question in self.answers or question in self.left_open
