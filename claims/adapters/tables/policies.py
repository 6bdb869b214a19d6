"""Policies, the people on them, their periods and payments, and what was handled for them before."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Integer, String, Table

from claims.adapters.tables.base import Moment, metadata, policy_key

policies = Table(
    "policies",
    metadata,
    Column("reference", String(20), primary_key=True),
    Column("email", String(254), nullable=False),
    Column("language", String(2), nullable=False),
    # Where the holder lives, as an ISO 3166 code.
    Column("country", String(2), nullable=False),
    Column("confirmed_on", Date),
    Column("antivirus_declared_on", Date),
    # When the operator's system was last asked; empty for policies that are kept here.
    Column("fetched_at", Moment),
    # When the operator's system said that it does not know the policy (any more); the row stays for its claims.
    Column("gone_at", Moment),
)

policy_periods = Table(
    "policy_periods",
    metadata,
    policy_key(primary=True),
    Column("starts_on", Date, primary_key=True),
    Column("ends_on", Date),
    Column("terms", String(20), nullable=False),
)

payments = Table(
    "payments",
    metadata,
    policy_key(primary=True),
    Column("due_on", Date, primary_key=True),
    Column("paid_on", Date),
    # Whole cents: SQLite has no decimals, and a float is no money.
    Column("cents", Integer, nullable=False),
)

insured_persons = Table(
    "insured_persons",
    metadata,
    Column("id", String(64), primary_key=True),
    policy_key(),
    Column("position", Integer, nullable=False),
    Column("first_name", String(100), nullable=False),
    Column("last_name", String(100), nullable=False),
    Column("date_of_birth", Date, nullable=False),
    Column("relation", String(20), nullable=False),
    Column("family", Boolean, nullable=False),
)

past_claims = Table(
    "past_claims",
    metadata,
    Column("id", String(64), primary_key=True),
    policy_key(),
    Column("incident", String(40), nullable=False),
    Column("incident_date", Date, nullable=False),
    Column("status", String(20), nullable=False),
    Column("approved_cents", Integer, nullable=False),
)
