"""Nothing is swept from a store that belongs to another database, or may do so."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from structlog.testing import capture_logs

from claims.api.app import join
from claims.service.evidence_upkeep import sweep
from claims.service.services import Services
from tests.integration.claims.claims_api import Api, settings_for
from tests.integration.claims.conftest import fill
from tests.integration.claims.evidence_files import MARK, claim_with, photo, stored


def old_file(folder: Path, name: str) -> Path:
    """A file of long ago that no record names."""
    file = folder / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(b"x")
    os.utime(file, (0, 0))
    return file


def refusals(services: Services) -> list[bool]:
    """Sweep; for each refusal whether the store had a mark."""
    with capture_logs() as logs:
        assert sweep(services) == 0
    assert {entry["log_level"] for entry in logs} <= {"error"}
    return [entry["marked"] for entry in logs if entry["event"] == "evidence.sweep_refused"]


async def test_another_database_sweeps_nothing_from_a_marked_store(api: Api, tmp_path: Path) -> None:
    assert refusals(api.services) == []
    orphan, half = (old_file(tmp_path / "evidence", f"originals/{name}") for name in ("orphan", "half#1"))
    fill(f"sqlite:///{tmp_path}/another.db")
    another = join(settings_for(f"sqlite:///{tmp_path}/another.db", evidence_store=str(tmp_path / "evidence")))
    assert refusals(another) == [True]
    another.engine.dispose()
    assert orphan.exists()
    assert half.exists()
    assert sweep(api.services) == 2


async def test_a_full_store_without_a_mark_is_left_alone_until_somebody_marks_it(api: Api, tmp_path: Path) -> None:
    store = tmp_path / "evidence"
    orphan = old_file(store, "originals/orphan")
    with capture_logs() as logs:
        assert sweep(api.services) == 0
    (refusal,) = (entry for entry in logs if entry["event"] == "evidence.sweep_refused")
    assert orphan.exists()
    assert not (store / MARK).exists()
    (store / MARK).write_text(f"{refusal['ours']}\n")
    assert sweep(api.services) == 1


async def test_a_store_whose_files_are_all_known_becomes_ours(api: Api, tmp_path: Path) -> None:
    await claim_with(await api.customer(), photo())
    assert refusals(api.services) == []
    assert (tmp_path / "evidence" / MARK).exists()
    old_file(tmp_path / "evidence", "originals/orphan")
    assert sweep(api.services) == 1
    assert len(stored(api)) == 2


async def test_two_that_sweep_first_at_the_same_moment_agree_on_the_database(api: Api) -> None:
    barrier = Barrier(4)

    def work(_: int) -> int:
        barrier.wait(timeout=10)
        return sweep(api.services)

    with capture_logs() as logs, ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, range(4))) == [0] * 4
    assert logs == []
