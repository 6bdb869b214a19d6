"""What every claim needs: a contract in force, the conditions to have it, an insured person, private life."""

from __future__ import annotations

from collections.abc import Iterator

from claims.domain.dates import add_months
from claims.domain.facts import PrivateUse
from claims.domain.incidents import Cover, cover_of
from claims.domain.reasons import Case, Reason, against, doubt, supports
from claims.domain.rules import Antivirus

_BELGIUM = "BE"


def contract(case: Case) -> Iterator[Reason]:
    """Look whether the contract was in force and the first invoice paid on the day of the incident."""
    policy, day = case.policy, case.facts.incident_date
    if day is not None and day > case.today:
        yield against("incident_in_future")
    if not policy.paid_on(case.today):
        yield against("first_invoice_unpaid")
        return
    if policy.paid_on(case.latest):
        yield supports("first_invoice_paid")
    if policy.start_date is None or case.latest < policy.start_date:
        yield against("contract_not_started")
    if day is None:
        return
    if policy.end_date is not None and day > policy.end_date:
        yield against("contract_ended")
    elif policy.start_date is not None and policy.start_date <= day and not policy.in_force_on(day):
        yield against("contract_interrupted")
    elif policy.start_date is not None and policy.start_date <= case.latest and day <= case.today:
        yield supports("contract_in_force")


def invoices(case: Case) -> Iterator[Reason]:
    """Look for an overdue invoice; no readable source says that it suspends the cover, so a person looks."""
    day = case.facts.incident_date
    if day is not None and case.policy.overdue_on(day):
        yield doubt("invoice_unpaid")


def waiting_period(case: Case) -> Iterator[Reason]:
    """Look whether data recovery had begun; without a date of the incident only what holds for every date counts."""
    policy, day = case.policy, case.facts.incident_date
    start = (policy.cover_start(day) if day is not None else None) or policy.start_date
    if cover_of(case.incident) is not Cover.DATA_RECOVERY or start is None:
        return
    months = min(rules.data_recovery_wait_months.value for rules in case.possible)
    if case.latest < add_months(start, months):
        yield against("waiting_period", case.rules.data_recovery_wait_months.source)


def holder(case: Case) -> Iterator[Reason]:
    """Look at the conditions to take out the insurance: of age, and living in Belgium.

    The age at the start is certain. The country is where the holder lives now, which may not be where they lived then.
    """
    start = case.policy.start_date
    if start is not None and case.policy.holder.minor_on(start):
        yield against("holder_under_age")
    if case.policy.country != _BELGIUM:
        yield doubt("holder_outside_belgium")


def antivirus(case: Case) -> Iterator[Reason]:
    """Look whether an antivirus program was declared before the incident."""
    declared = case.policy.antivirus_declared_on
    if declared is None or declared > case.latest:
        yield doubt("antivirus_not_declared")
    if case.agreed(lambda rules: rules.antivirus.value) is Antivirus.PAID:
        yield doubt("antivirus_paid_unclear", case.rules.antivirus.source)


def person(case: Case) -> Iterator[Reason]:
    """Look whether it happened to an insured person."""
    if case.facts.victim is None:
        return
    victim = case.policy.person(case.facts.victim)
    yield supports("insured_person") if victim is not None and victim.family else against("not_insured_person")


def use(case: Case) -> Iterator[Reason]:
    """Look whether it happened in private life."""
    match case.facts.private_use:
        case PrivateUse.PRIVATE:
            yield supports("private_life")
        case PrivateUse.MIXED:
            yield doubt("mixed_use")
        case PrivateUse.PROFESSIONAL:
            yield against("professional_use")


CONDITIONS = (contract, invoices, waiting_period, holder, antivirus, person, use)
