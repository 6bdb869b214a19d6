"""Runs the revisions on the connection that `claims.adapters.schema.upgrade` opened."""

from __future__ import annotations

from alembic import context

from claims.adapters.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
