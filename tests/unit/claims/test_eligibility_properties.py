"""What must hold for the check of cover whatever the facts are."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from claims.domain.eligibility import Effect, Outcome, check
from claims.domain.facts import CausedBy, Consent, Facts, Incident, PrivateUse, PurchaseFrom
from claims.domain.limits import PastClaim, PastClaimStatus, limit_window
from claims.domain.policies import Policy, Terms
from claims.domain.rules import SOURCES, LimitYear
from tests.unit.claims.claims_builders import POLICY

DAYS = st.dates(date(2019, 12, 1), date(2032, 3, 31))
# Half of all days near the ends of years and of February, where date arithmetic goes wrong.
EDGES = st.builds(
    lambda year, edge, shift: date(year, *edge) + timedelta(days=shift),
    st.integers(2020, 2031),
    st.sampled_from([(1, 1), (2, 28), (3, 1), (12, 31)]),
    st.integers(-2, 2),
)
ANY_DAY = DAYS | EDGES
MONEY = st.decimals(Decimal(0), Decimal(20_000), places=2)

VALUES: dict[str, st.SearchStrategy[Any]] = {
    "incident_date": ANY_DAY,
    "discovery_date": ANY_DAY,
    "victim": st.sampled_from(["p1", "p2", "p3", "outsider"]),
    "private_use": st.sampled_from(PrivateUse),
    "caused_by": st.sampled_from(CausedBy),
    "amount": MONEY,
    "purchase_from": st.sampled_from(PurchaseFrom),
    "consent": st.sampled_from(Consent),
}
COMPLETE = st.builds(Facts, **VALUES)
SOME = st.builds(Facts, **{name: st.none() | value for name, value in VALUES.items()})
POLICIES = st.builds(
    lambda confirmed, paid, end, terms: replace(
        POLICY, confirmed_on=confirmed, first_invoice_paid_on=paid, end_date=end, terms=terms
    ),
    st.none() | ANY_DAY,
    st.none() | ANY_DAY,
    st.none() | ANY_DAY,
    st.sampled_from(Terms),
)
PAST = st.lists(
    st.builds(PastClaim, st.just("x"), st.sampled_from(Incident), ANY_DAY, st.sampled_from(PastClaimStatus), MONEY),
    max_size=6,
)
INCIDENTS = st.sampled_from(Incident)


def against(policy: Policy, past: list[PastClaim], incident: Incident, facts: Facts, today: date) -> set[str]:
    found = check(policy, past, incident, facts, today)
    return {reason.code for reason in found.reasons if reason.effect is Effect.AGAINST}


@given(POLICIES, PAST, INCIDENTS, COMPLETE, st.sets(st.sampled_from(sorted(VALUES))), ANY_DAY)
def test_another_answer_never_takes_a_reason_against_away(
    policy: Policy, past: list[PastClaim], incident: Incident, facts: Facts, forgotten: set[str], today: date
) -> None:
    fewer = replace(facts, **dict.fromkeys(forgotten))
    assert against(policy, past, incident, fewer, today) <= against(policy, past, incident, facts, today)


@given(POLICIES, PAST, INCIDENTS, SOME, ANY_DAY)
def test_a_limit_is_never_negative_nor_more_than_itself(
    policy: Policy, past: list[PastClaim], incident: Incident, facts: Facts, today: date
) -> None:
    for limit in check(policy, past, incident, facts, today).limits:
        assert 0 <= limit.left <= limit.limit
        assert limit.used >= 0


@given(POLICIES, PAST, INCIDENTS, SOME, ANY_DAY)
def test_the_outcome_follows_from_the_reasons(
    policy: Policy, past: list[PastClaim], incident: Incident, facts: Facts, today: date
) -> None:
    found = check(policy, past, incident, facts, today)
    effects = {reason.effect for reason in found.reasons}
    assert (found.outcome is Outcome.LOOKS_NOT_COVERED) == (Effect.AGAINST in effects)
    if found.outcome is Outcome.LOOKS_COVERED:
        assert effects == {Effect.SUPPORTS}
        assert not found.missing
    assert all(reason.code in SOURCES for reason in found.reasons)
    assert len({reason.code for reason in found.reasons}) == len(found.reasons)


@given(POLICIES, PAST, INCIDENTS, SOME, ANY_DAY)
def test_the_same_question_gets_the_same_answer_and_changes_nothing(
    policy: Policy, past: list[PastClaim], incident: Incident, facts: Facts, today: date
) -> None:
    before = asdict(facts)
    assert check(policy, past, incident, facts, today) == check(policy, past, incident, facts, today)
    assert asdict(facts) == before


@given(st.sampled_from(LimitYear), ANY_DAY, ANY_DAY)
def test_every_day_from_the_start_lies_in_one_year_of_about_365_days(year: LimitYear, start: date, day: date) -> None:
    window = limit_window(year, start, day)
    if window is None:
        assert day < start
        return
    first, last = window
    assert first <= day <= last
    assert 364 <= (last - first).days <= 366
    following = limit_window(year, start, last + timedelta(days=1))
    assert following is not None
    assert following[0] == last + timedelta(days=1)


@given(ANY_DAY, ANY_DAY)
def test_an_insurance_year_begins_with_the_policy(start: date, day: date) -> None:
    window = limit_window(LimitYear.INSURANCE, start, start)
    assert window is not None
    assert window[0] == start
