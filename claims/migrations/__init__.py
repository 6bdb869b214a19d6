"""Alembic revisions of the claims database."""
