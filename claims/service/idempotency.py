"""A request that may come twice has its effect once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from claims.adapters.idempotency import KeyRecord
from claims.domain.errors import IdempotencyKeyReused
from claims.service.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class KeyedRequest:
    """An Idempotency-Key with the hash of what was asked."""

    key: str
    body_hash: str


def keyed_request(key: str, operation: str, body: bytes) -> KeyedRequest:
    """Tie a key to an operation and its body."""
    return KeyedRequest(key, hashlib.sha256(operation.encode() + b"\0" + body).hexdigest())


def earlier_request(unit: UnitOfWork, policy_reference: str, request: KeyedRequest) -> KeyRecord | None:
    """Find the earlier request with the same key.

    Raises:
        IdempotencyKeyReused: That was a different request.
    """
    before = unit.keys.find(policy_reference, request.key)
    if before is not None and before.body_hash != request.body_hash:
        raise IdempotencyKeyReused
    return before
