"""`python -m claims.migrate`: bring the database to the newest schema."""

from __future__ import annotations

from claims.adapters.schema import upgrade
from claims.settings import PREFIX, Settings
from common.settings import read

if __name__ == "__main__":
    upgrade(read(Settings, PREFIX).database_url)
