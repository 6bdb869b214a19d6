"""The claims backend through the desk: with the staff's own session, so that its checks decide."""

from __future__ import annotations

import re

from sanic import HTTPResponse, Request, raw
from sqlalchemy import Connection

from bot.desk.audit import audit, audit_view
from bot.desk.backend import Answer
from bot.desk.desk import Desk
from bot.desk.guard import needs
from bot.desk.members import ANSWER, READ, Member
from bot.desk.sessions import COOKIE
from bot.webchat.rules import read_body
from common.errors import NotFound, Unauthorised

_REFERENCE = re.compile(r"CC-\d{4}-[A-Z0-9]{6}")
_EVIDENCE = re.compile(r"[A-Za-z0-9_-]{1,64}")


@needs(READ)
async def read_claim(request: Request, desk: Desk, member: Member, reference: str) -> HTTPResponse:
    """Everything about a claim: answers, both findings with their reasons, versions."""
    answer = await desk.backend.get(f"/v1/staff/claims/{_claim(reference)}", session_of(request, desk))
    await desk.read(_viewed, desk, member, "claim_read", f"claim:{reference}")
    return _handed_on(answer)


@needs(ANSWER)
async def move_claim(request: Request, desk: Desk, member: Member, reference: str) -> HTTPResponse:
    """Take a claim a step further; the customer hears of it from the backend."""
    path = f"/v1/staff/claims/{_claim(reference)}/transitions"
    answer = await desk.backend.post(path, session_of(request, desk), read_body(request.body, dict))
    await desk.read(_done, desk, member, "claim_moved", f"claim:{reference}")
    return _handed_on(answer)


@needs(READ)
async def list_evidence(request: Request, desk: Desk, member: Member, reference: str) -> HTTPResponse:
    """The evidence of a claim."""
    answer = await desk.backend.get(f"/v1/staff/claims/{_claim(reference)}/evidence", session_of(request, desk))
    return _handed_on(answer)


@needs(READ)
async def read_evidence(request: Request, desk: Desk, member: Member, evidence: str) -> HTTPResponse:
    """The safe copy of a file of evidence."""
    if not _EVIDENCE.fullmatch(evidence):
        raise NotFound("evidence_not_found", "There is no such file.")
    answer = await desk.backend.get(f"/v1/staff/evidence/{evidence}/content", session_of(request, desk))
    await desk.read(_viewed, desk, member, "evidence_read", f"evidence:{evidence}")
    shown = _handed_on(answer)
    # A file of a stranger: it is shown, never run, whatever it says of itself.
    shown.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return shown


def _claim(reference: str) -> str:
    if not _REFERENCE.fullmatch(reference):
        raise NotFound("claim_not_found", "There is no such claim.")
    return reference


def session_of(request: Request, desk: Desk) -> str:
    """The claims backend's session of whoever asks.

    Raises:
        Unauthorised: There is none.
    """
    session = desk.sessions.session_of(str(request.cookies.get(COOKIE) or ""))
    if session is None:
        raise Unauthorised("desk_session_invalid", "Sign in to the desk first.")
    return session


def _viewed(connection: Connection, desk: Desk, member: Member, action: str, subject: str) -> None:
    audit_view(connection, desk.settings.desk_secret, member, action, subject, desk.now())


def _done(connection: Connection, desk: Desk, member: Member, action: str, subject: str) -> None:
    audit(connection, desk.settings.desk_secret, member, action, subject, desk.now())


def _handed_on(answer: Answer) -> HTTPResponse:
    return raw(answer.body, status=answer.status, content_type=answer.content_type)
