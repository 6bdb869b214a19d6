"""Keeps the id of this database, which its store of evidence carries too."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select

from claims.adapters.tables import installation as table

_ONLY = 1


class Installation:
    """Reads the one row there is."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def database_id(self, new: str) -> str:
        """Read the id of this database; at first use `new` becomes it."""
        known = self._connection.execute(select(table.c.database_id)).scalar_one_or_none()
        if known is not None:
            return str(known)
        self._connection.execute(insert(table).values(number=_ONLY, database_id=new))
        return new
