"""Signing in and out as a member of staff, and one's own account."""

from __future__ import annotations

import asyncio

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import empty

from claims.api import staff_schemas
from claims.api.bodies import answer
from claims.api.operations import Operation, serve, services_of
from claims.domain.accounts import Account
from claims.domain.staff import PERMISSIONS, Permission, StaffMember
from claims.service import staff as service

blueprint = Blueprint("staff")

_SESSION = "x-staff-session"


@serve(
    blueprint,
    Operation(
        "POST",
        "/v1/staff/sessions",
        "Sign in with a password and a code of the authenticator; the session is shown this once.",
        body=staff_schemas.SignIn,
        answers={201: staff_schemas.OpenedStaffSession},
        errors={401: ("sign_in_failed",)},
    ),
)
async def sign_in(request: Request, body: staff_schemas.SignIn) -> HTTPResponse:
    """Open a session."""
    done = await asyncio.to_thread(service.sign_in, services_of(request), body.username, body.password, body.code)
    opened = staff_schemas.OpenedStaffSession(done.token, done.expires_at, member_view(done.account))
    return answer(opened, status=201)


@serve(
    blueprint,
    Operation(
        "DELETE",
        "/v1/staff/sessions/current",
        "Sign out.",
        answers={204: None},
        staff=Permission.OWN_ACCOUNT,
    ),
)
async def sign_out(request: Request, staff: StaffMember) -> HTTPResponse:
    """End the session of this call."""
    await asyncio.to_thread(service.sign_out, services_of(request), staff, request.headers[_SESSION])
    return empty()


@serve(
    blueprint,
    Operation(
        "GET",
        "/v1/staff/me",
        "Who is signed in, and what their role allows.",
        answers={200: staff_schemas.Member},
        staff=Permission.OWN_ACCOUNT,
    ),
)
async def read_own(request: Request, staff: StaffMember) -> HTTPResponse:
    """Show one's own account."""
    account = await asyncio.to_thread(service.own_account, services_of(request), staff)
    return answer(member_view(account))


@serve(
    blueprint,
    Operation(
        "PUT",
        "/v1/staff/me/password",
        "Change one's password; all one's other sessions end.",
        body=staff_schemas.PasswordChange,
        answers={204: None},
        errors={422: ("weak_password", "wrong_password")},
        staff=Permission.OWN_ACCOUNT,
    ),
)
async def change_password(request: Request, staff: StaffMember, body: staff_schemas.PasswordChange) -> HTTPResponse:
    """Change one's own password."""
    session = request.headers[_SESSION]
    arguments = (services_of(request), staff, session, body.password, body.new_password)
    await asyncio.to_thread(service.change_own_password, *arguments)
    return empty()


def member_view(account: Account) -> staff_schemas.Member:
    """Show a member of staff to themself."""
    return staff_schemas.Member(
        username=account.username,
        name=account.name,
        role=account.role,
        permissions=sorted(PERMISSIONS[account.role]),
        must_change_password=account.must_change_password,
    )
