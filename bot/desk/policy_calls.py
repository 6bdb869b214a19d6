"""The policy of a customer who proved who they are, through the desk: only that one, and with the staff's own session.

There is no call for a policy by its reference here: the conversation says which one may be read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import structlog
from sanic import HTTPResponse, Request, json
from sqlalchemy import Connection

from bot.desk.audit import audit_view
from bot.desk.backend import BackendRefused
from bot.desk.claim_calls import session_of
from bot.desk.desk import Desk
from bot.desk.guard import needs
from bot.desk.members import READ, Member
from bot.desk.state import standing
from common.errors import NotFound, Unavailable

_FINDINGS = ("looks_covered", "needs_review", "looks_not_covered")


@dataclass(frozen=True)
class Case:
    """What the dialogue knows that the backend can be asked about.

    Attributes:
        policy: The reference.
        incident: Of the intake whose cover was checked; None if none was.
        answers: Of that intake.
    """

    policy: str
    incident: str | None
    answers: dict[str, str]

    @property
    def address(self) -> str:
        """Where the backend has the policy."""
        return f"/v1/staff/policies/{quote(self.policy, safe='')}"


@needs(READ)
async def read_policy(request: Request, desk: Desk, member: Member, conversation: str) -> HTTPResponse:
    """The policy, and why the incident of the present intake looks covered or not, if that was checked."""
    case = case_of((await desk.read(standing, conversation)).knows)
    if case is None:
        raise NotFound("policy_not_known", "The customer of this conversation has not proved who they are.")
    session = session_of(request, desk)
    policy = await desk.backend.read_json("GET", case.address, session)
    finding = await _finding(desk, session, case)
    await desk.read(_viewed, desk, member, f"policy:{case.policy}")
    return json({"policy": policy, "finding": finding})


def case_of(knows: dict[str, Any] | None) -> Case | None:
    """What can be asked of a conversation; None while nobody proved who they are."""
    known = knows or {}
    reference = known.get("policy")
    if not known.get("identified") or not isinstance(reference, str):
        return None
    checked = known.get("finding") in _FINDINGS
    answers = {name: value for name, value in (known.get("answers") or {}).items() if isinstance(value, str)}
    return Case(reference, known.get("incident") if checked else None, answers)


async def _finding(desk: Desk, session: str, case: Case) -> dict[str, Any] | None:
    """The reasons; without them the policy is still worth reading."""
    if case.incident is None:
        return None
    try:
        body = {"incident": case.incident, "facts": case.answers}
        return await desk.backend.read_json("POST", f"{case.address}/eligibility", session, body)
    except (BackendRefused, Unavailable) as error:
        structlog.get_logger().warning("desk.finding_unavailable", code=error.code)
        return None


def _viewed(connection: Connection, desk: Desk, member: Member, subject: str) -> None:
    audit_view(connection, desk.settings.desk_secret, member, "policy_read", subject, desk.now())
