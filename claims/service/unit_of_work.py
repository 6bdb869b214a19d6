"""One transaction around a use case: everything or nothing, and nothing unless it says commit."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError, OperationalError

from claims.adapters.audit import Audit
from claims.adapters.challenges import Challenges
from claims.adapters.claim_search import ClaimSearch
from claims.adapters.claims import Claims
from claims.adapters.drafts import Drafts
from claims.adapters.errors import ConcurrentWrite
from claims.adapters.evidence import EvidenceRecords
from claims.adapters.figures import FigureRows
from claims.adapters.held_evidence import HeldRecords
from claims.adapters.idempotency import IdempotencyKeys
from claims.adapters.identity_tokens import UsedTokens
from claims.adapters.installation import Installation
from claims.adapters.outbox import Outbox
from claims.adapters.policies import Policies
from claims.adapters.policy_copies import PolicyCopies
from claims.adapters.staff import Staff

T = TypeVar("T")

_ATTEMPTS = 5


class UnitOfWork:
    """The repositories on one connection, rolled back on leaving unless committed.

    Raises:
        ConcurrentWrite: On leaving, when a unique constraint says that somebody else was first, or the database ended
            one of two that waited for each other.
    """

    policies: Policies
    policy_copies: PolicyCopies
    used_tokens: UsedTokens
    challenges: Challenges
    drafts: Drafts
    claims: Claims
    search: ClaimSearch
    keys: IdempotencyKeys
    evidence: EvidenceRecords
    held: HeldRecords
    audit: Audit
    outbox: Outbox
    staff: Staff
    figures: FigureRows
    installation: Installation

    def __init__(
        self, engine: Engine, audit_secret: str = "", outbox_filled: Callable[[], None] = lambda: None
    ) -> None:
        self._engine, self._audit_secret, self._outbox_filled = engine, audit_secret, outbox_filled

    def __enter__(self) -> UnitOfWork:
        self._connection = self._engine.connect()
        self._transaction = self._connection.begin()
        self.policies = Policies(self._connection)
        self.policy_copies = PolicyCopies(self._connection)
        self.used_tokens = UsedTokens(self._connection)
        self.challenges = Challenges(self._connection)
        self.drafts = Drafts(self._connection)
        self.claims = Claims(self._connection)
        self.search = ClaimSearch(self._connection)
        self.keys = IdempotencyKeys(self._connection)
        self.evidence = EvidenceRecords(self._connection)
        self.held = HeldRecords(self._connection)
        self.audit = Audit(self._connection, self._audit_secret)
        self.outbox = Outbox(self._connection)
        self.staff = Staff(self._connection)
        self.figures = FigureRows(self._connection)
        self.installation = Installation(self._connection)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._transaction.is_active:
            self._transaction.rollback()
        self._connection.close()
        if isinstance(error, IntegrityError) or _deadlock(error):
            raise ConcurrentWrite from error

    def commit(self) -> None:
        """Keep what was written."""
        self._transaction.commit()
        if self.outbox.filled:
            self._outbox_filled()


def _deadlock(error: BaseException | None) -> bool:
    # As PostgreSQL numbers it.
    return isinstance(error, OperationalError) and getattr(error.orig, "sqlstate", None) == "40P01"


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
