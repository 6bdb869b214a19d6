"""Brings a database to the newest schema."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import event, make_url

from claims.settings import ROOT
from common.database import make_engine


def upgrade(database_url: str) -> None:
    """Create or upgrade the tables in the database at `database_url`; nothing happens when it is up to date."""
    prepare_folder(database_url)
    _run(command.upgrade, database_url, "head")


def downgrade(database_url: str, revision: str) -> None:
    """Go back to an older schema; what only the newer one can hold is lost."""
    _run(command.downgrade, database_url, revision)


def _run(step: Callable[[Config, str], None], database_url: str, revision: str) -> None:
    engine = make_engine(database_url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _let_tables_be_replaced)
    config = Config()
    config.set_main_option("script_location", str(ROOT / "claims" / "migrations"))
    config.set_main_option("path_separator", "os")
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            step(config, revision)
    finally:
        engine.dispose()


def _let_tables_be_replaced(connection: Any, _: Any) -> None:
    # SQLite changes a table by making another and dropping the first; with foreign keys on, dropping deletes the
    # rows that point at it.
    connection.execute("PRAGMA foreign_keys=OFF")


def prepare_folder(database_url: str) -> None:
    """Make the folder of an SQLite file, which SQLite itself does not."""
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
