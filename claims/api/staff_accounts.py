"""Making and changing staff accounts, for admins."""

from __future__ import annotations

import asyncio
from typing import TypeVar

from msgspec import UnsetType
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import empty

from claims.adapters.places import Place
from claims.api import schemas, staff_schemas
from claims.api.bodies import answer
from claims.api.operations import Operation, serve, services_of
from claims.api.paging import part, place_of
from claims.domain.accounts import Account
from claims.domain.staff import Permission, StaffMember
from claims.service import accounts

blueprint = Blueprint("staff_accounts")

T = TypeVar("T")

_ACCOUNT = "/v1/staff/accounts/<username:str>"


@serve(
    blueprint,
    Operation(
        "GET",
        "/v1/staff/accounts",
        "The staff accounts, the newest first.",
        query=schemas.Page,
        answers={200: staff_schemas.StaffAccountList},
        staff=Permission.MANAGE_STAFF,
    ),
)
async def list_accounts(request: Request, staff: StaffMember, query: schemas.Page) -> HTTPResponse:
    """List accounts."""
    found = await asyncio.to_thread(
        accounts.list_accounts, services_of(request), place_of(query.after), query.limit + 1
    )
    shown, following = part(found, query.limit, lambda row: Place(row.created_at, row.username))
    return answer(staff_schemas.StaffAccountList([_view(account) for account in shown], following))


@serve(
    blueprint,
    Operation(
        "POST",
        "/v1/staff/accounts",
        "Make an account; the password for the first sign-in and the second factor are shown this once.",
        body=staff_schemas.NewStaffAccount,
        answers={201: staff_schemas.NewCredentials},
        errors={409: ("username_taken",), 422: ("invalid_username",)},
        staff=Permission.MANAGE_STAFF,
    ),
)
async def add(request: Request, staff: StaffMember, body: staff_schemas.NewStaffAccount) -> HTTPResponse:
    """Make an account."""
    arguments = (services_of(request), staff.actor, body.username, body.name, body.role)
    return _credentials(*await asyncio.to_thread(accounts.add_account, *arguments), status=201)


@serve(
    blueprint,
    Operation(
        "PATCH",
        _ACCOUNT,
        "Change the name or the role of an account, or close or open it; a new role or a closed account ends its "
        "sessions.",
        body=staff_schemas.StaffAccountChange,
        answers={200: staff_schemas.StaffAccount},
        errors={404: ("staff_not_found",), 409: ("last_admin",)},
        staff=Permission.MANAGE_STAFF,
    ),
)
async def change(
    request: Request, username: str, staff: StaffMember, body: staff_schemas.StaffAccountChange
) -> HTTPResponse:
    """Change an account."""
    wanted = accounts.Change(_given(body.name), _given(body.role), _given(body.active))
    account = await asyncio.to_thread(accounts.change_account, services_of(request), staff.actor, username, wanted)
    return answer(_view(account))


@serve(
    blueprint,
    Operation(
        "POST",
        f"{_ACCOUNT}/credentials",
        "Give an account a new password and a new second factor, shown this once; its sessions end.",
        answers={201: staff_schemas.NewCredentials},
        errors={404: ("staff_not_found",)},
        staff=Permission.MANAGE_STAFF,
    ),
)
async def reset(request: Request, username: str, staff: StaffMember) -> HTTPResponse:
    """Reset an account."""
    made = await asyncio.to_thread(accounts.reset_account, services_of(request), staff.actor, username)
    return _credentials(*made, status=201)


@serve(
    blueprint,
    Operation(
        "DELETE",
        f"{_ACCOUNT}/sessions",
        "End all sessions of an account.",
        answers={204: None},
        errors={404: ("staff_not_found",)},
        staff=Permission.MANAGE_STAFF,
    ),
)
async def revoke(request: Request, username: str, staff: StaffMember) -> HTTPResponse:
    """End sessions."""
    await asyncio.to_thread(accounts.revoke_sessions, services_of(request), staff.actor, username)
    return empty()


def _credentials(account: Account, made: accounts.Credentials, *, status: int) -> HTTPResponse:
    return answer(staff_schemas.NewCredentials(_view(account), made.password, made.enrolment), status=status)


def _given(value: T | UnsetType) -> T | None:
    return None if isinstance(value, UnsetType) else value


def _view(account: Account) -> staff_schemas.StaffAccount:
    return staff_schemas.StaffAccount(
        username=account.username,
        name=account.name,
        role=account.role,
        active=account.active,
        locked_until=account.locked_until,
        must_change_password=account.must_change_password,
        created_at=account.created_at,
    )
