"""Which question comes next. Pure: the questions are data, the rest is arithmetic."""

from __future__ import annotations

from typing import Any

from actions.intake.state import Intake
from content.facts import Facts, Question

INCIDENT = Question("incident", "choice", required=True, phase="start")
GO_ON = Question("go_on", "yes_no", required=True, phase="check")
CONFIRM = Question("confirm", "yes_no", required=True, phase="confirm")

# Asked once, in this order; the answers prove who the customer is and are not part of the claim.
IDENTIFICATION = ("policy_reference", "date_of_birth", "one_time_code")

# What the backend's check of cover looks at.
CHECKED_FACTS = (
    "incident_date",
    "discovery_date",
    "victim",
    "private_use",
    "caused_by",
    "amount",
    "purchase_from",
    "consent",
)


def questions(intake: Intake, facts: Facts) -> list[Question]:
    """The questions of this claim that apply, check before details, without the identification."""
    if intake.incident is None:
        return []
    asked = [q for q in facts.questions(intake.incident) if q.phase != "identification" and q.applies(intake.answers)]
    return sorted(asked, key=lambda question: question.phase != "check")


def check_is_due(intake: Intake, facts: Facts) -> bool:
    """Tell whether all questions of the check are settled and the backend has not looked at them yet."""
    checks = [question for question in questions(intake, facts) if question.phase == "check"]
    return intake.finding is None and bool(checks) and all(intake.settled(question.id) for question in checks)


def next_question(intake: Intake, identified: bool, facts: Facts) -> Question:
    """The question to ask now; CONFIRM when everything else is settled."""
    if intake.incident is None:
        return INCIDENT
    if not identified:
        by_id = {question.id: question for question in facts.questions(intake.incident)}
        return next(by_id[name] for name in IDENTIFICATION if name not in intake.answers)
    pending = [question for question in questions(intake, facts) if not intake.settled(question.id)]
    if intake.again:
        again = find(intake.again, intake, facts)
        if again:
            return again
    if pending and pending[0].phase == "check":
        return pending[0]
    if intake.finding == "looks_not_covered" and "go_on" not in intake.answers:
        return GO_ON
    return pending[0] if pending else CONFIRM


def find(question_id: str | None, intake: Intake, facts: Facts) -> Question | None:
    """The question of that id in this intake, None if it is not one of its questions."""
    special = {question.id: question for question in (INCIDENT, GO_ON, CONFIRM)}
    known = {question.id: question for question in facts.questions(intake.incident or "other")}
    return special.get(question_id or "") or known.get(question_id or "")


def progress(question: Question, intake: Intake, facts: Facts) -> dict[str, int] | None:
    """How far the claim is, as `{"step", "of"}`; None outside its own questions."""
    ids = [other.id for other in questions(intake, facts)]
    if question.id not in ids:
        return None
    return {"step": ids.index(question.id) + 1, "of": len(ids)}


def claim_answers(intake: Intake, facts: Facts) -> dict[str, Any]:
    """The answers that belong to the claim, without what identified the customer.

    None takes an answer back: of a question left open, or of one that no longer applies.
    """
    asked = {question.id for question in questions(intake, facts)}
    known = [question.id for question in facts.questions(intake.incident or "other")]
    settled = [name for name in known if name not in IDENTIFICATION and intake.settled(name)]
    return {name: intake.answers.get(name) if name in asked else None for name in settled}
