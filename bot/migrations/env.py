"""Alembic's entry: runs the migrations on the engine `bot.migrate` hands over."""

from __future__ import annotations

from alembic import context

# Their tables are the log's too.
import bot.desk.tables
import bot.meta.tables  # noqa: F401
from bot.log.tables import metadata

with context.config.attributes["engine"].connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        # The services may share one PostgreSQL database; each keeps its own count.
        version_table="bot_alembic_version",
        render_as_batch=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
