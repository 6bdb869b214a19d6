"""Brings a database to the newest schema."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import make_url

from claims.settings import ROOT
from common.database import make_engine


def upgrade(database_url: str) -> None:
    """Create or upgrade the tables in the database at `database_url`; nothing happens when it is up to date."""
    prepare_folder(database_url)
    engine = make_engine(database_url)
    config = Config()
    config.set_main_option("script_location", str(ROOT / "claims" / "migrations"))
    config.set_main_option("path_separator", "os")
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()


def prepare_folder(database_url: str) -> None:
    """Make the folder of an SQLite file, which SQLite itself does not."""
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
