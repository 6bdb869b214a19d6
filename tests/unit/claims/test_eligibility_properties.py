"""What must hold for the check of cover whatever the facts are."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import asdict, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from claims.domain.eligibility import Effect, Finding, Outcome, check
from claims.domain.facts import FACT_NAMES, CausedBy, Consent, Facts, LossCause, PrivateUse, PurchaseFrom, YesNo
from claims.domain.incidents import Incident
from claims.domain.limits import PastClaim, PastClaimStatus, limit_window
from claims.domain.policies import Payment, Period, Policy, Terms
from claims.domain.reasons import CODES
from claims.domain.rules import Antivirus, Housemates, LimitYear, PaymentFraud, Rulebook, Rules, Setting
from tests.unit.claims.claims_builders import BOOK, HOLDER, POLICY, codes

# Few years, with a leap year among them: so the days of a case fall close together, where the rules meet.
DAYS = st.dates(date(2023, 10, 1), date(2025, 3, 31))
# Half of all days near the ends of years and of February, where date arithmetic goes wrong.
EDGES = st.builds(
    lambda year, edge, shift: date(year, *edge) + timedelta(days=shift),
    st.integers(2023, 2025),
    st.sampled_from([(1, 1), (2, 28), (3, 1), (12, 31)]),
    st.integers(-2, 2),
)
ANY_DAY = DAYS | EDGES
# Mostly after everything else, so that an incident is seldom yet to happen.
TODAYS = st.sampled_from([date(2025, 4, 30)] * 3) | ANY_DAY
# Few amounts, so that they add up to the limits: below, exactly, above.
MONEY = st.sampled_from([Decimal(euros) for euros in (0, 100, 800, 2500, 5000, 6000)])

ANY_VALUE: dict[str, st.SearchStrategy[Any]] = {
    "incident_date": ANY_DAY,
    "discovery_date": ANY_DAY,
    "victim": st.sampled_from(["p1", "p2", "p3", "outsider"]),
    "private_use": st.sampled_from(PrivateUse),
    "caused_by": st.sampled_from(CausedBy),
    "amount": MONEY,
    "purchase_from": st.sampled_from(PurchaseFrom),
    "consent": st.sampled_from(Consent),
    "loss_cause": st.sampled_from(LossCause),
    **{name: st.sampled_from(YesNo) for name in FACT_NAMES[-6:]},
}
IN_ORDER: dict[str, Any] = {
    "discovery_date": None,
    "victim": "p1",
    "private_use": PrivateUse.PRIVATE,
    "caused_by": CausedBy.UNKNOWN,
    "purchase_from": PurchaseFrom.BUSINESS,
    "loss_cause": LossCause.HARDWARE_DAMAGE,
    "data_authorised": YesNo.YES,
    **dict.fromkeys(FACT_NAMES[-5:], YesNo.NO),
}


def facts_with(in_order: dict[str, Any], others: dict[str, Any], odd: Set[str]) -> Facts:
    """Facts in order but for the odd ones."""
    return Facts(**{name: value if name in odd else in_order.get(name, value) for name, value in others.items()})


# Nearly in order, as most claims are, or anything at all: with fifteen facts at random nothing would look covered.
FEW = st.sets(st.sampled_from(sorted(ANY_VALUE)), max_size=2)
COMPLETE = st.builds(facts_with, st.just(IN_ORDER) | st.just({}), st.fixed_dictionaries(ANY_VALUE), FEW)
SOME = st.builds(lambda facts, left_out: replace(facts, **dict.fromkeys(left_out)), COMPLETE, FEW)
NAMES = st.sets(st.sampled_from(sorted(ANY_VALUE)), max_size=4)


def periods_of(days: set[date], terms: list[Terms], last_open: bool) -> tuple[Period, ...]:
    """Periods in order without overlaps: each begins and ends on one of the days, with or without gaps."""
    edges = sorted(days)
    found = [
        Period(start, end, terms[index % len(terms)])
        for index, (start, end) in enumerate(zip(edges[::2], edges[1::2], strict=False))
    ]
    if last_open and found:
        found[-1] = replace(found[-1], ends_on=None)
    return tuple(found)


PERIODS = st.builds(
    periods_of, st.sets(ANY_DAY, max_size=6), st.lists(st.sampled_from(Terms), min_size=1, max_size=3), st.booleans()
)
PAYMENTS = st.lists(st.builds(Payment, ANY_DAY, st.none() | ANY_DAY, st.just(Decimal("4.99"))), max_size=3)
ANY_POLICY = st.builds(
    lambda confirmed, payments, periods, country, antivirus, born: replace(
        POLICY,
        confirmed_on=confirmed,
        payments=tuple(sorted(payments, key=lambda payment: payment.due_on)),
        periods=periods,
        country=country,
        antivirus_declared_on=antivirus,
        persons=(replace(HOLDER, date_of_birth=born), *POLICY.persons[1:]),
    ),
    st.none() | ANY_DAY,
    PAYMENTS,
    PERIODS,
    st.sampled_from(["BE", "FR"]),
    st.none() | ANY_DAY,
    st.sampled_from([date(1985, 3, 14), date(2004, 2, 29)]),
)
# Cover that began long before, with a gap or none and other terms since: the case where answers matter most.
USUAL_POLICY = st.builds(
    lambda end, gap, terms: replace(
        POLICY,
        confirmed_on=date(2023, 1, 1),
        antivirus_declared_on=date(2023, 1, 1),
        payments=(Payment(date(2023, 1, 1), date(2023, 1, 1), Decimal("4.99")),),
        periods=(
            Period(date(2023, 1, 1), end, terms[0]),
            Period(end + timedelta(days=1 + gap), None, terms[1]),
        ),
    ),
    DAYS,
    st.integers(0, 90),
    st.tuples(st.sampled_from(Terms), st.sampled_from(Terms)),
)
POLICIES = ANY_POLICY | USUAL_POLICY
# Any values of the settings, in two versions of each of the terms.
CHANGES = st.fixed_dictionaries(
    {
        "limit_year": st.sampled_from(LimitYear),
        "data_recovery_wait_months": st.integers(0, 14),
        "data_recovery_causes": st.frozensets(st.sampled_from(LossCause)),
        "online_purchases_listed": st.booleans(),
        "payment_fraud": st.sampled_from(PaymentFraud),
        "antivirus": st.sampled_from(Antivirus),
        "housemates": st.sampled_from(Housemates),
    }
)


def version(terms: Terms, valid_from: date, values: dict[str, Any]) -> Rules:
    settings = {name: Setting(value, "product page: a test") for name, value in values.items()}
    return replace(BOOK.versions[terms][0], valid_from=valid_from, version=f"{terms}-{valid_from}", **settings)


BOOKS = st.just(BOOK) | st.builds(
    lambda values, change: Rulebook(
        {
            terms: (
                version(terms, date(2021, 12, 1), values[2 * index]),
                version(terms, change, values[2 * index + 1]),
            )
            for index, terms in enumerate(Terms)
        }
    ),
    st.lists(CHANGES, min_size=4, max_size=4),
    DAYS,
)
INCIDENTS = st.sampled_from(Incident)
PAST = st.lists(
    st.builds(
        PastClaim,
        st.just("x"),
        st.sampled_from([Incident.CYBERBULLYING, Incident.NON_DELIVERY]) | INCIDENTS,
        DAYS,
        st.just(PastClaimStatus.PAID) | st.sampled_from(PastClaimStatus),
        MONEY,
    ),
    max_size=8,
)


def standing(found: Finding) -> set[str]:
    """The codes that no further answer may take away: all against, and all doubts but that facts are missing."""
    return (codes(found, Effect.AGAINST) | codes(found, Effect.DOUBT)) - {"facts_missing"}


@given(POLICIES, PAST, INCIDENTS, COMPLETE, NAMES, NAMES, TODAYS, BOOKS)
def test_another_answer_takes_no_reason_away_and_makes_no_doubt_a_promise(
    policy: Policy,
    past: list[PastClaim],
    incident: Incident,
    facts: Facts,
    forgotten: Set[str],
    more: Set[str],
    today: date,
    book: Rulebook,
) -> None:
    """More facts only narrow: what was doubted or against stays so, and only open facts may still become "covered"."""
    known = replace(facts, **dict.fromkeys(forgotten))
    fewer = check(policy, past, incident, replace(known, **dict.fromkeys(more)), today, book)
    found = check(policy, past, incident, known, today, book)
    assert codes(fewer, Effect.AGAINST) <= codes(found, Effect.AGAINST)
    assert standing(fewer) <= standing(found)
    if found.outcome is Outcome.LOOKS_COVERED:
        assert standing(fewer) == set()
        assert fewer.outcome is Outcome.LOOKS_COVERED or fewer.missing


@given(POLICIES, PAST, INCIDENTS, SOME, TODAYS, BOOKS, st.randoms(use_true_random=False))
def test_the_order_of_past_claims_does_not_matter(
    policy: Policy, past: list[PastClaim], incident: Incident, facts: Facts, today: date, book: Rulebook, chance: Any
) -> None:
    shuffled = list(past)
    chance.shuffle(shuffled)
    assert check(policy, shuffled, incident, facts, today, book) == check(policy, past, incident, facts, today, book)


@given(POLICIES, PAST, INCIDENTS, SOME, TODAYS, BOOKS)
def test_a_limit_is_never_negative_nor_more_than_itself(
    policy: Policy, past: list[PastClaim], incident: Incident, facts: Facts, today: date, book: Rulebook
) -> None:
    for limit in check(policy, past, incident, facts, today, book).limits:
        assert limit.used >= 0
        assert limit.limit is not None or limit.claims_allowed is not None
        assert limit.left is None or (limit.limit is not None and 0 <= limit.left <= limit.limit)
        assert 0 <= limit.claims_used <= len(past)
        assert limit.claims_left is None or 0 <= limit.claims_left <= (limit.claims_allowed or 0)


@given(POLICIES, PAST, INCIDENTS, SOME, TODAYS, BOOKS)
def test_the_outcome_follows_from_the_reasons(
    policy: Policy, past: list[PastClaim], incident: Incident, facts: Facts, today: date, book: Rulebook
) -> None:
    found = check(policy, past, incident, facts, today, book)
    effects = {reason.effect for reason in found.reasons}
    assert (found.outcome is Outcome.LOOKS_NOT_COVERED) == (Effect.AGAINST in effects)
    assert (found.outcome is Outcome.LOOKS_COVERED) == (effects == {Effect.SUPPORTS})
    assert bool(found.missing) == ("facts_missing" in codes(found))
    assert codes(found) <= CODES
    assert all(reason.source for reason in found.reasons)
    assert len(codes(found)) == len(found.reasons)


@given(POLICIES, PAST, INCIDENTS, SOME, TODAYS)
def test_the_same_question_gets_the_same_answer_and_changes_nothing(
    policy: Policy, past: list[PastClaim], incident: Incident, facts: Facts, today: date
) -> None:
    before = asdict(facts), asdict(policy), list(past)
    assert check(policy, past, incident, facts, today, BOOK) == check(policy, past, incident, facts, today, BOOK)
    assert (asdict(facts), asdict(policy), past) == before


@given(POLICIES, ANY_DAY)
def test_cover_holds_from_its_start_without_a_gap(policy: Policy, day: date) -> None:
    start = policy.cover_start(day)
    assert (start is not None) == policy.in_force_on(day)
    if start is None:
        return
    assert policy.start_date is not None
    assert policy.start_date <= start <= day
    assert all(policy.in_force_on(start + timedelta(days=each)) for each in range((day - start).days + 1))
    assert start == policy.start_date or not policy.in_force_on(start - timedelta(days=1))


@given(st.sampled_from(LimitYear), ANY_DAY, ANY_DAY)
def test_every_day_lies_in_one_year_of_about_365_days(year: LimitYear, start: date, day: date) -> None:
    first, last = limit_window(year, start, day)
    assert first <= day <= last
    assert 364 <= (last - first).days <= 366
    assert limit_window(year, start, first) == limit_window(year, start, last) == (first, last)
    assert limit_window(year, start, last + timedelta(days=1))[0] == last + timedelta(days=1)


@given(ANY_DAY)
def test_an_insurance_year_begins_with_the_cover(start: date) -> None:
    assert limit_window(LimitYear.INSURANCE, start, start)[0] == start
