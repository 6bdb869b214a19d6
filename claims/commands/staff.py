"""`python -m claims staff ...`: accounts, above all the first admin, whom nobody could add through the API."""

from __future__ import annotations

import argparse
from typing import Any

from claims.commands.groups import ACTOR, group
from claims.domain.accounts import Account
from claims.domain.staff import Role
from claims.service import accounts
from claims.service.accounts import Change, Credentials
from claims.service.services import Services


def add_to(groups: Any) -> None:
    """Add the commands of this group."""
    commands = group(groups, "staff", "Staff accounts.")
    adding = commands.add_parser("add", help="make an account; prints what the person needs to sign in, once")
    adding.add_argument("username")
    adding.add_argument("--name", required=True, type=_name, help="the person's name")
    adding.add_argument("--role", required=True, choices=[role.value for role in Role])
    adding.set_defaults(command=_add)
    commands.add_parser("list", help="list the accounts").set_defaults(command=_list)
    resetting = commands.add_parser("reset", help="new password and second factor; ends all sessions")
    resetting.add_argument("username")
    resetting.set_defaults(command=_reset)
    closing = commands.add_parser("deactivate", help="close an account; ends all sessions")
    closing.add_argument("username")
    closing.set_defaults(command=_deactivate)


def _name(text: str) -> str:
    name = text.strip()
    if not (1 <= len(name) <= 100 and name.isprintable()):
        raise argparse.ArgumentTypeError("a name has 1 to 100 printable characters")
    return name


def _add(services: Services, arguments: argparse.Namespace) -> int:
    return _hand_over(*accounts.add_account(services, ACTOR, arguments.username, arguments.name, Role(arguments.role)))


def _reset(services: Services, arguments: argparse.Namespace) -> int:
    return _hand_over(*accounts.reset_account(services, ACTOR, arguments.username))


def _deactivate(services: Services, arguments: argparse.Namespace) -> int:
    account = accounts.change_account(services, ACTOR, arguments.username, Change(active=False))
    print(f"{account.username} is closed and signed out everywhere")
    return 0


def _list(services: Services, _: argparse.Namespace) -> int:
    for account in reversed(accounts.list_accounts(services)):
        print("\t".join((account.username, account.role.value, _state(services, account), account.name)))
    return 0


def _state(services: Services, account: Account) -> str:
    if not account.active:
        return "closed"
    return "locked" if account.locked_at(services.now()) else "active"


def _hand_over(account: Account, credentials: Credentials) -> int:
    print(f"{account.username} ({account.role.value})")
    print(f"password for the first sign-in: {credentials.password}")
    print(f"second factor: {credentials.enrolment}")
    print("Both are shown only now. The password must be changed at the first sign-in.")
    return 0
