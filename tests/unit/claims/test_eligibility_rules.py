"""Each rule of the check of cover, one at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from claims.domain.eligibility import Effect, Outcome, check
from claims.domain.facts import CausedBy, Consent, Facts, Incident, PrivateUse, PurchaseFrom
from claims.domain.limits import PastClaimStatus
from claims.domain.policies import Terms
from claims.domain.rules import SOURCES
from tests.unit.claims.claims_builders import FACTS, POLICY, START, TODAY, codes, finding, paid

FULLY_RULED = {Incident.NON_DELIVERY, Incident.NON_CONFORMING_DELIVERY, Incident.PAYMENT_FRAUD}


@pytest.mark.parametrize("incident", [Incident.NON_DELIVERY, Incident.NON_CONFORMING_DELIVERY])
def test_an_online_purchase_with_everything_in_order_looks_covered(incident: Incident) -> None:
    found = finding(incident)
    assert found.outcome is Outcome.LOOKS_COVERED
    assert codes(found) == {
        "contract_in_force",
        "first_invoice_paid",
        "insured_person",
        "private_life",
        "limit_available",
    }
    assert found.missing == ()
    assert found.rules_version == "2021-12-01"


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
        ({"purchase_from": PurchaseFrom.PRIVATE_PERSON}, "seller_private_person", Effect.DOUBT),
        ({"purchase_from": PurchaseFrom.UNKNOWN}, "facts_missing", Effect.DOUBT),
        ({"amount": None}, "facts_missing", Effect.DOUBT),
        ({"amount": Decimal("5000.01")}, "limit_partly_left", Effect.DOUBT),
        ({"amount": Decimal("5000.00")}, "limit_available", Effect.SUPPORTS),
        ({"incident_date": TODAY + timedelta(days=1)}, "incident_in_future", Effect.AGAINST),
        ({"incident_date": TODAY, "discovery_date": None}, "contract_in_force", Effect.SUPPORTS),
        ({"incident_date": START}, "contract_in_force", Effect.SUPPORTS),
        ({"incident_date": START - timedelta(days=1)}, "contract_not_started", Effect.AGAINST),
        ({"incident_date": None, "discovery_date": START - timedelta(days=1)}, "contract_not_started", Effect.AGAINST),
        ({"discovery_date": FACTS.incident_date and FACTS.incident_date - timedelta(days=1)}, "facts_missing", "doubt"),
    ],
)
def test_a_fact_gives_its_reason(changes: dict[str, Any], code: str, effect: Effect) -> None:
    found = finding(**changes)
    assert code in codes(found, Effect(effect))
    expected = {
        Effect.AGAINST: Outcome.LOOKS_NOT_COVERED,
        Effect.DOUBT: Outcome.NEEDS_REVIEW,
        Effect.SUPPORTS: Outcome.LOOKS_COVERED,
    }
    assert found.outcome is expected[Effect(effect)]


def test_the_contract_counts_to_its_last_day() -> None:
    ended = replace(POLICY, end_date=date(2026, 6, 1))
    assert "contract_in_force" in codes(finding(policy=ended, incident_date=date(2026, 6, 1)))
    after = finding(policy=ended, incident_date=date(2026, 6, 2))
    assert "contract_ended" in codes(after, Effect.AGAINST)
    assert "contract_in_force" not in codes(after)


def test_an_unpaid_first_invoice_is_against_whatever_else_is_known() -> None:
    unpaid = replace(POLICY, first_invoice_paid_on=None)
    found = check(unpaid, [], Incident.PHISHING, Facts(), TODAY)
    assert codes(found, Effect.AGAINST) == {"first_invoice_unpaid"}
    assert found.limits == ()


def test_a_policy_without_confirmation_has_not_started() -> None:
    assert "contract_not_started" in codes(finding(policy=replace(POLICY, confirmed_on=None)), Effect.AGAINST)


def test_the_later_terms_leave_online_purchases_to_the_conditions() -> None:
    found = finding(policy=replace(POLICY, terms=Terms.LATER_PAGE))
    assert codes(found, Effect.DOUBT) == {"online_purchase_conditions"}
    assert found.outcome is Outcome.NEEDS_REVIEW


def test_payment_fraud_is_always_for_a_person() -> None:
    found = finding(Incident.PAYMENT_FRAUD, consent=Consent.DECEIVED)
    assert codes(found, Effect.DOUBT) == {"payment_fraud_advice"}
    assert found.limits == ()
    assert finding(Incident.PAYMENT_FRAUD).missing == ("consent",)


@pytest.mark.parametrize("incident", sorted(set(Incident) - FULLY_RULED))
def test_the_other_incidents_are_for_a_person(incident: Incident) -> None:
    found = finding(incident)
    assert codes(found, Effect.DOUBT) == {"handler_checks_incident"}
    assert found.outcome is Outcome.NEEDS_REVIEW


def test_data_recovery_waits_two_months() -> None:
    last_day = date(2025, 4, 30)
    assert "waiting_period" in codes(finding(Incident.DATA_LOSS, incident_date=last_day), Effect.AGAINST)
    assert "waiting_period" not in codes(finding(Incident.DATA_LOSS, incident_date=last_day + timedelta(days=1)))
    assert "waiting_period" not in codes(finding(Incident.PHISHING, incident_date=last_day))


def test_during_the_waiting_period_no_date_is_needed_to_know() -> None:
    young = replace(POLICY, first_invoice_paid_on=TODAY - timedelta(days=21))
    assert "waiting_period" in codes(check(young, [], Incident.DATA_LOSS, Facts(), TODAY), Effect.AGAINST)


def test_both_kinds_of_delivery_share_one_limit() -> None:
    past = (
        paid(date(2026, 4, 1), "3200"),
        paid(date(2026, 5, 1), "1800", Incident.NON_CONFORMING_DELIVERY, status=PastClaimStatus.APPROVED),
    )
    found = finding(Incident.NON_DELIVERY, *past)
    assert codes(found, Effect.AGAINST) == {"limit_used_up"}
    assert (found.limits[0].used, found.limits[0].left) == (Decimal(5000), Decimal(0))


def test_what_was_not_paid_or_of_another_kind_or_year_uses_nothing() -> None:
    past = (
        paid(date(2026, 4, 1), "900", status=PastClaimStatus.REFUSED),
        paid(date(2026, 4, 1), "900", status=PastClaimStatus.OPEN),
        paid(date(2026, 4, 1), "900", Incident.PAYMENT_FRAUD),
        paid(date(2026, 2, 28), "900"),
        paid(date(2027, 3, 1), "900"),
    )
    assert finding(Incident.NON_DELIVERY, *past).limits[0].used == 0


def test_the_year_that_counts_is_the_incident_s() -> None:
    used_up_last_year = paid(date(2025, 12, 31), "5000")
    assert "limit_used_up" not in codes(finding(Incident.NON_DELIVERY, used_up_last_year))
    last_year = finding(Incident.NON_DELIVERY, used_up_last_year, incident_date=date(2026, 1, 2))
    assert "limit_used_up" in codes(last_year, Effect.AGAINST)


def test_without_facts_everything_needed_is_named_in_order() -> None:
    found = check(POLICY, [], Incident.NON_DELIVERY, Facts(), TODAY)
    assert found.missing == ("incident_date", "victim", "private_use", "caused_by", "amount", "purchase_from")
    assert found.outcome is Outcome.NEEDS_REVIEW
    assert found.limits[0].left == 5000


def test_every_source_names_where_it_comes_from() -> None:
    for code, source in SOURCES.items():
        assert source.startswith(("product page", "https://", "not a term of the policy")), code
