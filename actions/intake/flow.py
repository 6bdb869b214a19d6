"""Which question comes next. Pure: the questions are data, the rest is arithmetic."""

from __future__ import annotations

from typing import Any

from actions.intake.state import Intake
from content.facts import Facts, Question

INCIDENT = Question("incident", "choice", required=True, phase="start")
GO_ON = Question("go_on", "yes_no", required=True, phase="check")
CONFIRM = Question("confirm", "yes_no", required=True, phase="confirm")
RESUME = Question("resume", "listed", options=("new",), required=True, phase="errand")
WHICH_CLAIM = Question("which_claim", "listed", required=True, phase="errand")
REMARK = Question("remark", "text", required=True, phase="errand")
WITHDRAW = Question("withdraw", "yes_no", required=True, phase="errand")
_OWN = {question.id: question for question in (INCIDENT, GO_ON, CONFIRM, RESUME, WHICH_CLAIM, REMARK, WITHDRAW)}

# What a customer may want besides a new claim, once we know who they are, and what is asked for it.
ERRANDS: dict[str, tuple[Question, ...]] = {
    "status": (),
    "remark": (WHICH_CLAIM, REMARK),
    "withdraw": (WHICH_CLAIM, WITHDRAW),
    "resume": (RESUME,),
    # There is nothing to do it with: it ends at once.
    "nothing": (),
}
CLAIM, COVER, NOTHING = "claim", "cover", "nothing"

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
    "loss_cause",
    "data_authorised",
    "unlawful_activity",
    "spread_by_institution",
    "extraordinary_event",
    "foreseeable",
    "recovery_impossible",
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


def next_question(intake: Intake, identified: bool, facts: Facts) -> Question | None:
    """The question to ask now; CONFIRM when everything else of a claim is settled, None when an errand is done."""
    if intake.task == CLAIM and intake.incident is None:
        return INCIDENT
    if not identified:
        by_id = {question.id: question for question in facts.intakes["common"]}
        return next(by_id[name] for name in IDENTIFICATION if name not in intake.answers)
    if intake.task in ERRANDS:
        return next((question for question in ERRANDS[intake.task] if not intake.settled(question.id)), None)
    if intake.incident is None:
        return INCIDENT
    if intake.listed and not intake.settled(RESUME.id):
        return RESUME
    return _of_incident(intake, facts)


def _of_incident(intake: Intake, facts: Facts) -> Question | None:
    pending = [question for question in questions(intake, facts) if not intake.settled(question.id)]
    if intake.again:
        again = find(intake.again, intake, facts)
        if again:
            return again
    if pending and pending[0].phase == "check":
        return pending[0]
    if intake.task == COVER:
        return None
    if intake.finding == "looks_not_covered" and "go_on" not in intake.answers:
        return GO_ON
    return pending[0] if pending else CONFIRM


def find(question_id: str | None, intake: Intake, facts: Facts) -> Question | None:
    """The question of that id in this intake, None if it is not one of its questions."""
    known = {question.id: question for question in facts.questions(intake.incident or "other")}
    return _OWN.get(question_id or "") or known.get(question_id or "")


def progress(question: Question, intake: Intake, facts: Facts) -> dict[str, int] | None:
    """How far the claim is, as `{"step", "of"}`; None outside its own questions."""
    ids = [other.id for other in questions(intake, facts)] if intake.task == CLAIM else []
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
