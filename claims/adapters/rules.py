"""Reads the rules of the check of cover from their file, once, and refuses a file that would decide wrongly."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Generic, TypeVar

import msgspec
from msgspec import Meta, Struct

from claims.domain.facts import LossCause
from claims.domain.incidents import Incident
from claims.domain.policies import Terms
from claims.domain.rules import Antivirus, Housemates, LimitRule, LimitYear, PaymentFraud, Rulebook, Rules, Setting
from content.facts import PROJECT_ROOT, ContentError, read_yaml

T = TypeVar("T")

_Text = Annotated[str, Meta(min_length=1, max_length=500)]


class _Value(Struct, Generic[T], frozen=True, forbid_unknown_fields=True):
    value: T
    source: _Text


class _Limit(Struct, frozen=True, forbid_unknown_fields=True):
    incidents: Annotated[list[Incident], Meta(min_length=1)]
    source: _Text
    amount: Decimal | None = None
    claims: Annotated[int, Meta(ge=1, le=1000)] | None = None


class _Version(Struct, frozen=True, forbid_unknown_fields=True):
    version: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_.-]{1,40}$")]
    valid_from: date
    limit_year: _Value[LimitYear]
    data_recovery_wait_months: _Value[Annotated[int, Meta(ge=0, le=120)]]
    data_recovery_causes: _Value[list[LossCause]]
    online_purchases_listed: _Value[bool]
    payment_fraud: _Value[PaymentFraud]
    antivirus: _Value[Antivirus]
    housemates: _Value[Housemates]
    limits: dict[Annotated[str, Meta(pattern=r"^[a-z_]{1,40}$")], _Limit]


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    product_page: Annotated[list[_Version], Meta(min_length=1)]
    later_page: Annotated[list[_Version], Meta(min_length=1)]


@lru_cache(maxsize=4)
def load_rules(path: Path) -> Rulebook:
    """Read the rules.

    Args:
        path: The file; a relative one is looked for from the root of the project.

    Raises:
        ContentError: It cannot be read or would decide wrongly; the message names the file and the line or the key.
    """
    full = PROJECT_ROOT / path
    try:
        file = msgspec.convert(read_yaml(full), _File)
    except msgspec.ValidationError as error:
        raise ContentError(f"{full}: {error}") from error
    except ContentError as error:
        # YAML tells what it found in several lines; an operator reads one.
        raise ContentError(" ".join(str(error).split())) from error
    versions = {Terms.PRODUCT_PAGE: file.product_page, Terms.LATER_PAGE: file.later_page}
    problem = next(_problems(versions), None)
    if problem is not None:
        raise ContentError(f"{full}: {problem}")
    return Rulebook({terms: tuple(_rules(each, terms) for each in found) for terms, found in versions.items()})


def _problems(versions: dict[Terms, list[_Version]]) -> Iterator[str]:
    names = [each.version for found in versions.values() for each in found]
    for terms, found in versions.items():
        days = [each.valid_from for each in found]
        if days != sorted(set(days)):
            yield f"the versions must be in order of `valid_from`, each with its own day - at `$.{terms}`"
        for index, each in enumerate(found):
            place = f"$.{terms}[{index}]"
            if names.count(each.version) > 1:
                yield f"the version {each.version} stands more than once - at `{place}.version`"
            yield from _limit_problems(each, f"{place}.limits")


def _limit_problems(version: _Version, place: str) -> Iterator[str]:
    limited: set[Incident] = set()
    for name, limit in version.limits.items():
        if limit.amount is None and limit.claims is None:
            yield f"a limit needs an amount, a number of claims, or both - at `{place}.{name}`"
        if limit.amount is not None and not (limit.amount.is_finite() and limit.amount > 0):
            yield f"an amount is a number of EUR above 0 - at `{place}.{name}.amount`"
        for incident in limit.incidents:
            if incident in limited:
                yield f"{incident} has a limit already - at `{place}.{name}.incidents`"
            limited.add(incident)


def _rules(version: _Version, terms: Terms) -> Rules:
    return Rules(
        version=version.version,
        terms=terms,
        valid_from=version.valid_from,
        limit_year=_setting(version.limit_year),
        data_recovery_wait_months=_setting(version.data_recovery_wait_months),
        data_recovery_causes=Setting(
            frozenset(version.data_recovery_causes.value), version.data_recovery_causes.source
        ),
        online_purchases_listed=_setting(version.online_purchases_listed),
        payment_fraud=_setting(version.payment_fraud),
        antivirus=_setting(version.antivirus),
        housemates=_setting(version.housemates),
        limits=tuple(
            LimitRule(name, frozenset(limit.incidents), limit.amount, limit.claims, limit.source)
            for name, limit in version.limits.items()
        ),
    )


def _setting(value: _Value[T]) -> Setting[T]:
    return Setting(value.value, value.source)
