"""Brings the conversation log's schema up to date: `python -m bot.migrate`."""

from __future__ import annotations

import os
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, make_url

from bot.settings import DEFAULT_DATABASE
from common.database import make_engine


def open_database(url: str) -> Engine:
    """Make the engine; a SQLite file gets its folder."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite" and address.database:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    return make_engine(url)


def upgrade(engine: Engine) -> None:
    """Run the migrations that are still to run."""
    command.upgrade(_config(engine), "head")


def is_current(engine: Engine) -> bool:
    """Whether no migration is still to run."""
    head = ScriptDirectory.from_config(_config(engine)).get_current_head()
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": "bot_alembic_version"})
        return context.get_current_revision() == head


def _config(engine: Engine) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["engine"] = engine
    return config


if __name__ == "__main__":
    # Only the address is needed here; the service's secrets are not.
    upgrade(open_database(os.environ.get("BOT_DATABASE_URL") or DEFAULT_DATABASE))
    print("The conversation log is up to date.")
