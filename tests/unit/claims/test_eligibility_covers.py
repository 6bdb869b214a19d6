"""What each cover asks for, and what is left of its limits."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from claims.domain.eligibility import Effect, Outcome
from claims.domain.facts import LossCause, PurchaseFrom
from claims.domain.incidents import Incident
from claims.domain.limits import Limit, PastClaim, PastClaimStatus, limit_window, limits_on
from claims.domain.policies import Period, Terms
from claims.domain.reasons import CODES
from claims.domain.rules import LimitYear, PaymentFraud
from content import LANGUAGES
from content.responses import Responses
from tests.unit.claims.claims_builders import BOOK, CONFIRMED, POLICY, book, codes, finding, paid, policy

LATER = policy(terms=Terms.LATER_PAGE)
FIRST_OF_MAY = date(2026, 5, 1)


@pytest.mark.parametrize(
    ("changes", "code", "effect"),
    [
        ({"purchase_from": PurchaseFrom.PRIVATE_PERSON}, "seller_private_person", Effect.DOUBT),
        ({"purchase_from": PurchaseFrom.UNKNOWN}, "facts_missing", Effect.DOUBT),
        ({"amount": None}, "facts_missing", Effect.DOUBT),
        ({"amount": Decimal("5000.01")}, "limit_partly_left", Effect.DOUBT),
        ({"amount": Decimal("5000.00")}, "limit_available", Effect.SUPPORTS),
    ],
)
@pytest.mark.parametrize("incident", [Incident.NON_DELIVERY, Incident.NON_CONFORMING_DELIVERY])
def test_an_online_purchase(incident: Incident, changes: dict[str, Any], code: str, effect: Effect) -> None:
    found = finding(incident, **changes)
    assert code in codes(found, effect)
    assert found.outcome is (Outcome.NEEDS_REVIEW if effect is Effect.DOUBT else Outcome.LOOKS_COVERED)


@pytest.mark.parametrize(
    ("terms", "cause", "doubts"),
    [
        (Terms.PRODUCT_PAGE, LossCause.HUMAN_ERROR, set()),
        (Terms.PRODUCT_PAGE, LossCause.HARDWARE_DAMAGE, set()),
        (Terms.PRODUCT_PAGE, LossCause.SOFTWARE_BUG, set()),
        (Terms.PRODUCT_PAGE, LossCause.MALWARE, {"data_recovery_cause"}),
        (Terms.PRODUCT_PAGE, LossCause.OTHER, {"data_recovery_cause"}),
        (Terms.PRODUCT_PAGE, LossCause.UNKNOWN, {"facts_missing"}),
        (Terms.LATER_PAGE, LossCause.MALWARE, set()),
        (Terms.LATER_PAGE, LossCause.HARDWARE_DAMAGE, {"data_recovery_cause"}),
    ],
)
def test_a_cause_of_data_loss_the_terms_do_not_name_is_a_doubt(
    terms: Terms, cause: LossCause, doubts: set[str]
) -> None:
    found = finding(Incident.DATA_LOSS, policy=policy(terms=terms), loss_cause=cause)
    assert (codes(found, Effect.DOUBT), codes(found, Effect.AGAINST)) == (doubts, set())


@pytest.mark.parametrize(
    ("value", "outcome", "doubts"),
    [
        (PaymentFraud.ADVICE, Outcome.NEEDS_REVIEW, {"payment_fraud_advice"}),
        (PaymentFraud.CONDITIONS_DECIDE, Outcome.NEEDS_REVIEW, {"payment_fraud_conditions"}),
        (PaymentFraud.INSURED, Outcome.LOOKS_COVERED, set()),
    ],
)
def test_what_payment_fraud_gives_is_a_setting(value: PaymentFraud, outcome: Outcome, doubts: set[str]) -> None:
    found = finding(Incident.PAYMENT_FRAUD, rules=book(payment_fraud=value))
    assert (found.outcome, codes(found, Effect.DOUBT)) == (outcome, doubts)


@pytest.mark.parametrize("incident", [Incident.NON_DELIVERY, Incident.PAYMENT_FRAUD])
def test_what_the_pages_disagree_on_goes_to_a_person_on_the_later_terms(incident: Incident) -> None:
    found = finding(incident, policy=LATER)
    assert found.outcome is Outcome.NEEDS_REVIEW
    code = {Incident.NON_DELIVERY: "online_purchase_conditions", Incident.PAYMENT_FRAUD: "payment_fraud_conditions"}
    assert codes(found, Effect.DOUBT) == {code[incident]}


@pytest.mark.parametrize(
    ("terms", "incident", "expected"),
    [
        (Terms.PRODUCT_PAGE, Incident.CYBERBULLYING, ("e_reputation", Decimal(5000), 3)),
        (Terms.PRODUCT_PAGE, Incident.SEXTORTION, ("e_reputation", Decimal(5000), 3)),
        (Terms.PRODUCT_PAGE, Incident.NON_DELIVERY, ("online_purchases", Decimal(5000), None)),
        (Terms.PRODUCT_PAGE, Incident.NON_CONFORMING_DELIVERY, ("online_purchases", Decimal(5000), None)),
        (Terms.PRODUCT_PAGE, Incident.IDENTITY_THEFT, None),
        (Terms.PRODUCT_PAGE, Incident.HACKED_ACCOUNT, None),
        (Terms.PRODUCT_PAGE, Incident.PHISHING, None),
        (Terms.PRODUCT_PAGE, Incident.PAYMENT_FRAUD, None),
        (Terms.PRODUCT_PAGE, Incident.DATA_LOSS, None),
        (Terms.LATER_PAGE, Incident.CYBERBULLYING, ("e_reputation", None, 3)),
        (Terms.LATER_PAGE, Incident.PAYMENT_FRAUD, ("payment_fraud", Decimal(5000), 3)),
        (Terms.LATER_PAGE, Incident.DATA_LOSS, ("data_recovery", Decimal(800), 1)),
    ],
)
def test_the_limits_of_each_incident(terms: Terms, incident: Incident, expected: tuple[Any, ...] | None) -> None:
    found = finding(incident, policy=policy(terms=terms))
    limits = [(limit.name, limit.limit, limit.claims_allowed) for limit in found.limits]
    assert limits == ([expected] if expected else [])


def test_both_kinds_of_delivery_share_one_limit() -> None:
    past = (
        paid(date(2026, 4, 1), "3200"),
        paid(FIRST_OF_MAY, "1800", Incident.NON_CONFORMING_DELIVERY, status=PastClaimStatus.APPROVED),
    )
    found = finding(Incident.NON_DELIVERY, *past)
    assert codes(found, Effect.AGAINST) == {"limit_used_up"}
    assert (found.limits[0].used, found.limits[0].left) == (Decimal(5000), Decimal(0))


@pytest.mark.parametrize(
    ("past", "code", "effect"),
    [
        ([("0", Incident.SEXTORTION)] * 3, "claims_limit_used_up", Effect.AGAINST),
        ([("100", Incident.CYBERBULLYING), ("100", Incident.SEXTORTION)], "claims_limit_available", Effect.SUPPORTS),
        ([("5000", Incident.CYBERBULLYING)], "limit_used_up", Effect.AGAINST),
        ([("4800", Incident.CYBERBULLYING)], "limit_partly_left", Effect.DOUBT),
    ],
)
def test_bullying_is_limited_in_claims_and_in_money(
    past: list[tuple[str, Incident]], code: str, effect: Effect
) -> None:
    found = finding(Incident.CYBERBULLYING, *(paid(FIRST_OF_MAY, euros, incident) for euros, incident in past))
    assert code in codes(found, effect)
    (limit,) = found.limits
    assert (limit.claims_used, limit.claims_left) == (len(past), 3 - len(past))


def test_on_the_later_terms_bullying_is_limited_in_claims_only() -> None:
    found = finding(Incident.CYBERBULLYING, paid(FIRST_OF_MAY, "9000", Incident.CYBERBULLYING), policy=LATER)
    assert found.outcome is Outcome.LOOKS_COVERED
    assert found.limits[0].left is None
    assert "limit_available" not in codes(found)


def test_what_was_not_paid_or_of_another_kind_or_year_uses_nothing() -> None:
    past = (
        paid(date(2026, 4, 1), "900", status=PastClaimStatus.REFUSED),
        paid(date(2026, 4, 1), "900", status=PastClaimStatus.OPEN),
        paid(date(2026, 4, 1), "900", Incident.PAYMENT_FRAUD),
        paid(date(2026, 2, 28), "900"),
        paid(date(2027, 3, 1), "900"),
    )
    limit = finding(Incident.NON_DELIVERY, *past).limits[0]
    assert (limit.used, limit.claims_used, limit.claims_left) == (0, 0, None)


def test_the_year_that_counts_is_the_incident_s() -> None:
    used_up_last_year = paid(date(2025, 12, 31), "5000")
    assert "limit_used_up" not in codes(finding(Incident.NON_DELIVERY, used_up_last_year))
    last_year = finding(Incident.NON_DELIVERY, used_up_last_year, incident_date=date(2026, 1, 2))
    assert "limit_used_up" in codes(last_year, Effect.AGAINST)


def test_without_a_date_no_limit_is_said_to_be_used_up() -> None:
    found = finding(Incident.NON_DELIVERY, paid(date(2026, 4, 1), "5000"), incident_date=None)
    assert codes(found) & {"limit_used_up", "limit_available", "limit_partly_left"} == set()
    assert found.limits[0].left == 0


def test_a_contract_taken_out_anew_has_a_year_of_its_own() -> None:
    periods = (
        Period(CONFIRMED, date(2026, 4, 1), Terms.PRODUCT_PAGE),
        Period(date(2026, 4, 20), None, Terms.PRODUCT_PAGE),
    )
    before = paid(date(2026, 3, 31), "5000")
    assert finding(Incident.NON_DELIVERY, before, policy=policy(periods=periods)).limits[0].used == 0
    assert finding(Incident.NON_DELIVERY, before).limits[0].used == 5000


def test_a_limit_holds_also_where_cover_never_began() -> None:
    past = [paid(date(2026, 1, 1), "1200"), paid(date(2025, 12, 31), "900")]
    (limit,) = limits_on(BOOK, policy(first_paid=None), Incident.NON_DELIVERY, date(2026, 6, 1), past)
    assert limit.left == 3800


def test_past_handling_over_the_limit_leaves_nothing_rather_than_less() -> None:
    limit = Limit("e_reputation", Decimal(5000), Decimal(6000), 3, 4)
    assert (limit.left, limit.claims_left) == (0, 0)


@pytest.mark.parametrize(
    ("year", "start", "day", "window"),
    [
        (LimitYear.INSURANCE, date(2025, 3, 1), date(2026, 2, 28), (date(2025, 3, 1), date(2026, 2, 28))),
        (LimitYear.INSURANCE, date(2025, 3, 1), date(2026, 3, 1), (date(2026, 3, 1), date(2027, 2, 28))),
        (LimitYear.INSURANCE, date(2024, 2, 29), date(2025, 2, 28), (date(2025, 2, 28), date(2026, 2, 27))),
        (LimitYear.INSURANCE, date(2024, 2, 29), date(2028, 2, 28), (date(2027, 2, 28), date(2028, 2, 28))),
        (LimitYear.INSURANCE, date(2024, 2, 29), date(2028, 2, 29), (date(2028, 2, 29), date(2029, 2, 27))),
        (LimitYear.INSURANCE, date(2025, 1, 1), date(2025, 12, 31), (date(2025, 1, 1), date(2025, 12, 31))),
        (LimitYear.INSURANCE, date(2025, 3, 1), date(2025, 2, 28), (date(2024, 3, 1), date(2025, 2, 28))),
        (LimitYear.CALENDAR, date(2025, 3, 1), date(2025, 12, 31), (date(2025, 1, 1), date(2025, 12, 31))),
        (LimitYear.CALENDAR, date(2025, 3, 1), date(2026, 1, 1), (date(2026, 1, 1), date(2026, 12, 31))),
    ],
)
def test_the_year_of_a_limit(year: LimitYear, start: date, day: date, window: tuple[date, date]) -> None:
    assert limit_window(year, start, day) == window


def test_installations_can_count_calendar_years() -> None:
    past: list[PastClaim] = [paid(date(2026, 1, 1), "100")]
    for year, used in ((LimitYear.CALENDAR, 100), (LimitYear.INSURANCE, 0)):
        (limit,) = limits_on(book(limit_year=year), POLICY, Incident.NON_DELIVERY, FIRST_OF_MAY, past)
        assert limit.used == used


# A stem of any word for turning somebody down, or for promising something.
REFUSES = re.compile(r"refus|reject|declin|denied|deny|weiger|afgewezen|afwijz|rejet|éconduire|\bno claim\b", re.I)
PROMISES = re.compile(
    r"guarant|will pay|we pay|you are covered|you get|gegarandeerd|betalen we|we betalen|je krijgt|je bent gedekt"
    r"|garanti|nous pay|vous recev|vous êtes couvert",
    re.I,
)
NOT_A_REFUSAL = {"en": "That is not a refusal", "nl": "Dat is geen weigering", "fr": "Ce n'est pas un refus"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_outcome_and_no_reason_refuses_or_promises(language: str) -> None:
    responses = Responses.load()
    left = {"kind": "amount", "value": "3800"}
    names = [f"finding_{outcome.value}" for outcome in Outcome] + [f"reason_{code}" for code in sorted(CODES)]
    for name in names:
        text = responses.render(name, language, left=left).text
        assert not PROMISES.search(text), text
        assert not REFUSES.search(text.replace(NOT_A_REFUSAL[language], "")), text
    assert NOT_A_REFUSAL[language] in responses.render("finding_looks_not_covered", language).text
    assert not any(REFUSES.search(word) for word in [*CODES, *(outcome.value for outcome in Outcome)])
