"""Every way of tampering with the audit trail shows, and writers at the same moment leave no gap."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, text, update

from claims.adapters.audit import FIRST, Audit
from claims.adapters.clock import utc_now
from claims.adapters.tables import audit_entries as table
from claims.api.app import join
from claims.domain.actors import Actor
from claims.domain.staff import Role
from claims.service.accounts import add_account
from claims.service.audit import Break, Head, Verdict, verify
from claims.service.services import Services
from tests.integration.claims.claims_api import settings_for
from tests.integration.claims.conftest import QUICK, fill
from tests.postgres import Cluster

TESTS = Actor.system("tests")


@pytest.fixture
def services(database_url: str) -> Iterator[Services]:
    """The adapters, with five entries in the trail."""
    with joined(database_url) as services:
        for number in range(1, 6):
            write(services, f"claim:{number}")
        yield services


@contextmanager
def joined(database_url: str) -> Iterator[Services]:
    services = join(settings_for(database_url), passwords=QUICK)
    try:
        yield services
    finally:
        services.engine.dispose()


def write(services: Services, subject: str, **details: Any) -> None:
    with services.unit() as unit:
        unit.audit.add(TESTS, "claim_read", subject, services.now(), **details)
        unit.commit()


def head(services: Services) -> Head:
    with services.unit() as unit:
        return Head(*unit.audit.head())


def tamper(services: Services, *statements: Any) -> None:
    with services.engine.begin() as connection:
        for statement in statements:
            connection.execute(statement)


def row(services: Services, number: int) -> dict[str, Any]:
    with services.engine.connect() as connection:
        return dict(connection.execute(select(table).where(table.c.number == number)).mappings().one())


def renumber(before: int, after: int) -> Any:
    return update(table).where(table.c.number == before).values(number=after)


def test_an_untouched_trail_fits(services: Services) -> None:
    verdict = verify(services)
    assert (verdict.head, verdict.broken_at, verdict.how) == (head(services), None, None)
    assert verdict.head.number == 5
    assert verify(services, verdict.head) == verdict


def test_an_empty_trail_fits(services: Services) -> None:
    tamper(services, delete(table))
    assert verify(services) == Verdict(Head(0, FIRST))


def test_details_of_every_kind_fit_again(services: Services) -> None:
    write(services, "claim:6", text="é\u2028\"'\\ 😀", number=3, share=0.1, no=None, several=[1, "a", {"b": True}])
    assert verify(services).how is None


@pytest.mark.parametrize(
    "values",
    [
        {"actor": "staff:somebody.else"},
        {"action": "claim_deleted"},
        {"subject": "claim:9"},
        {"details": {"claims": 1}},
        {"at": utc_now()},
        {"previous": FIRST},
        {"hash": FIRST},
    ],
)
def test_a_changed_entry_is_found(services: Services, values: dict[str, Any]) -> None:
    tamper(services, update(table).where(table.c.number == 3).values(values))
    verdict = verify(services)
    assert (verdict.head.number, verdict.broken_at, verdict.how) == (2, 3, Break.CHANGED)


@pytest.mark.parametrize("number", [1, 3])
def test_a_missing_entry_is_found(services: Services, number: int) -> None:
    tamper(services, delete(table).where(table.c.number == number))
    verdict = verify(services)
    assert (verdict.broken_at, verdict.how) == (number, Break.MISSING)


def test_a_missing_entry_is_found_when_the_others_move_up(services: Services) -> None:
    moved = [renumber(number, number - 1) for number in (4, 5)]
    tamper(services, delete(table).where(table.c.number == 3), *moved)
    verdict = verify(services)
    assert (verdict.broken_at, verdict.how) == (3, Break.REORDERED)


def test_swapped_entries_are_found(services: Services) -> None:
    tamper(services, renumber(2, 99), renumber(4, 2), renumber(99, 4))
    verdict = verify(services)
    assert (verdict.broken_at, verdict.how) == (2, Break.REORDERED)


def test_a_cut_tail_is_found_with_a_noted_head(services: Services) -> None:
    noted = head(services)
    tamper(services, delete(table).where(table.c.number > 3))
    assert verify(services).how is None
    verdict = verify(services, noted)
    assert (verdict.head.number, verdict.broken_at, verdict.how) == (3, 4, Break.CUT)


def test_a_cut_tail_that_was_written_on_is_found_with_a_noted_head(services: Services) -> None:
    noted = head(services)
    tamper(services, delete(table).where(table.c.number > 3))
    for number in range(4):
        write(services, f"claim:new-{number}")
    assert verify(services).how is None
    verdict = verify(services, noted)
    assert (verdict.broken_at, verdict.how) == (5, Break.REWRITTEN)


def test_a_true_entry_from_a_trail_that_was_cut_does_not_follow(services: Services) -> None:
    fifth = row(services, 5)
    tamper(services, delete(table).where(table.c.number > 3))
    write(services, "claim:another")
    tamper(services, insert(table).values(fifth))
    verdict = verify(services)
    assert (verdict.broken_at, verdict.how) == (5, Break.UNLINKED)


def test_an_entry_with_a_hash_of_another_key_is_found(services: Services) -> None:
    with services.engine.begin() as connection:
        Audit(connection, "not the audit secret").add(TESTS, "claim_read", "claim:6", utc_now())
    verdict = verify(services)
    assert (verdict.broken_at, verdict.how) == (6, Break.CHANGED)


def test_a_chain_made_anew_with_another_key_is_found(services: Services) -> None:
    with services.engine.begin() as connection:
        connection.execute(delete(table))
        for number in range(1, 6):
            Audit(connection, "not the audit secret").add(TESTS, "claim_read", f"claim:{number}", utc_now())
    verdict = verify(services)
    assert (verdict.broken_at, verdict.how) == (1, Break.CHANGED)


def test_an_entry_that_cannot_even_be_read_is_found(services: Services) -> None:
    nonsense = {"sqlite": "details = '{'", "postgresql": "at = 'infinity'"}[services.engine.dialect.name]
    tamper(services, text(f"UPDATE audit_entries SET {nonsense} WHERE number = 4"))
    verdict = verify(services)
    assert (verdict.head.number, verdict.broken_at, verdict.how) == (3, 4, Break.CHANGED)


def test_a_long_trail_is_read_in_parts(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claims.service.audit._BATCH", 2)
    assert verify(services).head.number == 5
    tamper(services, delete(table).where(table.c.number == 4))
    assert verify(services).broken_at == 4


def test_writers_at_the_same_moment_leave_no_gap(services: Services) -> None:
    def work(writer: int) -> None:
        for number in range(10):
            write(services, f"claim:{writer}-{number}")

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(8)))
    verdict = verify(services)
    assert (verdict.head.number, verdict.how) == (85, None)


def test_what_is_rolled_back_leaves_no_entry_and_no_gap(services: Services) -> None:
    with services.unit() as unit:
        unit.audit.add(TESTS, "claim_read", "claim:6", services.now())
    write(services, "claim:7")
    assert row(services, 6)["subject"] == "claim:7"
    assert verify(services).head.number == 6


def test_without_the_right_key_nothing_fits(services: Services) -> None:
    other = replace(services, settings=replace(services.settings, audit_secret="another audit secret"))
    assert verify(other).broken_at == 1


def test_two_who_wait_for_each_other_do_not_both_wait_for_ever(postgres: Cluster) -> None:
    both_hold = Barrier(2)

    def trail_first(services: Services) -> None:
        with services.unit() as unit:
            unit.audit.add(TESTS, "claim_read", "claim:1", services.now())
            both_hold.wait(timeout=20)
            unit.staff.get("jean.admin")

    def account_first(services: Services) -> None:
        with services.unit() as unit:
            unit.staff.get("jean.admin")
            both_hold.wait(timeout=20)
            unit.audit.add(TESTS, "claim_read", "claim:1", services.now())

    with postgres.database("claims", fill) as url, joined(url) as services, ThreadPoolExecutor(2) as threads:
        add_account(services, TESTS, "jean.admin", "Jean", Role.ADMIN)
        futures = [threads.submit(work, services) for work in (trail_first, account_first)]
        failed = [type(future.exception(timeout=60)) for future in futures]
    assert sorted(kind.__name__ for kind in failed) == ["ConcurrentWrite", "NoneType"]
