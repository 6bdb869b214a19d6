"""`python -m claims.demo`: load the demo policies and staff; with `--list`, only show them."""

from __future__ import annotations

import argparse
import sys

from claims.adapters.clock import belgian_day, utc_now
from claims.adapters.schema import upgrade
from claims.api.app import join
from claims.demo import staff
from claims.demo.policies import build, demo_policies
from claims.service.unit_of_work import UnitOfWork
from claims.settings import PREFIX, Settings
from common.database import make_engine
from common.settings import SettingsError, read


def load(settings: Settings) -> int:
    """Store the demo policies as they must be today, in place of those of an earlier start.

    Returns:
        How many there are.

    Raises:
        SettingsError: This is no demo installation: everybody knows these customers' dates of birth.
    """
    if not settings.demo:
        raise SettingsError("CLAIMS_DEMO is not set: demo policies are only loaded with CLAIMS_DEMO=true")
    upgrade(settings.database_url)
    engine = make_engine(settings.database_url)
    policies = build(belgian_day(utc_now()))
    try:
        with UnitOfWork(engine) as unit:
            for policy, past in policies:
                unit.policies.put(policy, past)
            unit.commit()
    finally:
        engine.dispose()
    return len(policies)


def load_staff(settings: Settings) -> int:
    """Make the demo accounts of staff, or put them back as they are printed.

    Returns:
        How many there are.

    Raises:
        SettingsError: This is no demo installation: everybody knows these passwords.
    """
    if not settings.demo:
        raise SettingsError("CLAIMS_DEMO is not set: demo accounts are only made with CLAIMS_DEMO=true")
    upgrade(settings.database_url)
    services = join(settings)
    try:
        return staff.load_staff(services)
    finally:
        services.engine.dispose()


def table() -> str:
    """Write the demo policies as a table."""
    rows = [("Policy", "Date of birth", "Language", "Name", "Shows")]
    rows += [(p.reference, p.date_of_birth.isoformat(), p.language, p.name, p.shows) for p in demo_policies()]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def main() -> None:
    """Load or list."""
    parser = argparse.ArgumentParser(prog="python -m claims.demo", description="Load the demo policies and staff.")
    parser.add_argument("--list", action="store_true", help="only print them")
    if parser.parse_args().list:
        print(table(), staff.table(), sep="\n\n")
        return
    try:
        settings = read(Settings, PREFIX)
        print(f"{load(settings)} demo policies loaded")
        print(f"{load_staff(settings)} demo staff accounts loaded")
    except SettingsError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
