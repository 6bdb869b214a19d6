"""The steps of a claim: the table is all there is, and each step asks for what it must."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import product

import pytest

from claims.domain.claims import Change, ClaimStatus, ClaimVersion
from claims.domain.errors import (
    ClaimFixed,
    InvalidAmount,
    NotAllowed,
    StepNotPossible,
    TextNeeded,
    TooManyAnswers,
    VersionConflict,
)
from claims.domain.incidents import Incident
from claims.domain.lifecycle import (
    TRANSITIONS,
    Step,
    answered,
    assessed,
    assigned,
    last_word,
    moved,
    remarked,
    withdrawn,
)
from claims.domain.limits import PastClaimStatus
from claims.domain.staff import Permission, Role
from tests.unit.claims.claim_examples import NOW, claim, member

LATER = NOW + timedelta(hours=1)
S = ClaimStatus
SUPERVISOR = member("supervisor")
OPEN = {S.SUBMITTED, S.IN_REVIEW, S.INFORMATION_REQUESTED}
EXPECTED = {
    ("submitted", "in_review"),
    ("submitted", "information_requested"),
    ("in_review", "information_requested"),
    ("information_requested", "in_review"),
    ("in_review", "approved"),
    ("in_review", "declined"),
    ("approved", "paid"),
    ("approved", "closed"),
    ("approved", "in_review"),
    ("declined", "closed"),
    ("declined", "in_review"),
    ("paid", "closed"),
    ("withdrawn", "closed"),
    ("closed", "in_review"),
}


def complete(source: ClaimStatus, target: ClaimStatus) -> Step:
    """A step with everything it may need."""
    amount = Decimal(100) if target is S.APPROVED else None
    return Step(target, 1, "because", amount)


@pytest.mark.parametrize(("source", "target"), list(product(S, S)))
def test_only_the_steps_of_the_table_can_be_taken(source: ClaimStatus, target: ClaimStatus) -> None:
    approved = {"approved_amount": Decimal(0 if target is S.CLOSED else 100)} if source is S.APPROVED else {}
    before = claim(status=source, **approved)
    if (source.value, target.value) in EXPECTED:
        after = moved(before, complete(source, target), SUPERVISOR, LATER)
        assert (after.status, after.version, after.updated_at) == (target, 2, LATER)
    else:
        with pytest.raises(StepNotPossible) as caught:
            moved(before, complete(source, target), SUPERVISOR, LATER)
        assert caught.value.details["possible"] == sorted(to for start, to in EXPECTED if start == source)


def test_every_step_asks_for_a_permission_some_role_lacks() -> None:
    assert len({(entry.source, entry.target) for entry in TRANSITIONS}) == len(TRANSITIONS) == len(EXPECTED)
    for entry in TRANSITIONS:
        amounts = {"approved_amount": Decimal(0 if entry.target is S.CLOSED else 9)}
        before = claim(status=entry.source, **amounts)
        for role in Role:
            person = member(role.value)
            if person.may(entry.permission):
                assert moved(before, complete(entry.source, entry.target), person, LATER).status is entry.target
            else:
                with pytest.raises(NotAllowed):
                    moved(before, complete(entry.source, entry.target), person, LATER)


def test_who_decides_and_who_opens_again() -> None:
    asked = {(entry.source.value, entry.target.value): entry.permission for entry in TRANSITIONS}
    for target in ("approved", "declined", "paid"):
        assert {asked[step] for step in asked if step[1] == target} == {Permission.DECIDE_CLAIMS}
    for source in ("approved", "declined", "closed"):
        assert asked[(source, "in_review")] is Permission.REOPEN_CLAIMS


@pytest.mark.parametrize(
    ("source", "target"),
    [
        (S.SUBMITTED, S.INFORMATION_REQUESTED),
        (S.IN_REVIEW, S.INFORMATION_REQUESTED),
        (S.IN_REVIEW, S.DECLINED),
        (S.APPROVED, S.IN_REVIEW),
        (S.DECLINED, S.IN_REVIEW),
        (S.CLOSED, S.IN_REVIEW),
    ],
)
@pytest.mark.parametrize("reason", ["", " \n\t "])
def test_some_steps_need_a_reason(source: ClaimStatus, target: ClaimStatus, reason: str) -> None:
    with pytest.raises(TextNeeded):
        moved(claim(status=source), Step(target, 1, reason), SUPERVISOR, LATER)


@pytest.mark.parametrize("amount", [None, "-0.01", "0.001", "10000000", "NaN", "Infinity"])
def test_an_approval_needs_an_amount_in_whole_cents(amount: str | None) -> None:
    euros = None if amount is None else Decimal(amount)
    with pytest.raises(InvalidAmount):
        moved(claim(status=S.IN_REVIEW), Step(S.APPROVED, 1, "", euros), SUPERVISOR, LATER)


def test_help_without_money_is_approved_with_zero_but_not_where_the_cover_is_money() -> None:
    nothing = Step(S.APPROVED, 1, "", Decimal(0))
    advice = moved(claim(status=S.IN_REVIEW, incident=Incident.PAYMENT_FRAUD), nothing, SUPERVISOR, LATER)
    assert (advice.approved_amount, advice.to_pay) == (0, 0)
    for incident in (Incident.NON_DELIVERY, Incident.NON_CONFORMING_DELIVERY):
        with pytest.raises(InvalidAmount):
            moved(claim(status=S.IN_REVIEW, incident=incident), nothing, SUPERVISOR, LATER)


def test_other_steps_take_no_amount() -> None:
    with pytest.raises(InvalidAmount):
        moved(claim(), Step(S.IN_REVIEW, 1, "", Decimal(5)), SUPERVISOR, LATER)


def test_what_is_owed_is_paid_before_it_is_closed_and_only_once() -> None:
    owed = claim(status=S.APPROVED, approved_amount=Decimal(100))
    with pytest.raises(StepNotPossible) as caught:
        moved(owed, Step(S.CLOSED, 1), SUPERVISOR, LATER)
    assert caught.value.details == {"status": "approved", "to_pay": "100.00"}
    paid = moved(owed, Step(S.PAID, 1), SUPERVISOR, LATER)
    assert (paid.paid_amount, paid.to_pay) == (100, 0)
    with pytest.raises(StepNotPossible):
        moved(replace(owed, paid_amount=Decimal(100)), Step(S.PAID, 1), SUPERVISOR, LATER)
    with pytest.raises(StepNotPossible):
        moved(claim(status=S.APPROVED, approved_amount=Decimal(0)), Step(S.PAID, 1), SUPERVISOR, LATER)


def test_opening_again_frees_what_was_approved_but_not_what_was_paid() -> None:
    approved = claim(status=S.APPROVED, approved_amount=Decimal(100))
    assert approved.as_past_claim is not None
    assert approved.as_past_claim.status is PastClaimStatus.APPROVED
    again = moved(approved, Step(S.IN_REVIEW, 1, "a mistake"), SUPERVISOR, LATER)
    assert (again.approved_amount, again.as_past_claim) == (None, None)
    paid = claim(status=S.CLOSED, approved_amount=Decimal(100), paid_amount=Decimal(100))
    reopened = moved(paid, Step(S.IN_REVIEW, 1, "a letter came"), SUPERVISOR, LATER)
    assert reopened.approved_amount is None
    assert reopened.as_past_claim is not None
    assert (reopened.as_past_claim.approved_amount, reopened.as_past_claim.status) == (100, PastClaimStatus.PAID)
    more = moved(replace(reopened, version=1), Step(S.APPROVED, 1, "", Decimal(150)), SUPERVISOR, LATER)
    assert (more.to_pay, more.as_past_claim and more.as_past_claim.approved_amount) == (50, 150)


def test_every_change_names_the_version_it_was_made_on() -> None:
    changes = [
        lambda old: moved(old, Step(S.APPROVED, 1, "", Decimal(5)), SUPERVISOR, LATER),
        lambda old: withdrawn(old, 1, LATER),
        lambda old: remarked(old, "words", 1, LATER),
        lambda old: assessed(old, {"amount": "5"}, 1, LATER),
        lambda old: assigned(old, "lies", 1, LATER),
    ]
    current = claim(status=S.IN_REVIEW, version=7)
    for change in changes:
        with pytest.raises(VersionConflict) as caught:
            change(current)
        assert caught.value.details == {"version": 7}
        assert change(replace(current, version=1)).version == 2
    asked = claim(status=S.INFORMATION_REQUESTED, version=7)
    with pytest.raises(VersionConflict):
        answered(asked, {}, "words", 1, LATER)


@pytest.mark.parametrize("status", list(S))
def test_the_customer_withdraws_until_it_is_decided(status: ClaimStatus) -> None:
    if status in OPEN:
        assert withdrawn(claim(status=status), 1, LATER).status is S.WITHDRAWN
    else:
        with pytest.raises(StepNotPossible):
            withdrawn(claim(status=status), 1, LATER)


@pytest.mark.parametrize("status", list(S))
def test_the_customer_answers_only_what_was_asked(status: ClaimStatus) -> None:
    if status is S.INFORMATION_REQUESTED:
        after = answered(claim(status=status), {"amount": "250", "seller": None}, "", 1, LATER)
        assert after.status is S.IN_REVIEW
        assert after.answers == {"incident_date": "2026-06-10", "amount": "250"}
    else:
        with pytest.raises(StepNotPossible):
            answered(claim(status=status), {"amount": "250"}, "", 1, LATER)


def test_an_answer_says_something() -> None:
    asked = claim(status=S.INFORMATION_REQUESTED)
    with pytest.raises(TextNeeded):
        answered(asked, {}, "  ", 1, LATER)
    assert answered(asked, {}, "sent by post", 1, LATER).answers == asked.answers
    with pytest.raises(TooManyAnswers):
        answered(asked, {"a" * (n + 1): "x" for n in range(60)}, "", 1, LATER)


@pytest.mark.parametrize(
    ("change", "open_in"),
    [
        (lambda old: remarked(old, "words", 1, LATER), set(S) - {S.CLOSED}),
        (lambda old: assigned(old, None, 1, LATER), set(S) - {S.CLOSED}),
        (lambda old: assessed(old, {"amount": "5"}, 1, LATER), OPEN),
    ],
    ids=["remark", "handler", "assessment"],
)
def test_other_changes_end_with_the_claim(change: object, open_in: set[ClaimStatus]) -> None:
    assert callable(change)
    for status in S:
        if status in open_in:
            after = change(claim(status=status))
            assert (after.status, after.version) == (status, 2)
        else:
            with pytest.raises(ClaimFixed):
                change(claim(status=status))


def test_an_empty_remark_is_none() -> None:
    with pytest.raises(TextNeeded):
        remarked(claim(), " \n", 1, LATER)


def test_what_staff_establish_holds_over_what_was_said() -> None:
    after = assessed(claim(), {"amount": "200", "incident_date": "2026-06-01"}, 1, LATER)
    assert after.answers["amount"] == "240"
    assert (after.established["amount"], str(after.incident_date)) == ("200", "2026-06-01")
    assert assessed(replace(after, version=1), {"amount": None}, 1, LATER).established["amount"] == "240"


def test_the_customer_reads_only_what_was_written_for_them() -> None:
    def version(number: int, change: Change, status: ClaimStatus, reason: str) -> ClaimVersion:
        return ClaimVersion(number, NOW, "staff:lies", change, reason, status)

    asked = version(2, Change.MOVED, S.INFORMATION_REQUESTED, "please send the invoice")
    inside = version(3, Change.ASSESSED, S.INFORMATION_REQUESTED, "looks like a private seller")
    assert last_word(claim(status=S.INFORMATION_REQUESTED), [asked, inside]) == "please send the invoice"
    for status in (S.IN_REVIEW, S.APPROVED, S.PAID, S.CLOSED, S.WITHDRAWN):
        step = version(3, Change.MOVED, status, "an inside reason")
        assert last_word(claim(status=status), [asked, step]) == ""
    declined = version(3, Change.MOVED, S.DECLINED, "the seller is a private person")
    assert last_word(claim(status=S.DECLINED), [asked, declined]) == "the seller is a private person"
    assert last_word(claim(), []) == ""
