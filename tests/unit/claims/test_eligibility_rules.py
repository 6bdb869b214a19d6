"""What every claim needs, and what is excluded: one case for each rule, incident and answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from claims.domain.eligibility import Effect, Finding, Outcome, check
from claims.domain.facts import CausedBy, Facts, PrivateUse, YesNo
from claims.domain.incidents import Incident
from claims.domain.policies import Payment, Period, Policy, Terms
from claims.domain.reasons import SOURCES
from claims.domain.rules import Antivirus, Housemates
from tests.unit.claims.claims_builders import (
    BOOK,
    CONFIRMED,
    POLICY,
    START,
    TODAY,
    book,
    codes,
    finding,
    policy,
)

DAY = timedelta(days=1)
MONTHLY = Decimal("4.99")
CONDITIONS = {"contract_in_force", "first_invoice_paid", "insured_person", "private_life"}
# Where personal data can be what did the harm.
PERSONAL = set(Incident) - {Incident.NON_DELIVERY, Incident.NON_CONFORMING_DELIVERY, Incident.DATA_LOSS}

# What each incident is found to be when everything is in order, beside the conditions.
IN_ORDER: dict[Incident, tuple[Outcome, set[str]]] = {
    Incident.CYBERBULLYING: (Outcome.LOOKS_COVERED, {"limit_available", "claims_limit_available"}),
    Incident.SEXTORTION: (Outcome.LOOKS_COVERED, {"limit_available", "claims_limit_available"}),
    Incident.IDENTITY_THEFT: (Outcome.LOOKS_COVERED, set()),
    Incident.HACKED_ACCOUNT: (Outcome.NEEDS_REVIEW, {"handler_checks_incident"}),
    Incident.PHISHING: (Outcome.NEEDS_REVIEW, {"handler_checks_incident"}),
    Incident.PAYMENT_FRAUD: (Outcome.NEEDS_REVIEW, {"payment_fraud_advice"}),
    Incident.NON_DELIVERY: (Outcome.LOOKS_COVERED, {"limit_available"}),
    Incident.NON_CONFORMING_DELIVERY: (Outcome.LOOKS_COVERED, {"limit_available"}),
    Incident.DATA_LOSS: (Outcome.LOOKS_COVERED, set()),
}


def expect(found: Finding, code: str, effect: Effect) -> None:
    """The reason is there and nothing outweighs it."""
    assert code in codes(found, effect)
    outcomes = {Effect.AGAINST: Outcome.LOOKS_NOT_COVERED, Effect.DOUBT: Outcome.NEEDS_REVIEW}
    if effect in outcomes:
        assert found.outcome is outcomes[effect]


@pytest.mark.parametrize("incident", Incident)
def test_an_incident_with_everything_in_order(incident: Incident) -> None:
    found = finding(incident)
    outcome, more = IN_ORDER[incident]
    assert (found.outcome, codes(found)) == (outcome, CONDITIONS | more)
    assert found.missing == ()
    assert found.rules_version == "product_page-2021-12"


@pytest.mark.parametrize("incident", Incident)
@pytest.mark.parametrize(
    ("changes", "code", "effect"),
    [
        ({"victim": "p2"}, "insured_person", Effect.SUPPORTS),
        ({"victim": "p3"}, "not_insured_person", Effect.AGAINST),
        ({"victim": "outsider"}, "not_insured_person", Effect.AGAINST),
        ({"private_use": PrivateUse.PROFESSIONAL}, "professional_use", Effect.AGAINST),
        ({"private_use": PrivateUse.MIXED}, "mixed_use", Effect.DOUBT),
        ({"caused_by": CausedBy.HOUSEMATE}, "caused_by_housemate", Effect.AGAINST),
        ({"caused_by": CausedBy.KNOWN_OUTSIDER}, "caused_by_known", Effect.DOUBT),
        ({"caused_by": CausedBy.SELF}, "caused_by_known", Effect.DOUBT),
        ({"caused_by": None}, "facts_missing", Effect.DOUBT),
        ({"incident_date": TODAY + DAY}, "incident_in_future", Effect.AGAINST),
        ({"incident_date": START}, "contract_in_force", Effect.SUPPORTS),
        ({"incident_date": START - DAY}, "contract_not_started", Effect.AGAINST),
        ({"incident_date": None, "discovery_date": START - DAY}, "contract_not_started", Effect.AGAINST),
        ({"discovery_date": date(2026, 5, 31)}, "facts_missing", Effect.DOUBT),
        ({"unlawful_activity": YesNo.YES}, "unlawful_activity", Effect.AGAINST),
        ({"unlawful_activity": YesNo.UNKNOWN}, "unlawful_activity_unclear", Effect.DOUBT),
        ({"extraordinary_event": YesNo.YES}, "extraordinary_event", Effect.AGAINST),
        ({"extraordinary_event": YesNo.UNKNOWN}, "extraordinary_event_unclear", Effect.DOUBT),
        ({"foreseeable": YesNo.YES}, "foreseeable", Effect.AGAINST),
        ({"foreseeable": YesNo.UNKNOWN}, "foreseeable_unclear", Effect.DOUBT),
    ],
)
def test_a_fact_gives_its_reason_whatever_happened(
    incident: Incident, changes: dict[str, Any], code: str, effect: Effect
) -> None:
    expect(finding(incident, **changes), code, effect)


@pytest.mark.parametrize("incident", Incident)
@pytest.mark.parametrize(
    ("fact", "answer", "code", "incidents"),
    [
        ("spread_by_institution", YesNo.YES, "spread_by_institution", PERSONAL),
        ("spread_by_institution", YesNo.UNKNOWN, "spread_by_institution_unclear", PERSONAL),
        ("recovery_impossible", YesNo.YES, "recovery_impossible", {Incident.DATA_LOSS}),
        ("recovery_impossible", YesNo.UNKNOWN, "recovery_impossible_unclear", {Incident.DATA_LOSS}),
        ("data_authorised", YesNo.NO, "data_not_authorised", {Incident.DATA_LOSS}),
        ("data_authorised", YesNo.UNKNOWN, "data_not_authorised_unclear", {Incident.DATA_LOSS}),
    ],
)
def test_an_exclusion_counts_where_it_can_apply(
    incident: Incident, fact: str, answer: YesNo, code: str, incidents: set[Incident]
) -> None:
    found = finding(incident, **{fact: answer})
    if incident in incidents:
        expect(found, code, Effect.DOUBT if answer is YesNo.UNKNOWN else Effect.AGAINST)
    else:
        assert code not in codes(found)


@pytest.mark.parametrize("incident", Incident)
def test_an_exclusion_that_is_denied_changes_nothing(incident: Incident) -> None:
    facts = ("unlawful_activity", "spread_by_institution", "extraordinary_event", "foreseeable", "recovery_impossible")
    assert finding(incident, **dict.fromkeys(facts, YesNo.NO)) == finding(incident)


@pytest.mark.parametrize(
    ("held", "code", "effect"),
    [
        (policy(country="FR"), "holder_outside_belgium", Effect.DOUBT),
        (policy(antivirus_declared_on=None), "antivirus_not_declared", Effect.DOUBT),
        (policy(antivirus_declared_on=date(2026, 6, 2)), "antivirus_not_declared", Effect.DOUBT),
        (policy(first_paid=None), "first_invoice_unpaid", Effect.AGAINST),
        (policy(first_paid=date(2026, 6, 2)), "contract_not_started", Effect.AGAINST),
        (policy(confirmed=None), "contract_not_started", Effect.AGAINST),
        (policy(periods=()), "contract_not_started", Effect.AGAINST),
        (policy(end=date(2026, 5, 31)), "contract_ended", Effect.AGAINST),
        (policy(end=date(2026, 6, 1)), "contract_in_force", Effect.SUPPORTS),
        (policy(later_payments=(Payment(date(2026, 5, 31), None, MONTHLY),)), "invoice_unpaid", Effect.DOUBT),
        (policy(later_payments=(Payment(date(2026, 5, 1), date(2026, 6, 2), MONTHLY),)), "invoice_unpaid", "doubt"),
    ],
)
def test_a_condition_of_the_policy_gives_its_reason(held: Policy, code: str, effect: Effect) -> None:
    for incident in (Incident.NON_DELIVERY, Incident.IDENTITY_THEFT):
        expect(finding(incident, policy=held), code, Effect(effect))


@pytest.mark.parametrize(
    "payment",
    [
        Payment(date(2026, 6, 1), None, MONTHLY),
        Payment(date(2026, 5, 1), date(2026, 6, 1), MONTHLY),
        Payment(date(2026, 6, 2), None, MONTHLY),
    ],
)
def test_an_invoice_that_was_not_overdue_that_day_is_no_doubt(payment: Payment) -> None:
    assert finding(policy=policy(later_payments=(payment,))).outcome is Outcome.LOOKS_COVERED


def test_an_incident_before_the_first_payment_is_not_said_to_be_paid_for() -> None:
    found = finding(policy=policy(first_paid=date(2026, 6, 2)), discovery_date=None)
    assert codes(found) & {"first_invoice_paid", "first_invoice_unpaid", "contract_in_force"} == set()


@pytest.mark.parametrize(("born", "under_age"), [(date(2007, 3, 1), False), (date(2007, 3, 2), True)])
def test_the_holder_is_of_age_on_the_day_the_cover_starts(born: date, under_age: bool) -> None:
    held = policy(persons=(replace(POLICY.holder, date_of_birth=born),))
    assert ("holder_under_age" in codes(finding(policy=held), Effect.AGAINST)) is under_age


def test_a_gap_between_two_periods_is_not_in_force() -> None:
    first = Period(CONFIRMED, date(2025, 12, 31), Terms.PRODUCT_PAGE)
    held = policy(periods=(first, Period(date(2026, 3, 1), None, Terms.LATER_PAGE)))
    gap = finding(policy=held, incident_date=date(2026, 2, 28))
    assert codes(gap, Effect.AGAINST) == {"contract_interrupted"}
    assert "contract_in_force" not in codes(gap)
    for day in (date(2025, 12, 31), date(2026, 3, 1)):
        assert codes(finding(policy=held, incident_date=day), Effect.AGAINST) == set()


def test_the_terms_of_the_day_of_the_incident_choose_the_rules() -> None:
    first = Period(CONFIRMED, date(2026, 5, 31), Terms.PRODUCT_PAGE)
    held = policy(periods=(first, Period(date(2026, 6, 1), None, Terms.LATER_PAGE)))
    before = finding(policy=held, incident_date=date(2026, 5, 31))
    assert (before.rules_version, before.outcome) == ("product_page-2021-12", Outcome.LOOKS_COVERED)
    after = finding(policy=held, incident_date=date(2026, 6, 1))
    assert after.rules_version == "later_page-2021-12"
    assert codes(after, Effect.DOUBT) == {"online_purchase_conditions"}
    # Not before the day is known: it may turn out to be the other terms.
    assert "online_purchase_conditions" not in codes(finding(policy=held, incident_date=None))


def test_an_unpaid_first_invoice_is_against_whatever_else_is_known() -> None:
    found = check(policy(first_paid=None), [], Incident.PHISHING, Facts(), TODAY, BOOK)
    assert codes(found, Effect.AGAINST) == {"first_invoice_unpaid"}


def test_installations_can_ask_for_a_paid_antivirus() -> None:
    rules = book(antivirus=Antivirus.PAID)
    assert codes(finding(rules=rules), Effect.DOUBT) == {"antivirus_paid_unclear"}


def test_installations_can_leave_housemates_to_the_handler() -> None:
    rules = book(housemates=Housemates.HANDLER_DECIDES)
    found = finding(rules=rules, caused_by=CausedBy.HOUSEMATE)
    assert (codes(found, Effect.DOUBT), codes(found, Effect.AGAINST)) == ({"caused_by_housemate_unclear"}, set())


def test_data_recovery_waits_two_months() -> None:
    last_day = date(2025, 4, 30)
    assert "waiting_period" in codes(finding(Incident.DATA_LOSS, incident_date=last_day), Effect.AGAINST)
    assert "waiting_period" not in codes(finding(Incident.DATA_LOSS, incident_date=last_day + DAY))
    assert "waiting_period" not in codes(finding(Incident.PHISHING, incident_date=last_day))


def test_data_recovery_waits_again_after_a_gap_but_not_when_only_the_terms_change() -> None:
    first = Period(CONFIRMED, date(2026, 4, 30), Terms.PRODUCT_PAGE)
    changed = policy(periods=(first, Period(date(2026, 5, 1), None, Terms.PRODUCT_PAGE)))
    assert "waiting_period" not in codes(finding(Incident.DATA_LOSS, policy=changed))
    anew = policy(periods=(first, Period(date(2026, 5, 2), None, Terms.PRODUCT_PAGE)))
    assert "waiting_period" in codes(finding(Incident.DATA_LOSS, policy=anew), Effect.AGAINST)


def test_without_a_date_only_a_wait_that_holds_for_every_date_is_against() -> None:
    first = Period(CONFIRMED, date(2026, 4, 30), Terms.PRODUCT_PAGE)
    anew = policy(periods=(first, Period(date(2026, 5, 2), None, Terms.PRODUCT_PAGE)))
    assert "waiting_period" not in codes(finding(Incident.DATA_LOSS, policy=anew, incident_date=None))
    changed = policy(periods=(first, Period(date(2026, 5, 1), None, Terms.LATER_PAGE)))
    longer = book(Terms.LATER_PAGE, data_recovery_wait_months=120)
    assert "waiting_period" in codes(finding(Incident.DATA_LOSS, policy=changed, rules=longer), Effect.AGAINST)
    unknown_day = finding(Incident.DATA_LOSS, policy=changed, rules=longer, incident_date=None)
    assert "waiting_period" not in codes(unknown_day)


def test_during_the_waiting_period_no_date_is_needed_to_know() -> None:
    young = policy(first_paid=TODAY - timedelta(days=21))
    assert "waiting_period" in codes(check(young, [], Incident.DATA_LOSS, Facts(), TODAY, BOOK), Effect.AGAINST)


@pytest.mark.parametrize(
    ("incident", "missing"),
    [
        (Incident.NON_DELIVERY, ("amount", "purchase_from")),
        (Incident.NON_CONFORMING_DELIVERY, ("amount", "purchase_from")),
        (Incident.PAYMENT_FRAUD, ("amount", "consent")),
        (Incident.DATA_LOSS, ("loss_cause", "data_authorised")),
        (Incident.CYBERBULLYING, ()),
        (Incident.SEXTORTION, ()),
        (Incident.IDENTITY_THEFT, ()),
        (Incident.HACKED_ACCOUNT, ()),
        (Incident.PHISHING, ()),
    ],
)
def test_without_facts_everything_needed_is_named_in_order(incident: Incident, missing: tuple[str, ...]) -> None:
    found = check(POLICY, [], incident, Facts(), TODAY, BOOK)
    assert found.missing == ("incident_date", "victim", "private_use", "caused_by", *missing)
    assert found.outcome is Outcome.NEEDS_REVIEW


def test_unknown_who_did_it_is_an_answer() -> None:
    assert finding(caused_by=CausedBy.UNKNOWN).missing == ()


def test_every_source_names_where_it_comes_from() -> None:
    lines = dict(SOURCES)
    for versions in BOOK.versions.values():
        for rules in versions:
            settings = [value for value in vars(rules).values() if hasattr(value, "source")]
            lines |= {f"{rules.version}.{number}": each.source for number, each in enumerate(settings)}
            lines |= {f"{rules.version}.{limit.name}": limit.source for limit in rules.limits}
    assert len(lines) > len(SOURCES) + 14
    for code, source in lines.items():
        assert source.startswith(("product page", "https://", "not a term of the policy")), code
        assert "\n" not in source
