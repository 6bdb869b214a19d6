"""Asks the operator's customer system for a policy, as an alternative to policies that are only kept here.

GET {CLAIMS_OPERATOR_URL}/policies/{reference} with `Authorization: Bearer {CLAIMS_OPERATOR_TOKEN}` answers 200 with
the JSON of `OperatorPolicy`, or 404 with `{"code": "policy_not_found"}`: any other 404 may come from a wrong address,
and must not make every customer unknown.

SourceError           the question was not answered
├── SourceDown        no connection, no answer in time, or it says itself that it cannot work
├── SourceRefused     it takes neither our token nor our question
└── SourceNonsense    the answer is not what is written here
"""

from __future__ import annotations

import ssl
import time
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Protocol

import httpx
import msgspec

from claims.adapters.clock import Clock, belgian_day
from claims.domain.policies import InsuredPerson, Payment, Period, Policy, Terms
from claims.domain.policy_checks import flaws, person_id
from claims.settings import Settings

LARGEST_ANSWER = 256 * 1024
PAUSE = timedelta(seconds=15)

_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class SourceError(Exception):
    """The question was not answered; the text names no policy and repeats nothing of the answer."""


class SourceDown(SourceError):
    """It cannot be reached, is too slow, or says that it cannot work."""


class SourceRefused(SourceError):
    """It does not take the question."""


class SourceNonsense(SourceError):
    """The answer cannot be used."""


class PolicySource(Protocol):
    """Where policies come from, other than our own tables."""

    def fetch(self, reference: str) -> Policy | None:
        """Ask for a policy; None when the source does not know it.

        Raises:
            SourceError: It did not answer.
        """


class OperatorPeriod(msgspec.Struct, frozen=True):
    starts_on: date
    ends_on: date | None
    terms: Terms


class OperatorPayment(msgspec.Struct, frozen=True):
    """`amount` is in EUR, as text: a float is no money."""

    due_on: date
    paid_on: date | None
    amount: Decimal


class OperatorPerson(msgspec.Struct, frozen=True):
    """`id` must stay the same for the same person; it only has to be unique within the policy."""

    id: str
    first_name: str
    last_name: str
    date_of_birth: date
    relation: str
    family: bool


class OperatorPolicy(msgspec.Struct, frozen=True):
    """A policy as the operator's system gives it; the fields mean what they mean in `Policy`."""

    reference: str
    email: str
    language: str
    country: str
    confirmed_on: date | None
    antivirus_declared_on: date | None
    periods: list[OperatorPeriod]
    payments: list[OperatorPayment]
    persons: list[OperatorPerson]


class OperatorUnknown(msgspec.Struct, frozen=True):
    code: str


class OperatorPolicies:
    """The source over HTTP.

    After it did not answer it is left alone for a moment: each question would wait for the timeout again, with a
    thread that other requests need.
    """

    def __init__(self, url: str, token: str, clock: Clock, seconds: float = 5.0) -> None:
        self._url, self._clock, self._seconds = url.rstrip("/"), clock, seconds
        self._headers = {"authorization": f"Bearer {token}", "accept": "application/json"}
        # Made once: reading the certificates takes longer than the question. The machine's own list, for the operator's
        # system may have a certificate of the house.
        self._tls = ssl.create_default_context()
        self._silent_until: datetime | None = None

    def fetch(self, reference: str) -> Policy | None:
        """Ask for a policy; None when the system does not know it.

        Raises:
            SourceDown: It is down, or was a moment ago.
            SourceRefused: It does not take the question.
            SourceNonsense: Its answer cannot be used.
        """
        if self._silent_until is not None and self._clock() < self._silent_until:
            raise SourceDown("it did not answer a moment ago")
        try:
            status, content = self._ask(reference)
        except SourceDown:
            self._silent_until = self._clock() + PAUSE
            raise
        if status == httpx.codes.NOT_FOUND and _says_unknown(content):
            return None
        if status != httpx.codes.OK:
            raise SourceRefused(f"status {status}")
        return _read(content, reference, belgian_day(self._clock()))

    def _ask(self, reference: str) -> tuple[int, bytes]:
        timeout = httpx.Timeout(self._seconds, connect=min(2.0, self._seconds))
        address = f"{self._url}/policies/{reference}"
        try:
            with httpx.stream("GET", address, headers=self._headers, timeout=timeout, verify=self._tls) as answer:
                if answer.status_code >= 500 or answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
                    raise SourceDown(f"status {answer.status_code}")
                return answer.status_code, self._content(answer)
        except httpx.HTTPError as error:
            # Not chained: the message of an HTTP error holds the address, and that the reference.
            raise SourceDown(type(error).__name__) from None

    def _content(self, answer: httpx.Response) -> bytes:
        """Read an answer; the timeouts of httpx count from piece to piece, so a slow drip needs a limit of its own."""
        give_up, content = time.monotonic() + self._seconds, b""
        for piece in answer.iter_bytes():
            content += piece
            if len(content) > LARGEST_ANSWER:
                raise SourceNonsense("too large")
            if time.monotonic() > give_up:
                raise SourceDown("too slow")
        return content


def operator_policies(settings: Settings, clock: Clock) -> OperatorPolicies | None:
    """Make the source that the settings ask for; None when policies are kept here."""
    if not settings.operator_url:
        return None
    return OperatorPolicies(settings.operator_url, settings.operator_token, clock)


def _says_unknown(content: bytes) -> bool:
    try:
        return msgspec.json.decode(content, type=OperatorUnknown).code == "policy_not_found"
    except _UNREADABLE:
        return False


def _read(content: bytes, reference: str, today: date) -> Policy:
    try:
        given = msgspec.json.decode(content, type=OperatorPolicy)
    except _UNREADABLE:
        raise SourceNonsense("not the documented JSON") from None
    if given.reference != reference:
        raise SourceNonsense("another policy")
    policy = Policy(
        reference=reference,
        email=given.email,
        language=given.language,
        country=given.country,
        confirmed_on=given.confirmed_on,
        antivirus_declared_on=given.antivirus_declared_on,
        periods=tuple(Period(each.starts_on, each.ends_on, each.terms) for each in given.periods),
        payments=tuple(Payment(each.due_on, each.paid_on, each.amount) for each in given.payments),
        persons=tuple(_person(reference, person) for person in given.persons),
    )
    wrong = flaws(policy, today)
    if wrong:
        raise SourceNonsense("; ".join(wrong))
    return policy


def _person(reference: str, given: OperatorPerson) -> InsuredPerson:
    made = person_id(reference, given.id)
    if made is None:
        raise SourceNonsense("a person has no usable id")
    return InsuredPerson(made, given.first_name, given.last_name, given.date_of_birth, given.relation, given.family)
