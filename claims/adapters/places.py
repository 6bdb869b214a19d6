"""Reading a list in parts: each part goes on below the last row of the one before, whatever came on top since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_


@dataclass(frozen=True)
class Place:
    """The last row of a part: its moment, and its id for rows of the same moment."""

    moment: datetime
    id: str


def newest_first(
    query: Select[Any], moment: ColumnElement[datetime], id: ColumnElement[str], place: Place | None, limit: int | None
) -> Select[Any]:
    """Order by `moment`, the newest first, and go on below `place`."""
    if place is not None:
        query = query.where(or_(moment < place.moment, and_(moment == place.moment, id > place.id)))
    return query.order_by(moment.desc(), id).limit(limit)
