"""The demo's staff, one for each role; everybody knows their passwords, so they only exist in demo mode."""

from __future__ import annotations

from dataclasses import dataclass, replace

from claims.domain.accounts import Account
from claims.domain.actors import Actor
from claims.domain.staff import Role
from claims.service.services import Services

PASSWORD = "cyber care demo 2026"  # noqa: S105 - printed for visitors
_ACTOR = Actor.system("demo")


@dataclass(frozen=True)
class DemoAccount:
    """One line of the table a visitor of the demo chooses from."""

    username: str
    name: str
    role: Role
    totp_secret: str


# Base 32 of twenty bytes, as RFC 4226 wants at least sixteen.
DEMO_STAFF = (
    DemoAccount("lies.agent", "Lies Claes", Role.AGENT, "MFTWK3TUMFTWK3TUMFTWK3TUMFTWK3TU"),
    DemoAccount("karim.handler", "Karim Benali", Role.HANDLER, "NBQW4ZDMMVZGQYLOMRWGK4TIMFXGI3DF"),
    DemoAccount("sofie.supervisor", "Sofie Wouters", Role.SUPERVISOR, "ON2XAZLSOZUXG33SON2XAZLSOZUXG33S"),
    DemoAccount("jean.admin", "Jean Lambert", Role.ADMIN, "MFSG22LOMFSG22LOMFSG22LOMFSG22LO"),
)


def load_staff(services: Services) -> int:
    """Make the demo accounts, or put those back that are not as they are printed.

    Returns:
        How many there are.
    """
    for shown in DEMO_STAFF:
        _load(services, shown)
    return len(DEMO_STAFF)


def _load(services: Services, shown: DemoAccount) -> None:
    now = services.now()
    with services.unit() as unit:
        before = unit.staff.find(shown.username)
    if before is not None and _as_printed(services, before, shown):
        return
    hashed, sealed = services.passwords.hash(PASSWORD), services.second_factor.seal(shown.totp_secret)
    fresh = Account(shown.username, shown.name, shown.role, hashed, sealed, now, must_change_password=False)
    with services.unit() as unit:
        if before is None:
            unit.staff.add(fresh)
        else:
            unit.staff.save(replace(fresh, created_at=before.created_at))
            unit.staff.revoke(shown.username, now)
        action = "staff_added" if before is None else "staff_reset"
        unit.audit.add(_ACTOR, action, f"staff:{shown.username}", now, role=shown.role.value)
        unit.commit()


def _as_printed(services: Services, account: Account, shown: DemoAccount) -> bool:
    return (
        (account.role, account.active, account.must_change_password) == (shown.role, True, False)
        and services.second_factor.seals(account.totp_secret, shown.totp_secret)
        and services.passwords.right(account.password_hash, PASSWORD)
    )


def table() -> str:
    """Write the demo accounts as a table."""
    rows = [("Username", "Role", "Password", "Secret of the authenticator")]
    rows += [(shown.username, shown.role.value, PASSWORD, shown.totp_secret) for shown in DEMO_STAFF]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
