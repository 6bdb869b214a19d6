"""The migrations make the tables the code uses, and the demo data can be loaded again and again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, select, text

from claims.adapters.errors import ConcurrentWrite
from claims.adapters.schema import downgrade, upgrade
from claims.adapters.tables import insured_persons, metadata, policies
from claims.demo.__main__ import load, table
from claims.demo.policies import demo_policies
from claims.service.unit_of_work import UnitOfWork
from common.database import make_engine
from common.settings import SettingsError
from tests.integration.claims.claims_api import settings_for


def test_the_migrations_make_the_tables_of_the_code(database_url: str) -> None:
    upgrade(database_url)
    engine = make_engine(database_url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        assert inspect(connection).get_unique_constraints("claims")[0]["column_names"] == ["draft_id"]
    engine.dispose()


def test_down_and_up_again_keeps_policies_and_claims(database_url: str) -> None:
    """What both schemas can hold survives the way down and up."""
    engine = make_engine(database_url)
    with UnitOfWork(engine) as unit:
        before = unit.policies.get("CYB-1003-0003"), unit.policies.past_claims("CYB-1003-0003")
    engine.dispose()
    downgrade(database_url, "0001")
    with engine.connect() as connection:
        names = {column["name"] for column in inspect(connection).get_columns("policies")}
        old = connection.execute(text("SELECT terms, end_date FROM policies WHERE reference = 'CYB-3001-0005'")).one()
    engine.dispose()
    assert "first_invoice_paid_on" in names
    assert old.terms == "later_page"
    assert old.end_date is not None
    upgrade(database_url)
    with UnitOfWork(engine) as unit:
        policy, past = unit.policies.get("CYB-1003-0003"), unit.policies.past_claims("CYB-1003-0003")
    engine.dispose()
    # When the antivirus was declared is known to the newer schema only.
    assert (replace(policy, antivirus_declared_on=before[0].antivirus_declared_on), past) == before


def test_all_the_way_down_leaves_nothing(database_url: str) -> None:
    downgrade(database_url, "base")
    engine = make_engine(database_url)
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
    engine.dispose()


def test_demo_policies_are_loaded_again_without_doubles(tmp_path: Path) -> None:
    settings = settings_for(f"sqlite:///{tmp_path}/claims.db", demo=True)
    assert load(settings) == load(settings) == 8
    engine = make_engine(settings.database_url)
    with engine.connect() as connection:
        stored = set(connection.execute(select(policies.c.reference)).scalars())
        persons = connection.execute(select(insured_persons.c.id)).scalars().all()
    engine.dispose()
    assert stored == {shown.reference for shown in demo_policies()}
    assert len(persons) == 14


def test_demo_policies_stay_out_of_a_real_installation(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="CLAIMS_DEMO"):
        load(settings_for(f"sqlite:///{tmp_path}/claims.db"))
    assert not (tmp_path / "claims.db").exists()


def test_the_table_for_visitors_shows_every_policy() -> None:
    lines = table().splitlines()
    assert len(lines) == 9
    assert all(shown.reference in lines[row] for row, shown in enumerate(demo_policies(), start=1))


def test_a_unit_of_work_keeps_nothing_unless_told(database_url: str) -> None:
    engine = make_engine(database_url)
    with UnitOfWork(engine) as unit:
        unit.policies._connection.execute(text("DELETE FROM policies"))
    with UnitOfWork(engine) as unit, pytest.raises(RuntimeError):
        _fail_after_delete(unit)
    with UnitOfWork(engine) as unit:
        assert unit.policies.find("CYB-1001-0001") is not None
    engine.dispose()


def _fail_after_delete(unit: UnitOfWork) -> None:
    unit.policies._connection.execute(text("DELETE FROM policies"))
    raise RuntimeError


def test_a_broken_constraint_means_somebody_was_first(database_url: str) -> None:
    engine = make_engine(database_url)
    double = text("INSERT INTO policies (reference, email, language, country) VALUES ('CYB-1001-0001', '', '', '')")
    with pytest.raises(ConcurrentWrite), UnitOfWork(engine) as unit:
        unit.policies._connection.execute(double)
    engine.dispose()
