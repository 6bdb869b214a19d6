"""Submissions wait here while the claims backend is down: nothing a customer confirmed is lost.

A submission is stored before it is sent and removed after it was accepted; sending is idempotent (the draft's key
and id), so a crash in between repeats it harmlessly.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from typing import Any

import structlog
from sqlalchemy import Engine, text

from actions.claims_client import ClaimsClient, ClaimsError, ClaimsUnavailable

log = structlog.get_logger()

_SCHEMA = """
CREATE TABLE IF NOT EXISTS submissions (
    key VARCHAR(64) PRIMARY KEY,
    body TEXT NOT NULL,
    put_at DOUBLE PRECISION NOT NULL,
    refused VARCHAR(64)
)
"""


class NotTold(Exception):
    """A claim has arrived, but its conversation could not be told yet."""


@dataclass(frozen=True)
class Submission:
    """A claim the customer confirmed, with all that is needed to send it."""

    key: str
    conversation: str
    language: str
    token: str
    policy_reference: str
    incident: str
    answers: dict[str, Any]
    draft: dict[str, Any] | None = None

    @property
    def provisional(self) -> str:
        """What the customer can quote until the real reference is there."""
        return f"P-{self.key[:8].upper()}"


async def deliver(claims: ClaimsClient, submission: Submission) -> dict[str, Any]:
    """Send a submission: the draft, its answers, the claim.

    Returns:
        The claim with its `reference`.

    Raises:
        ClaimsUnavailable: Try again later.
        ClaimsError: The backend refuses it; a person has to look.
    """
    draft, token = submission.draft, submission.token
    if draft is None:
        body = {
            "policy_reference": submission.policy_reference,
            "incident": submission.incident,
            "conversation": submission.conversation,
            "language": submission.language,
        }
        draft = await claims.create_draft(token, submission.key, body)
    try:
        draft = await claims.save_draft(token, draft["id"], draft["version"], submission.answers)
    except ClaimsError as error:
        # It arrived before, only the answer got lost: the same claim comes back below.
        if error.code != "already_submitted":
            raise
    return await claims.submit(token, draft["id"], draft["version"])


class Outbox:
    """The durable list of submissions, and the loop that sends them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        # Being sent by whoever put them here: the loop must not send them too, and tell the customer twice.
        self._in_hand: set[str] = set()
        with engine.begin() as connection:
            connection.execute(text(_SCHEMA))

    async def put(self, submission: Submission) -> None:
        """Store a submission; the same key again changes nothing. It is in hand until `leave`."""
        self._in_hand.add(submission.key)
        await asyncio.to_thread(self._put, submission)

    def leave(self, key: str) -> None:
        """Whoever put a submission here is done: if it still waits, the loop sends it."""
        self._in_hand.discard(key)

    async def pending(self) -> list[Submission]:
        """The submissions that are not sent and not refused."""
        return await asyncio.to_thread(self._pending)

    async def remove(self, key: str) -> None:
        """Forget a submission that has arrived."""
        await asyncio.to_thread(self._execute, "DELETE FROM submissions WHERE key = :key", key=key)

    async def refuse(self, key: str, code: str) -> None:
        """Keep a submission the backend refuses, for a person to look at."""
        statement = "UPDATE submissions SET refused = :code WHERE key = :key"
        await asyncio.to_thread(self._execute, statement, key=key, code=code[:64])

    async def send_pending(
        self, claims: ClaimsClient, tell: Callable[[Submission, dict[str, Any]], Awaitable[None]]
    ) -> None:
        """Send what waits, oldest first; tell the customer of each claim that arrived."""
        in_hand = set(self._in_hand)
        waiting = await self.pending()
        in_hand |= self._in_hand
        for submission in waiting:
            if submission.key in in_hand:
                continue
            try:
                await tell(submission, await deliver(claims, submission))
            except ClaimsUnavailable:
                return
            except NotTold as error:
                # It has arrived; the next round gets the same claim back and tells the customer then.
                log.warning("outbox.customer_not_told", reason=str(error))
                continue
            except ClaimsError as error:
                log.error("outbox.refused", code=error.code, draft=(submission.draft or {}).get("id"))
                await self.refuse(submission.key, error.code)
                continue
            await self.remove(submission.key)

    def _put(self, submission: Submission) -> None:
        self._execute(
            "INSERT INTO submissions (key, body, put_at) VALUES (:key, :body, :put_at) ON CONFLICT (key) DO NOTHING",
            key=submission.key,
            body=json.dumps(asdict(submission)),
            put_at=time.time(),
        )

    def _pending(self) -> list[Submission]:
        with self._engine.begin() as connection:
            rows = connection.execute(text("SELECT body FROM submissions WHERE refused IS NULL ORDER BY put_at"))
            return [Submission(**json.loads(row.body)) for row in rows]

    def _execute(self, statement: str, **values: Any) -> None:
        with self._engine.begin() as connection:
            connection.execute(text(statement), values)
