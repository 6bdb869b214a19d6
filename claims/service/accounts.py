"""Making and changing staff accounts, and ending their sessions."""

from __future__ import annotations

from dataclasses import dataclass, replace

from claims.adapters.places import Place
from claims.adapters.second_factor import enrolment
from claims.domain.accounts import Account, read_username
from claims.domain.actors import Actor
from claims.domain.errors import InvalidUsername, LastAdmin, StaffNotFound, UsernameTaken
from claims.domain.staff import Role
from claims.service.services import Services


@dataclass(frozen=True)
class Credentials:
    """What a person needs to sign in the first time; it is shown once and kept nowhere.

    Attributes:
        password: For one sign-in: it must be changed before anything else.
        enrolment: The otpauth:// address with the secret of the second factor.
    """

    password: str
    enrolment: str


@dataclass(frozen=True)
class Change:
    """What becomes of an account; None leaves it as it is."""

    name: str | None = None
    role: Role | None = None
    active: bool | None = None

    def of(self, account: Account) -> Account:
        """Apply it."""
        return replace(account, **{key: value for key, value in vars(self).items() if value is not None})


def list_accounts(services: Services, place: Place | None = None, limit: int | None = None) -> list[Account]:
    """List the accounts, the newest first."""
    with services.unit() as unit:
        return unit.staff.all(place, limit)


def add_account(services: Services, actor: Actor, username: str, name: str, role: Role) -> tuple[Account, Credentials]:
    """Make an account.

    Raises:
        InvalidUsername: The username does not look like one.
        UsernameTaken: There is an account of this name, perhaps one that is not active any more.
    """
    now, username = services.now(), read_username(username)
    password, totp_secret = services.ids.password(), services.ids.totp_secret()
    hashed, sealed = services.passwords.hash(password), services.second_factor.seal(totp_secret)
    account = Account(username, name, role, hashed, sealed, created_at=now)
    with services.unit() as unit:
        if unit.staff.find(username) is not None:
            raise UsernameTaken
        unit.staff.add(account)
        unit.audit.add(actor, "staff_added", f"staff:{username}", now, role=role.value)
        unit.commit()
    return account, Credentials(password, enrolment(username, totp_secret))


def change_account(services: Services, actor: Actor, username: str, change: Change) -> Account:
    """Change the name or the role of an account, or let it sign in no longer or again.

    Raises:
        StaffNotFound: There is no such account.
        LastAdmin: Nobody who can manage accounts would be left.
    """
    now, username = services.now(), _known(username)
    with services.unit() as unit:
        admins = unit.staff.active_admins()
        before = unit.staff.get(username)
        after = change.of(before)
        if admins == {username} and not (after.active and after.role is Role.ADMIN):
            raise LastAdmin
        unit.staff.save(after)
        if (after.role, after.active) != (before.role, before.active):
            unit.staff.revoke(username, now)
        details = {"role": after.role.value, "active": after.active, "renamed": after.name != before.name}
        unit.audit.add(actor, "staff_changed", f"staff:{username}", now, **details)
        unit.commit()
    return after


def reset_account(services: Services, actor: Actor, username: str) -> tuple[Account, Credentials]:
    """Give an account a new password and a new second factor, and open it if it was locked.

    Raises:
        StaffNotFound: There is no such account.
    """
    now, username = services.now(), _known(username)
    password, totp_secret = services.ids.password(), services.ids.totp_secret()
    hashed, sealed = services.passwords.hash(password), services.second_factor.seal(totp_secret)
    with services.unit() as unit:
        account = unit.staff.get(username).proven(step=0)
        account = replace(account, password_hash=hashed, totp_secret=sealed, must_change_password=True)
        unit.staff.save(account)
        unit.staff.revoke(username, now)
        unit.audit.add(actor, "staff_reset", f"staff:{username}", now)
        unit.commit()
    return account, Credentials(password, enrolment(username, totp_secret))


def revoke_sessions(services: Services, actor: Actor, username: str) -> int:
    """End all sessions of an account.

    Returns:
        How many there were.

    Raises:
        StaffNotFound: There is no such account.
    """
    now, username = services.now(), _known(username)
    with services.unit() as unit:
        unit.staff.get(username)
        ended = unit.staff.revoke(username, now)
        unit.audit.add(actor, "sessions_revoked", f"staff:{username}", now, sessions=ended)
        unit.commit()
    return ended


def _known(username: str) -> str:
    try:
        return read_username(username)
    except InvalidUsername:
        raise StaffNotFound from None
