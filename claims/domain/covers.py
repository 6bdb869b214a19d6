"""What each cover of the product page asks for beyond the conditions: its causes, its sellers, its limits.

Which cover an incident falls under:
    cyberbullying, sextortion: e-reputation ("online bullying and intimidation"). Sextortion is intimidation with the
        threat to harm somebody's reputation, and its help (legal, psychological, having images removed) is that of
        this cover; so the two share its yearly limit.
    identity_theft: support when personal data are used fraudulently; no limit is named.
    non_delivery, non_conforming_delivery: online purchases.
    payment_fraud: information and advice.
    data_loss: data recovery.
    phishing, hacked_account: no cover is named after them. Depending on what came of it they are payment fraud or
        identity theft, so a handler checks.
"""

from __future__ import annotations

from collections.abc import Iterator

from claims.domain.facts import LossCause, PurchaseFrom
from claims.domain.incidents import Cover, cover_of
from claims.domain.limits import Limit
from claims.domain.reasons import Case, Reason, against, doubt, supports
from claims.domain.rules import PaymentFraud


def online_purchase(case: Case) -> Iterator[Reason]:
    """Look whether the terms name goods bought online, and at the seller."""
    if cover_of(case.incident) is not Cover.ONLINE_PURCHASES:
        return
    if case.agreed(lambda rules: rules.online_purchases_listed.value) is False:
        yield doubt("online_purchase_conditions", case.rules.online_purchases_listed.source)
    if case.facts.purchase_from is PurchaseFrom.PRIVATE_PERSON:
        yield doubt("seller_private_person")


def data_recovery(case: Case) -> Iterator[Reason]:
    """Look whether the terms name the cause; the lists are open at the end, so another cause is a doubt only."""
    cause = case.facts.loss_cause
    if cover_of(case.incident) is not Cover.DATA_RECOVERY or cause in (None, LossCause.UNKNOWN):
        return
    if case.agreed(lambda rules: cause in rules.data_recovery_causes.value) is False:
        yield doubt("data_recovery_cause", case.rules.data_recovery_causes.source)


def payment_fraud(case: Case) -> Iterator[Reason]:
    """Look whether the terms give advice, money, or leave it to the conditions."""
    if cover_of(case.incident) is not Cover.PAYMENT_FRAUD:
        return
    source = case.rules.payment_fraud.source
    match case.agreed(lambda rules: rules.payment_fraud.value):
        case PaymentFraud.ADVICE:
            yield doubt("payment_fraud_advice", source)
        case PaymentFraud.CONDITIONS_DECIDE:
            yield doubt("payment_fraud_conditions", source)


def limits(case: Case) -> Iterator[Reason]:
    """Look what is left of the yearly limits; which year counts is only known with the date of the incident."""
    if case.facts.incident_date is None:
        return
    for limit in case.limits:
        yield from _limit(case, limit)


def _limit(case: Case, limit: Limit) -> Iterator[Reason]:
    if limit.left == 0:
        yield against("limit_used_up", limit.source)
    if limit.claims_left == 0:
        yield against("claims_limit_used_up", limit.source)
    if limit.left == 0 or limit.claims_left == 0:
        return
    if limit.claims_left is not None:
        yield supports("claims_limit_available", limit.source)
    if limit.left is not None and case.facts.amount is not None and case.facts.amount > limit.left:
        yield doubt("limit_partly_left", limit.source)
    elif limit.left is not None:
        yield supports("limit_available", limit.source)


def not_named(case: Case) -> Iterator[Reason]:
    """Send what no cover is named after to a person."""
    if cover_of(case.incident) is Cover.NONE:
        yield doubt("handler_checks_incident")


COVERS = (online_purchase, data_recovery, payment_fraud, limits, not_named)
