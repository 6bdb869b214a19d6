"""Fills questions with what the customer told already, so that only what is missing is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from actions.intake.flow import IDENTIFICATION
from actions.intake.state import Intake
from actions.reading import Said
from actions.told import answers_from
from content.facts import Facts

MINOR = "minor"


def prefilled(
    intake: Intake, told: Mapping[str, str], facts: Facts, said: Said, asked: str | None = None
) -> tuple[Intake, list[str]]:
    """Answer the questions of an intake that `told` answers and that nobody has answered yet.

    Args:
        intake: The intake, with its incident.
        told: What was told, by kind.
        facts: The questions.
        said: Any message of the conversation, for its language and day.
        asked: A question to leave alone: it is being answered.

    Returns:
        The intake, and the ids of the questions that are answered now.
    """
    if intake.incident is None or not told:
        return intake, []
    known = (*IDENTIFICATION, asked)
    questions = [q for q in facts.questions(intake.incident) if q.id not in known and not intake.settled(q.id)]
    answers = answers_from(told, facts.fills(intake.incident), questions, said)
    # A message may tell what a question on another branch would ask.
    applies = {q.id for q in questions if q.applies({**intake.answers, **answers})}
    new = {name: value for name, value in answers.items() if name in applies}
    return intake.but(answers={**intake.answers, **new}), list(new)


def with_age(intake: Intake, person: str, persons: Iterable[Mapping[str, Any]], facts: Facts) -> Intake:
    """Note whether the person concerned is under 18, so that nobody is asked what the policy says.

    Args:
        intake: The intake, of an incident that may ask it.
        person: The id that was chosen.
        persons: Those insured by the policy; of anybody else it is asked.
        facts: The questions.
    """
    if not any(question.id == MINOR for question in facts.questions(intake.incident or "other")):
        return intake
    known = next((each for each in persons if str(each["id"]) == person), {})
    if MINOR not in known:
        return intake.without(MINOR)
    return intake.but(answers={**intake.answers, MINOR: "yes" if known[MINOR] else "no"})
