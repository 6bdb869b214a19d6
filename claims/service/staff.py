"""Signing in, and who may do what."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from claims.domain.accounts import Account, StaffSession, check_password, read_username
from claims.domain.actors import Actor
from claims.domain.errors import (
    InvalidUsername,
    NotAllowed,
    PasswordChangeNeeded,
    SignInFailed,
    WeakPassword,
    WrongPassword,
)
from claims.domain.staff import Permission, StaffMember
from claims.service.services import Services
from claims.service.unit_of_work import UnitOfWork

# Writing at each call would make every read of a list wait for the database.
_NOTED_EVERY = timedelta(minutes=1)
_SIGN_IN = Actor.system("sign-in")


class SessionInvalid(Exception):
    """The session is missing, unknown, over or revoked."""


@dataclass(frozen=True)
class SignedIn:
    """What somebody gets who signed in; the token is shown this once."""

    token: str
    expires_at: datetime
    account: Account


def sign_in(services: Services, username: str, password: str, code: str) -> SignedIn:
    """Open a session for somebody who knows their password and holds their authenticator.

    Raises:
        SignInFailed: Something is wrong, an account is locked or not there: it looks and takes the same.
    """
    account = _find(services, username)
    right = services.passwords.right(account.password_hash if account else None, password)
    if account is None:
        _note_unknown(services)
        raise SignInFailed
    rehashed = services.passwords.hash(password) if right and _outdated(services, account) else None
    signed_in = None
    with services.unit() as unit:
        held = unit.staff.get(account.username)
        # A password that was changed in between was not the one that was checked.
        step = _step(services, held, code) if right and held.password_hash == account.password_hash else None
        if step is None:
            _note_failure(services, unit, held)
        else:
            proven = replace(held.proven(step), password_hash=rehashed or held.password_hash)
            signed_in = _begin(services, unit, proven)
        unit.commit()
    if signed_in is None:
        raise SignInFailed
    return signed_in


def allowed(services: Services, session: str, permission: Permission) -> StaffMember:
    """Find the member of staff of a session, if their role allows `permission`.

    Raises:
        SessionInvalid: There is no such session any more.
        PasswordChangeNeeded: Their password was made by somebody else, and must be changed first.
        NotAllowed: Their role does not allow it.
    """
    account = _in_session(services, session)
    if account.must_change_password and permission is not Permission.OWN_ACCOUNT:
        raise PasswordChangeNeeded
    if not account.member.may(permission):
        raise NotAllowed
    return account.member


def _in_session(services: Services, session: str) -> Account:
    """Find the account of a session, and note that the session is in use."""
    now = services.now()
    idle = timedelta(minutes=services.settings.staff_idle_minutes)
    with services.unit() as unit:
        found = unit.staff.session(token_hash(session))
        if found is None or not found.holds_at(now, idle):
            raise SessionInvalid
        account = unit.staff.find(found.username)
        if account is None or not account.active:
            raise SessionInvalid
        if now - found.used_at >= _NOTED_EVERY:
            unit.staff.used(found.token_hash, now)
            unit.commit()
    return account


def own_account(services: Services, member: StaffMember) -> Account:
    """Read the account of somebody who is signed in.

    Raises:
        StaffNotFound: There is none any more.
    """
    with services.unit() as unit:
        return unit.staff.get(member.username)


def sign_out(services: Services, member: StaffMember, session: str) -> None:
    """End a session."""
    now = services.now()
    with services.unit() as unit:
        unit.staff.revoke(member.username, now, only=token_hash(session))
        unit.audit.add(member.actor, "signed_out", f"staff:{member.username}", now)
        unit.commit()


def change_own_password(services: Services, member: StaffMember, session: str, password: str, new: str) -> None:
    """Change one's password; all one's other sessions end.

    Raises:
        WeakPassword: The new one is easy to guess, or the old one again.
        WrongPassword: The old one is wrong, or was wrong too often.
    """
    check_password(new, member.username)
    if new == password:
        raise WeakPassword(reason="unchanged")
    account = _find(services, member.username)
    right = services.passwords.right(account.password_hash if account else None, password)
    new_hash = services.passwords.hash(new)
    now = services.now()
    with services.unit() as unit:
        held = unit.staff.get(member.username)
        changed = right and account is not None and held.password_hash == account.password_hash
        changed = changed and not held.locked_at(now)
        if changed:
            unit.staff.save(replace(held.proven(), password_hash=new_hash, must_change_password=False))
            unit.staff.revoke(member.username, now, spare=token_hash(session))
            unit.audit.add(member.actor, "password_changed", f"staff:{member.username}", now)
        else:
            # Whoever found an open session must not find out the password with it.
            unit.staff.save(held.failed(now))
            unit.audit.add(member.actor, "password_change_failed", f"staff:{member.username}", now)
        unit.commit()
    if not changed:
        raise WrongPassword


def token_hash(session: str) -> str:
    """Hash a session token: whoever reads the database must not be able to use the sessions in it."""
    return hashlib.sha256(session.encode(errors="surrogateescape")).hexdigest()


def _find(services: Services, username: str) -> Account | None:
    try:
        readable = read_username(username)
    except InvalidUsername:
        return None
    with services.unit() as unit:
        return unit.staff.find(readable)


def _outdated(services: Services, account: Account) -> bool:
    return services.passwords.outdated(account.password_hash)


def _step(services: Services, account: Account, code: str) -> int | None:
    """The step of a code that may open a session now."""
    now = services.now()
    step = services.second_factor.step_of(account.totp_secret, code, now)
    if step is None or step <= account.totp_step or not account.active or account.locked_at(now):
        return None
    return step


def _begin(services: Services, unit: UnitOfWork, account: Account) -> SignedIn:
    now = services.now()
    token = services.ids.token()
    expires_at = now + timedelta(hours=services.settings.staff_session_hours)
    unit.staff.save(account)
    unit.staff.begin(StaffSession(token_hash(token), account.username, now, now, expires_at))
    unit.audit.add(account.member.actor, "signed_in", f"staff:{account.username}", now)
    return SignedIn(token, expires_at, account)


def _note_failure(services: Services, unit: UnitOfWork, account: Account) -> None:
    now = services.now()
    after = account.failed(now)
    unit.staff.save(after)
    locked = after.locked_at(now)
    unit.audit.add(_SIGN_IN, "sign_in_failed", f"staff:{account.username}", now, locked=locked)


def _note_unknown(services: Services) -> None:
    # Without what was typed: people type their password into the wrong field.
    with services.unit() as unit:
        unit.audit.add(_SIGN_IN, "sign_in_failed", "staff:unknown", services.now(), locked=False)
        unit.commit()
