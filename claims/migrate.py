"""`python -m claims.migrate`: bring the database to the newest schema; with `--down REVISION`, back to an older one."""

from __future__ import annotations

import argparse

from claims.adapters.schema import downgrade, upgrade
from claims.settings import PREFIX, Settings
from common.settings import read


def main() -> None:
    """Go up or down."""
    parser = argparse.ArgumentParser(prog="python -m claims.migrate", description="Migrate the claims database.")
    parser.add_argument("--down", metavar="REVISION", help="go back to this revision, for example 0001 or base")
    wanted = parser.parse_args()
    database_url = read(Settings, PREFIX).database_url
    if wanted.down:
        downgrade(database_url, wanted.down)
    else:
        upgrade(database_url)


if __name__ == "__main__":
    main()
