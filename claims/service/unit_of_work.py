"""One transaction around a use case: everything or nothing, and nothing unless it says commit."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from claims.adapters.challenges import Challenges
from claims.adapters.claims import Claims
from claims.adapters.drafts import Drafts
from claims.adapters.errors import ConcurrentWrite
from claims.adapters.idempotency import IdempotencyKeys
from claims.adapters.policies import Policies

T = TypeVar("T")

_ATTEMPTS = 5


class UnitOfWork:
    """The repositories on one connection, rolled back on leaving unless committed.

    Raises:
        ConcurrentWrite: On leaving, when a unique constraint says that somebody else was first.
    """

    policies: Policies
    challenges: Challenges
    drafts: Drafts
    claims: Claims
    keys: IdempotencyKeys

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __enter__(self) -> UnitOfWork:
        self._connection = self._engine.connect()
        self._transaction = self._connection.begin()
        self.policies = Policies(self._connection)
        self.challenges = Challenges(self._connection)
        self.drafts = Drafts(self._connection)
        self.claims = Claims(self._connection)
        self.keys = IdempotencyKeys(self._connection)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._transaction.is_active:
            self._transaction.rollback()
        self._connection.close()
        if isinstance(error, IntegrityError):
            raise ConcurrentWrite from error

    def commit(self) -> None:
        """Keep what was written."""
        self._transaction.commit()


def again_when_beaten(work: Callable[[], T]) -> T:
    """Do `work` again when somebody else wrote the same thing first; the second look sees what they wrote.

    Raises:
        ConcurrentWrite: It happened too many times in a row.
    """
    for _ in range(_ATTEMPTS - 1):
        try:
            return work()
        except ConcurrentWrite:
            continue
    return work()
