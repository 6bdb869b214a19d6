"""Reads the cells of the file policies are imported from, as people and spreadsheets write them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from itertools import zip_longest
from typing import TypeVar

from claims.domain.dates import iso_date
from claims.domain.policies import InsuredPerson, Payment, Period, Policy, Terms
from claims.domain.policy_checks import person_id

T = TypeVar("T")

POLICY_COLUMNS = (
    "policy_reference",
    "email",
    "language",
    "country",
    "confirmed_on",
    "antivirus_declared_on",
    "starts_on",
    "ends_on",
    "terms",
    "invoice_due_on",
    "invoice_paid_on",
    "invoice_amount",
)
PERSON_COLUMNS = ("person", "first_name", "last_name", "date_of_birth", "relation", "insured")

_BELGIAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_AMOUNT = re.compile(r"\d{1,6}([.,]\d{1,2})?", re.ASCII)
# As Excel writes them in English, Dutch and French, and as people do.
_YES = {"yes", "true", "ja", "waar", "oui", "vrai", "1"}
_NO = {"no", "false", "nee", "onwaar", "non", "faux", "0"}


class BadCell(Exception):
    """A cell cannot be read; the text names the column and repeats nothing of the cell."""


def read_policy(row: Mapping[str, str]) -> Policy:
    """Read the columns of the policy; its persons are still to come.

    Raises:
        BadCell: One cannot be read.
    """
    return Policy(
        reference=row["policy_reference"].upper(),
        email=row["email"],
        language=row["language"].lower(),
        country=row["country"].upper(),
        confirmed_on=_maybe(_day, row, "confirmed_on"),
        antivirus_declared_on=_maybe(_day, row, "antivirus_declared_on"),
        periods=_periods(row),
        payments=_payments(row),
        persons=(),
    )


def read_person(row: Mapping[str, str]) -> InsuredPerson:
    """Read the columns of the person of a line.

    Raises:
        BadCell: One cannot be read.
    """
    made = person_id(row["policy_reference"].upper(), row["person"])
    if made is None:
        raise BadCell("person is no number or short word that stays the same for this person")
    born = _day("date_of_birth", row["date_of_birth"])
    insured = _yes_or_no("insured", row["insured"])
    return InsuredPerson(made, row["first_name"], row["last_name"], born, row["relation"].lower(), insured)


def _periods(row: Mapping[str, str]) -> tuple[Period, ...]:
    return tuple(
        Period(_day("starts_on", starts), _day("ends_on", ends) if ends else None, _terms("terms", terms))
        for starts, ends, terms in _side_by_side(row, "starts_on", "ends_on", "terms")
    )


def _payments(row: Mapping[str, str]) -> tuple[Payment, ...]:
    columns = ("invoice_due_on", "invoice_paid_on", "invoice_amount")
    return tuple(
        Payment(_day(columns[0], due), _day(columns[1], paid) if paid else None, _amount(columns[2], amount))
        for due, paid, amount in _side_by_side(row, *columns)
    )


def _side_by_side(row: Mapping[str, str], *columns: str) -> list[tuple[str, ...]]:
    """Split cells that belong together at their bars: the first of each, the second of each, and so on."""
    if not any(row[column] for column in columns):
        return []
    split = [[part.strip() for part in row[column].split("|")] for column in columns]
    if len({len(parts) for parts in split}) != 1:
        raise BadCell(f"{', '.join(columns)} do not hold as many values as one another")
    return list(zip_longest(*split, fillvalue=""))


def _maybe(read: Callable[[str, str], T], row: Mapping[str, str], column: str) -> T | None:
    return read(column, row[column]) if row[column] else None


def _day(column: str, text: str) -> date:
    belgian = _BELGIAN.fullmatch(text)
    day = iso_date("{2}-{1:0>2}-{0:0>2}".format(*belgian.groups()) if belgian else text)
    if day is None:
        raise BadCell(f"{column} is no date such as 2025-03-01 or 01/03/2025")
    return day


def _amount(column: str, text: str) -> Decimal:
    if not _AMOUNT.fullmatch(text):
        raise BadCell(f"{column} is no amount such as 4.99 or 4,99")
    return Decimal(text.replace(",", "."))


def _terms(column: str, text: str) -> Terms:
    try:
        return Terms(text.lower())
    except ValueError:
        raise BadCell(f"{column} is none of {', '.join(Terms)}") from None


def _yes_or_no(column: str, text: str) -> bool:
    lowered = text.casefold()
    if lowered not in _YES | _NO:
        raise BadCell(f"{column} is neither yes nor no")
    return lowered in _YES
