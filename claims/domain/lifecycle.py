"""Which steps a claim can take, who may take them, and what each needs: one table, and the functions that follow it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from claims.domain.claims import Change, Claim, ClaimStatus, ClaimVersion, with_answers
from claims.domain.errors import ClaimFixed, InvalidAmount, NotAllowed, StepNotPossible, TextNeeded
from claims.domain.incidents import Cover, falling_under
from claims.domain.staff import Permission, StaffMember

LARGEST_AMOUNT = Decimal("9999999.99")

_OPEN = frozenset({ClaimStatus.SUBMITTED, ClaimStatus.IN_REVIEW, ClaimStatus.INFORMATION_REQUESTED})
# product page: these are protected "up to €5,000 per year" and get no other help, so an approval of nothing
# would be a refusal by another name. Every other cover is help, which can do without a payment.
_MONEY_ONLY = falling_under({Cover.ONLINE_PURCHASES})


@dataclass(frozen=True)
class Transition:
    """One step a member of staff can take.

    Attributes:
        permission: What their role must allow.
        reason: It needs a reason in words.
        amount: It needs an amount in EUR.
    """

    source: ClaimStatus
    target: ClaimStatus
    permission: Permission
    reason: bool = False
    amount: bool = False


_WORK, _DECIDE, _REOPEN = Permission.WORK_ON_CLAIMS, Permission.DECIDE_CLAIMS, Permission.REOPEN_CLAIMS

# There is no entry for the service itself: whatever takes a step is a person with a name, or the customer.
TRANSITIONS: tuple[Transition, ...] = (
    Transition(ClaimStatus.SUBMITTED, ClaimStatus.IN_REVIEW, _WORK),
    Transition(ClaimStatus.SUBMITTED, ClaimStatus.INFORMATION_REQUESTED, _WORK, reason=True),
    Transition(ClaimStatus.IN_REVIEW, ClaimStatus.INFORMATION_REQUESTED, _WORK, reason=True),
    Transition(ClaimStatus.INFORMATION_REQUESTED, ClaimStatus.IN_REVIEW, _WORK),
    Transition(ClaimStatus.IN_REVIEW, ClaimStatus.APPROVED, _DECIDE, amount=True),
    Transition(ClaimStatus.IN_REVIEW, ClaimStatus.DECLINED, _DECIDE, reason=True),
    Transition(ClaimStatus.APPROVED, ClaimStatus.PAID, _DECIDE),
    Transition(ClaimStatus.APPROVED, ClaimStatus.CLOSED, _WORK),
    Transition(ClaimStatus.DECLINED, ClaimStatus.CLOSED, _WORK),
    Transition(ClaimStatus.PAID, ClaimStatus.CLOSED, _WORK),
    Transition(ClaimStatus.WITHDRAWN, ClaimStatus.CLOSED, _WORK),
    Transition(ClaimStatus.APPROVED, ClaimStatus.IN_REVIEW, _REOPEN, reason=True),
    Transition(ClaimStatus.DECLINED, ClaimStatus.IN_REVIEW, _REOPEN, reason=True),
    Transition(ClaimStatus.CLOSED, ClaimStatus.IN_REVIEW, _REOPEN, reason=True),
)


@dataclass(frozen=True)
class Step:
    """What somebody wants to do with the version of a claim they saw."""

    to: ClaimStatus
    version: int
    reason: str = ""
    amount: Decimal | None = None


def moved(claim: Claim, step: Step, member: StaffMember, now: datetime) -> Claim:
    """Take a step as a member of staff.

    Raises:
        VersionConflict: Somebody changed the claim since.
        StepNotPossible: The table has no such step, or money says otherwise.
        NotAllowed: Their role does not allow it.
        TextNeeded: The step needs a reason.
        InvalidAmount: The step needs another amount, or none.
    """
    claim.expect(step.version)
    transition = _transition(claim, step.to)
    if not member.may(transition.permission):
        raise NotAllowed
    if transition.reason and not step.reason.strip():
        raise TextNeeded
    _check_amount(claim, step.amount, transition)
    _check_money(claim, step.to)
    return claim.changed(now, status=step.to, **_effects(claim, step))


def withdrawn(claim: Claim, version: int, now: datetime) -> Claim:
    """Let the customer withdraw, until it is decided.

    Raises:
        VersionConflict: Somebody changed the claim since.
        StepNotPossible: It is decided.
    """
    claim.expect(version)
    if claim.status not in _OPEN:
        raise StepNotPossible(status=claim.status.value)
    return claim.changed(now, status=ClaimStatus.WITHDRAWN)


def answered(claim: Claim, answers: Mapping[str, str | None], remark: str, version: int, now: datetime) -> Claim:
    """Let the customer answer what they were asked; the claim goes back to review.

    Raises:
        VersionConflict: Somebody changed the claim since.
        StepNotPossible: Nothing is asked.
        TextNeeded: There is neither an answer nor a remark.
        TooManyAnswers: It would hold too many.
    """
    claim.expect(version)
    if claim.status is not ClaimStatus.INFORMATION_REQUESTED:
        raise StepNotPossible(status=claim.status.value)
    if not answers and not remark.strip():
        raise TextNeeded
    return claim.changed(now, status=ClaimStatus.IN_REVIEW, answers=with_answers(claim.answers, answers))


def remarked(claim: Claim, remark: str, version: int, now: datetime) -> Claim:
    """Let the customer add a remark, until the claim is closed; the words are kept with the version.

    Raises:
        VersionConflict: Somebody changed the claim since.
        ClaimFixed: It is closed.
        TextNeeded: It is empty.
    """
    claim.expect(version)
    _expect_not_closed(claim)
    if not remark.strip():
        raise TextNeeded
    return claim.changed(now)


def assessed(claim: Claim, facts: Mapping[str, str | None], version: int, now: datetime) -> Claim:
    """Set facts that staff established; None takes one back.

    Only before the decision: afterwards another incident date would move an approved amount to another year's limit.

    Raises:
        VersionConflict: Somebody changed the claim since.
        ClaimFixed: It is decided or withdrawn.
    """
    claim.expect(version)
    if claim.status not in _OPEN:
        raise ClaimFixed(status=claim.status.value)
    return claim.changed(now, assessment=with_answers(claim.assessment, facts))


def assigned(claim: Claim, handler: str | None, version: int, now: datetime) -> Claim:
    """Give the claim to a handler, or to nobody.

    Raises:
        VersionConflict: Somebody changed the claim since.
        ClaimFixed: It is closed.
    """
    claim.expect(version)
    _expect_not_closed(claim)
    return claim.changed(now, handler=handler)


def told_customer(status: ClaimStatus, reason: str) -> str:
    """Keep the reason of a step only where staff write it for the customer; every other reason stays inside."""
    return reason if status in (ClaimStatus.INFORMATION_REQUESTED, ClaimStatus.DECLINED) else ""


def last_word(claim: Claim, versions: Sequence[ClaimVersion]) -> str:
    """Find what staff wrote for the customer about the status the claim is in; empty when they did not."""
    steps = (version for version in reversed(versions) if version.change is Change.MOVED)
    latest = next(steps, None)
    if latest is None or latest.status is not claim.status:
        return ""
    return told_customer(latest.status, latest.reason)


def _transition(claim: Claim, target: ClaimStatus) -> Transition:
    possible = {entry.target: entry for entry in TRANSITIONS if entry.source is claim.status}
    if target not in possible:
        raise StepNotPossible(status=claim.status.value, possible=sorted(possible))
    return possible[target]


def _check_amount(claim: Claim, amount: Decimal | None, transition: Transition) -> None:
    if amount is None:
        if transition.amount:
            raise InvalidAmount
        return
    fits = amount.is_finite() and 0 <= amount <= LARGEST_AMOUNT and amount == round(amount, 2)
    if not transition.amount or not fits or (amount == 0 and claim.incident in _MONEY_ONLY):
        raise InvalidAmount


def _check_money(claim: Claim, target: ClaimStatus) -> None:
    """Paying needs something to pay, and nobody closes a claim whose money is still to go out."""
    if claim.status is not ClaimStatus.APPROVED:
        return
    owed = claim.to_pay > 0
    if (target is ClaimStatus.PAID and not owed) or (target is ClaimStatus.CLOSED and owed):
        raise StepNotPossible(status=claim.status.value, to_pay=f"{claim.to_pay:.2f}")


def _effects(claim: Claim, step: Step) -> dict[str, Decimal | None]:
    match step.to:
        case ClaimStatus.APPROVED:
            return {"approved_amount": step.amount}
        case ClaimStatus.PAID:
            return {"paid_amount": claim.approved_amount}
        case ClaimStatus.IN_REVIEW:
            # Opened again: what was only approved is free for other claims until this one is approved again.
            return {"approved_amount": None}
        case _:
            return {}


def _expect_not_closed(claim: Claim) -> None:
    if claim.status is ClaimStatus.CLOSED:
        raise ClaimFixed(status=claim.status.value)
