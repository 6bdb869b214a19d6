"""Bodies of the figures and the export."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from claims.api.schemas import Body

_Moment = Annotated[datetime, Meta(tz=True)]


class ExportQuery(Body, frozen=True):
    """Which claims: those submitted from `since` on, or all."""

    since: Annotated[str, Meta(extra_json_schema={"format": "date-time"})] | UnsetType = UNSET

    def __post_init__(self) -> None:
        self.moment()

    def moment(self) -> datetime | None:
        """Read `since`; None for all.

        As a datetime in the struct it could also be a number: those of a query are text, and so read leniently.

        Raises:
            msgspec.ValidationError: It is no moment with a time zone.
        """
        return None if self.since is UNSET else msgspec.convert(self.since, _Moment)


class AgeGroup(Struct, frozen=True):
    from_days: int
    to_days: int | None
    claims: int


class Figures(Struct, frozen=True):
    by_status: dict[str, int]
    open_by_age: list[AgeGroup]
    decided: int
    median_hours: float | None
    slowest_tenth_hours: float | None
