"""Scanning, stores that are down, buckets, and what crashes leave behind."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from moto.server import ThreadedMotoServer
from sqlalchemy import text

from claims.adapters.files import EvidenceFiles
from claims.domain.errors import EvidenceStoreUnavailable
from claims.service.evidence_upkeep import scan_waiting, sweep
from tests.integration.claims.claims_api import Api, code_of, free_port, settings_for
from tests.integration.claims.conftest import NOW, running
from tests.integration.claims.evidence_files import EICAR, TEXT, claim_with, clamd, draft_of, give, photo, stored


async def states(api: Api) -> list[str]:
    with api.services.engine.connect() as connection:
        return list(connection.execute(text("SELECT state FROM evidence ORDER BY uploaded_at, id")).scalars())


async def test_a_scanner_finds_what_is_clean_and_what_is_not(database_url: str, tmp_path: Path) -> None:
    with clamd() as scanner:
        async with running(database_url, evidence_store=str(tmp_path / "e"), clamav=scanner.address) as api:
            customer = await api.customer()
            draft = await draft_of(customer)
            clean, infected = await give(customer, draft, photo()), await give(customer, draft, EICAR, "a.txt")
            assert (clean.json()["state"], infected.json()["state"]) == ("clean", "infected")
            assert scanner.seen == [photo(), EICAR]
            # No decoder opened it, and nobody will, but it is proof.
            assert [path.parent.name for path in stored(api)] == ["copies", "originals", "originals"]
            assert scan_waiting(api.services) == 0


async def test_with_the_scanner_down_files_wait_and_are_scanned_later(database_url: str, tmp_path: Path) -> None:
    port = free_port()
    settings = {"evidence_store": str(tmp_path / "e"), "clamav": f"127.0.0.1:{port}"}
    async with running(database_url, **settings) as api:
        claim, given = await claim_with(await api.customer(), photo(), EICAR)
        assert [item["state"] for item in given] == ["quarantined"] * 2
        staff = await api.staff("handler")
        path = f"/v1/staff/evidence/{given[0]['id']}/content"
        assert code_of(await staff.call("GET", path)) == (409, "evidence_not_readable")
        assert scan_waiting(api.services) == 0
        with clamd(port=port):
            assert scan_waiting(api.services) == 2
            assert scan_waiting(api.services) == 0
        assert sorted(await states(api)) == ["clean", "infected"]
        assert (await staff.call("GET", path)).status_code == 200
        with api.services.unit() as unit:
            entries = [entry for entry in unit.audit.entries() if entry["actor"] == "system:scanner"]
        assert [(entry["action"], entry["subject"]) for entry in entries] == [
            ("evidence_scanned", f"claim:{claim.rpartition('/')[2]}")
        ] * 2
        assert {entry["details"]["state"] for entry in entries} == {"clean", "infected"}


async def test_files_from_before_there_was_a_scanner_are_scanned(database_url: str, tmp_path: Path) -> None:
    store = str(tmp_path / "e")
    async with running(database_url, evidence_store=store) as api:
        await claim_with(await api.customer(), TEXT)
        assert (await states(api), scan_waiting(api.services)) == (["unscanned"], 0)
    with clamd() as scanner:
        async with running(database_url, evidence_store=store, clamav=scanner.address) as api:
            assert scan_waiting(api.services) == 1
            assert await states(api) == ["clean"]


@pytest.mark.parametrize("how", [{"largest": 10}, {"reply": b"stream: Can't allocate memory ERROR\0"}, {"reply": b""}])
async def test_no_verdict_is_no_clean_file_and_holds_up_no_other(
    database_url: str, tmp_path: Path, how: dict[str, object]
) -> None:
    with clamd(**how) as scanner:
        async with running(database_url, evidence_store=str(tmp_path / "e"), clamav=scanner.address) as api:
            customer = await api.customer()
            draft = await draft_of(customer)
            assert (await give(customer, draft, photo())).json()["state"] == "quarantined"
            assert (await give(customer, draft, b"short")).json()["state"] == (
                "clean" if "largest" in how else "quarantined"
            )
            assert scan_waiting(api.services) == 0
            scanner.largest, scanner.reply = 1000, None
            assert scan_waiting(api.services) == (1 if "largest" in how else 2)


async def test_a_file_that_is_gone_holds_up_no_other(database_url: str, tmp_path: Path) -> None:
    port = free_port()
    async with running(database_url, evidence_store=str(tmp_path / "e"), clamav=f"127.0.0.1:{port}") as api:
        await claim_with(await api.customer(), TEXT, b"another")
        next(path for path in stored(api) if path.read_bytes() == TEXT).unlink()
        with clamd(port=port):
            assert scan_waiting(api.services) == 1
        assert sorted(await states(api)) == ["clean", "quarantined"]


@pytest.mark.parametrize(("changes", "warned"), [({}, True), ({"demo": True}, False), ({"clamav": "/run/x"}, False)])
async def test_the_start_warns_that_nothing_is_scanned(
    tmp_path: Path, changes: dict[str, object], warned: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    async with running(f"sqlite:///{tmp_path}/claims.db", **changes):
        assert ("CLAIMS_CLAMAV" in capsys.readouterr().out) is warned


async def test_what_a_crash_left_is_swept_after_a_day(api: Api) -> None:
    customer = await api.customer()
    await give(customer, await draft_of(customer), photo())
    assert sweep(api.services) == 0
    store = Path(api.services.settings.evidence_store)
    kept = stored(api)
    for name, hours in (("originals/old", 25), ("copies/old", 25), ("originals/new", 23), ("originals/half#1", 25)):
        (store / name).write_bytes(b"x")
        moment = (NOW - timedelta(hours=hours)).timestamp()
        os.utime(store / name, (moment, moment))
    for path in kept:
        os.utime(path, (0, 0))
    assert sweep(api.services) == 3
    assert stored(api) == sorted([*kept, store / "originals" / "new"])
    assert sweep(api.services) == 0


async def test_a_store_that_cannot_be_written_takes_nothing(api: Api) -> None:
    customer = await api.customer()
    draft, store = await draft_of(customer), Path(api.services.settings.evidence_store)
    # Where the folder of originals must be lies a file.
    (store / "originals").write_bytes(b"")
    assert code_of(await give(customer, draft, photo())) == (503, "evidence_store_unavailable")
    (store / "originals").unlink()
    assert (await give(customer, draft, photo())).status_code == 201


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """A real HTTP server that speaks S3."""
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    httpx.put(f"{address}/evidence").raise_for_status()
    yield address
    server.stop()


BUCKET = {"evidence_store": "s3://evidence/claims", "evidence_s3_key": "key", "evidence_s3_secret": "secret"}


async def test_a_bucket_keeps_evidence_as_a_folder_does(database_url: str, s3: str) -> None:
    # Larger than a part of a multipart upload.
    large = b"0123456789abcdef" * 500_000
    async with running(database_url, evidence_s3_endpoint=s3, **BUCKET) as api:
        customer = await api.customer()
        _, given = await claim_with(customer, photo(), large)
        staff = await api.staff("handler")
        for item, content in zip(given, (photo(), large), strict=True):
            original = await staff.call("GET", f"/v1/staff/evidence/{item['id']}/original")
            assert original.content == content
        copy = await staff.call("GET", f"/v1/staff/evidence/{given[0]['id']}/content")
        assert copy.headers["content-type"] == "image/jpeg"
        assert sweep(api.services) == 0
        later = datetime.now(UTC) + timedelta(days=2)
        keys = [key for batch in api.services.files.before(later) for key in batch]
        assert sorted(key.partition("/")[0] for key in keys) == ["copies", "originals", "originals"]
        api.services.files.put("originals/orphan", BytesIO(b"x"))
        api.clock.now = later
        assert (sweep(api.services), sweep(api.services)) == (1, 0)
        api.services.files.remove([*keys, "originals/never-there"])
        assert [key for batch in api.services.files.before(later) for key in batch] == []


def test_a_bucket_out_of_reach_is_told_and_left_for_the_sweep(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        files = EvidenceFiles(settings_for("sqlite://", evidence_s3_endpoint=address, **BUCKET))
        with pytest.raises(EvidenceStoreUnavailable):
            files.put("originals/a", BytesIO(b"x"))
        with pytest.raises(EvidenceStoreUnavailable):
            list(files.read("originals/a"))
        files.remove(["originals/a"])
    assert "evidence.file_left" in capsys.readouterr().out
