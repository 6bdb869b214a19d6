"""Keeps staff accounts and their sessions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select, update

from claims.adapters.places import Place, newest_first
from claims.adapters.tables import staff as table
from claims.adapters.tables import staff_sessions as sessions
from claims.domain.accounts import Account, StaffSession
from claims.domain.errors import StaffNotFound
from claims.domain.staff import Role


class Staff:
    """Reads and writes accounts and sessions."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, username: str) -> Account | None:
        """Read an account, if there is one."""
        row = self._connection.execute(select(table).where(table.c.username == username)).mappings().one_or_none()
        return None if row is None else _account(row)

    def held(self, username: str) -> Account | None:
        """Read an account, if there is one, and hold it until the unit of work ends."""
        query = select(table).where(table.c.username == username).with_for_update()
        row = self._connection.execute(query).mappings().one_or_none()
        return None if row is None else _account(row)

    def get(self, username: str) -> Account:
        """Read an account and hold it until the unit of work ends.

        Raises:
            StaffNotFound: There is none.
        """
        account = self.held(username)
        if account is None:
            raise StaffNotFound
        return account

    def active_admins(self) -> set[str]:
        """Name the admins who can sign in, and hold them: two of them must not remove each other at once."""
        query = select(table.c.username).where(table.c.role == Role.ADMIN.value, table.c.active)
        return set(self._connection.execute(query.order_by(table.c.username).with_for_update()).scalars())

    def all(self, place: Place | None = None, limit: int | None = None) -> list[Account]:
        """List the accounts, the newest first, from below `place` on."""
        query = newest_first(select(table), table.c.created_at, table.c.username, place, limit)
        return [_account(row) for row in self._connection.execute(query).mappings()]

    def add(self, account: Account) -> None:
        """Store a new account."""
        self._connection.execute(insert(table).values(_values(account)))

    def save(self, account: Account) -> None:
        """Store a changed account."""
        changed = update(table).where(table.c.username == account.username)
        self._connection.execute(changed.values(_values(account)))

    def begin(self, session: StaffSession) -> None:
        """Store a new session."""
        self._connection.execute(insert(sessions).values(vars(session)))

    def session(self, token_hash: str) -> StaffSession | None:
        """Read a session, if there is one."""
        query = select(sessions).where(sessions.c.token_hash == token_hash)
        row = self._connection.execute(query).mappings().one_or_none()
        return None if row is None else StaffSession(**row)

    def used(self, token_hash: str, now: datetime) -> None:
        """Note that a session is in use."""
        self._connection.execute(update(sessions).where(sessions.c.token_hash == token_hash).values(used_at=now))

    def revoke(self, username: str, now: datetime, *, only: str | None = None, spare: str | None = None) -> int:
        """End sessions of an account.

        Args:
            username: Whose.
            now: When.
            only: The hash of the one to end; all when not given.
            spare: The hash of one that goes on.

        Returns:
            How many were ended.
        """
        ended = update(sessions).where(sessions.c.username == username, sessions.c.revoked_at.is_(None))
        if only is not None:
            ended = ended.where(sessions.c.token_hash == only)
        if spare is not None:
            ended = ended.where(sessions.c.token_hash != spare)
        return self._connection.execute(ended.values(revoked_at=now)).rowcount


def _account(row: RowMapping) -> Account:
    values = dict(row)
    return Account(**{**values, "role": Role(values["role"])})


def _values(account: Account) -> dict[str, Any]:
    return {**vars(account), "role": account.role.value}
