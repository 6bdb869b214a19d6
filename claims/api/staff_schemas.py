"""The bodies of the calls about staff: signing in, accounts, and the audit trail."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

from claims.api.schemas import Body, Page
from claims.domain.accounts import PASSWORD_MAX
from claims.domain.staff import Permission, Role

Typed = Annotated[str, Meta(min_length=1, max_length=PASSWORD_MAX)]
Username = Annotated[str, Meta(min_length=1, max_length=64)]
# One line: names end up in lists and in files.
PersonName = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+(?!\n)$")]
# Sanic leaves out parameters without a value, so an empty one can only mean: not filtered.
Filter = Annotated[str, Meta(max_length=100, pattern=r"^[^\x00]*$")]


class SignIn(Body, frozen=True):
    username: Username
    password: Typed
    code: Annotated[str, Meta(min_length=1, max_length=20)]


class PasswordChange(Body, frozen=True):
    password: Typed
    # Longer than will do, so that the answer can say how long it may be.
    new_password: Annotated[str, Meta(min_length=1, max_length=4 * PASSWORD_MAX)]


class NewStaffAccount(Body, frozen=True):
    username: Username
    name: PersonName
    role: Role


class StaffAccountChange(Body, frozen=True):
    name: PersonName | UnsetType = UNSET
    role: Role | UnsetType = UNSET
    active: bool | UnsetType = UNSET


class AuditQuery(Page, frozen=True, kw_only=True):
    subject: Filter = ""
    actor: Filter = ""


class Member(Struct, frozen=True):
    username: str
    name: str
    role: Role
    permissions: list[Permission]
    must_change_password: bool


class OpenedStaffSession(Struct, frozen=True):
    session: str
    expires_at: datetime
    member: Member


class StaffAccount(Struct, frozen=True):
    username: str
    name: str
    role: Role
    active: bool
    locked_until: datetime | None
    must_change_password: bool
    created_at: datetime


class StaffAccountList(Struct, frozen=True):
    accounts: list[StaffAccount]
    next: str | None


class NewCredentials(Struct, frozen=True):
    """Shown once."""

    account: StaffAccount
    initial_password: str
    second_factor_uri: str


class AuditEntry(Struct, frozen=True):
    number: int
    at: datetime
    actor: str
    action: str
    subject: str
    details: dict[str, Any]
    hash: str


class AuditList(Struct, frozen=True):
    entries: list[AuditEntry]
    next: str | None
