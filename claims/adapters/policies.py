"""Keeps policies and what the insurer handled for them before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, delete, insert, select, update

from claims.adapters import tables
from claims.domain.errors import PolicyNotFound
from claims.domain.incidents import Incident
from claims.domain.limits import PastClaim, PastClaimStatus
from claims.domain.policies import InsuredPerson, Payment, Period, Policy, Terms


class Policies:
    """Reads policies; they are written by the import, from the operator's system, and by the demo."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, reference: str) -> Policy:
        """Read one policy with its people.

        Raises:
            PolicyNotFound: There is none.
        """
        policy = self.find(reference)
        if policy is None:
            raise PolicyNotFound
        return policy

    def find(self, reference: str) -> Policy | None:
        """Read one policy with its people; None when there is none."""
        row = self._one(select(tables.policies).where(tables.policies.c.reference == reference))
        if row is None:
            return None
        persons = self._all(tables.insured_persons, reference, "position")
        periods = self._all(tables.policy_periods, reference, "starts_on")
        return _policy(row, persons, periods, self._all(tables.payments, reference, "due_on"))

    def past_claims(self, reference: str) -> tuple[PastClaim, ...]:
        """Read what the insurer handled for a policy before."""
        query = select(tables.past_claims).where(tables.past_claims.c.policy_reference == reference)
        return tuple(_past_claim(row) for row in self._connection.execute(query).mappings())

    def put(self, policy: Policy, past_claims: Iterable[PastClaim] | None = None) -> None:
        """Store a policy and its people in place of what was there; without past claims, those that are there stay."""
        values = _policy_values(policy)
        known = self._one(select(tables.policies).where(tables.policies.c.reference == policy.reference))
        if known is None:
            self._connection.execute(insert(tables.policies).values(values))
        else:
            table = tables.policies
            self._connection.execute(update(table).where(table.c.reference == policy.reference).values(values))
        self._replace(tables.policy_periods, policy.reference, [asdict(period) for period in policy.periods])
        self._replace(tables.payments, policy.reference, [_payment_values(payment) for payment in policy.payments])
        self._replace(tables.insured_persons, policy.reference, _person_values(policy))
        if past_claims is not None:
            self._replace(tables.past_claims, policy.reference, [_past_values(claim) for claim in past_claims])

    def _one(self, query: Any) -> RowMapping | None:
        return self._connection.execute(query).mappings().one_or_none()

    def _all(self, table: Table, reference: str, order: str) -> Iterable[RowMapping]:
        query = select(table).where(table.c.policy_reference == reference).order_by(table.c[order])
        return self._connection.execute(query).mappings()

    def _replace(self, table: Any, reference: str, rows: list[dict[str, Any]]) -> None:
        self._connection.execute(delete(table).where(table.c.policy_reference == reference))
        for row in rows:
            self._connection.execute(insert(table).values(policy_reference=reference, **row))


def _policy(
    row: RowMapping, persons: Iterable[RowMapping], periods: Iterable[RowMapping], payments: Iterable[RowMapping]
) -> Policy:
    return Policy(
        reference=row["reference"],
        email=row["email"],
        language=row["language"],
        country=row["country"],
        confirmed_on=row["confirmed_on"],
        antivirus_declared_on=row["antivirus_declared_on"],
        periods=tuple(Period(each["starts_on"], each["ends_on"], Terms(each["terms"])) for each in periods),
        payments=tuple(Payment(each["due_on"], each["paid_on"], Decimal(each["cents"]) / 100) for each in payments),
        persons=tuple(_person(person) for person in persons),
    )


def _person(row: RowMapping) -> InsuredPerson:
    return InsuredPerson(
        id=row["id"],
        first_name=row["first_name"],
        last_name=row["last_name"],
        date_of_birth=row["date_of_birth"],
        relation=row["relation"],
        family=row["family"],
    )


def _past_claim(row: RowMapping) -> PastClaim:
    return PastClaim(
        id=row["id"],
        incident=Incident(row["incident"]),
        incident_date=row["incident_date"],
        status=PastClaimStatus(row["status"]),
        approved_amount=Decimal(row["approved_cents"]) / 100,
    )


def _policy_values(policy: Policy) -> dict[str, Any]:
    return {
        "reference": policy.reference,
        "email": policy.email,
        "language": policy.language,
        "country": policy.country,
        "confirmed_on": policy.confirmed_on,
        "antivirus_declared_on": policy.antivirus_declared_on,
    }


def _payment_values(payment: Payment) -> dict[str, Any]:
    return {"due_on": payment.due_on, "paid_on": payment.paid_on, "cents": int(payment.amount * 100)}


def _person_values(policy: Policy) -> list[dict[str, Any]]:
    return [
        {
            "id": person.id,
            "position": position,
            "first_name": person.first_name,
            "last_name": person.last_name,
            "date_of_birth": person.date_of_birth,
            "relation": person.relation,
            "family": person.family,
        }
        for position, person in enumerate(policy.persons)
    ]


def _past_values(claim: PastClaim) -> dict[str, Any]:
    return {
        "id": claim.id,
        "incident": claim.incident.value,
        "incident_date": claim.incident_date,
        "status": claim.status.value,
        "approved_cents": int(claim.approved_amount * 100),
    }
