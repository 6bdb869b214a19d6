"""Keeps identity challenges; the codes themselves are never stored."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, text, update

from claims.adapters.tables import identity_challenges as table
from claims.domain.errors import ChallengeNotFound
from claims.domain.identity import Challenge


class Challenges:
    """Reads and writes identity challenges."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, challenge_id: str) -> Challenge:
        """Read a challenge and hold it until the unit of work ends, so that tries are counted one by one.

        Raises:
            ChallengeNotFound: There is none.
        """
        query = select(table).where(table.c.id == challenge_id).with_for_update()
        row = self._connection.execute(query).mappings().one_or_none()
        if row is None:
            raise ChallengeNotFound
        return Challenge(**row)

    def add(self, challenge: Challenge) -> None:
        """Store a new challenge."""
        self._connection.execute(insert(table).values(asdict(challenge)))

    def save(self, challenge: Challenge) -> None:
        """Store what became of a challenge."""
        self._connection.execute(update(table).where(table.c.id == challenge.id).values(asdict(challenge)))

    def count_since(self, policy_reference: str, moment: datetime) -> int:
        """Count the codes asked for a reference after `moment`, with requests for it waiting for one another."""
        self._wait_for_others(policy_reference)
        query = select(func.count()).where(table.c.policy_reference == policy_reference, table.c.created_at > moment)
        return int(self._connection.execute(query).scalar_one())

    def count_to_address(self, address_hash: str, moment: datetime) -> int:
        """Count the codes mailed to an address after `moment`, whatever the policy, likewise one after another."""
        self._wait_for_others(address_hash)
        query = select(func.count()).where(table.c.address_hash == address_hash, table.c.created_at > moment)
        return int(self._connection.execute(query).scalar_one())

    def forget_before(self, moment: datetime) -> None:
        """Delete challenges nobody needs any more."""
        self._connection.execute(delete(table).where(table.c.created_at < moment))

    def _wait_for_others(self, name: str) -> None:
        if self._connection.dialect.name == "postgresql":
            lock = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
            self._connection.execute(lock, {"name": name})
