"""Bodies of the figures and the export."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from claims.api.schemas import Body


class ExportQuery(Body, frozen=True):
    """Which claims: those submitted from `since` on, or all."""

    since: Annotated[datetime, Meta(tz=True)] | None = None


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
