"""Limits hold: the size of a file, their number, also for many at once; what breaks off leaves nothing."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Barrier

import pytest

from claims.adapters.uploads import Upload
from claims.domain.errors import TooManyFiles
from claims.service.evidence import Home, add_evidence
from tests.integration.claims.claims_api import LIES, Api, Customer, code_of
from tests.integration.claims.conftest import running
from tests.integration.claims.evidence_files import MAIL, PDF, TEXT, claim_with, draft_of, give, photo, rows, stored

LIMIT = 10 * 1024 * 1024


async def test_ten_megabytes_are_taken_and_not_one_byte_more(api: Api) -> None:
    customer = await api.customer()
    draft = await draft_of(customer)

    async def in_parts(size: int) -> AsyncIterator[bytes]:
        for _ in range(size // 4096):
            yield b"a" * 4096
        yield b"a" * (size % 4096)

    for content in (b"a" * (LIMIT + 1), in_parts(LIMIT + 1)):
        refused = await customer.client.post(f"{draft}/evidence", content=content, headers=customer.headers)
        assert code_of(refused) == (413, "too_large")
        assert refused.json()["error"]["details"] == {"limit": LIMIT}
    assert (rows(api), stored(api)) == (0, [])
    taken = await customer.client.post(f"{draft}/evidence", content=in_parts(LIMIT), headers=customer.headers)
    assert (taken.status_code, taken.json()["size"], taken.json()["name"]) == (201, LIMIT, "file")
    json = b'{"answers": {"a": "' + b"1" * 1024 * 1024 + b'"}}'
    assert code_of(await customer.client.patch(draft, content=json, headers=customer.headers)) == (413, "too_large")


async def test_a_file_that_is_announced_far_too_large_is_not_read(api: Api) -> None:
    customer = await api.customer()
    draft = await draft_of(customer)
    reader, writer = await send_head(customer, draft, 100 * LIMIT)
    answer = await asyncio.wait_for(reader.read(), 10)
    assert answer.startswith(b"HTTP/1.1 413")
    assert f'"limit":{LIMIT}'.encode() in answer
    writer.close()


async def send_head(customer: Customer, path: str, length: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Begin an upload by hand."""
    address = customer.client.base_url
    headers = dict(customer.client.headers) | customer.headers | {"host": address.host, "content-length": str(length)}
    lines = [f"POST {path}/evidence HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    reader, writer = await asyncio.open_connection(address.host, address.port)
    writer.write("\r\n".join([*lines, "", ""]).encode())
    return reader, writer


async def test_a_file_that_breaks_off_leaves_nothing(api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on_the_way = tmp_path / "on-the-way"
    on_the_way.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(on_the_way))
    customer = await api.customer()
    draft = await draft_of(customer)

    def half_way() -> bool:
        return any(file.startswith(str(on_the_way)) for file in open_files())

    _, writer = await send_head(customer, draft, 100_000)
    writer.write(photo())
    await until(half_way)
    assert list(on_the_way.iterdir()) == []
    writer.transport.abort()
    await until(lambda: not half_way())
    assert (rows(api), stored(api), list(on_the_way.iterdir())) == (0, [], [])


def open_files() -> Iterator[str]:
    """What this process has open, also what has no name any more."""
    for number in os.listdir("/proc/self/fd"):
        with suppress(FileNotFoundError):
            yield os.readlink(f"/proc/self/fd/{number}")


async def until(true: Callable[[], bool]) -> None:
    """Let others work until it is so."""
    async with asyncio.timeout(10):
        while not true():  # noqa: ASYNC110 - open files tell nobody when they change
            await asyncio.sleep(0)


async def test_a_claim_has_a_limited_number_of_files(database_url: str, tmp_path: Path) -> None:
    store = str(tmp_path / "evidence")
    async with running(database_url, evidence_store=store, evidence_max_files=2) as api:
        customer = await api.customer()
        claim, given = await claim_with(customer, TEXT, PDF)
        full = await give(customer, claim, MAIL)
        assert code_of(full) == (422, "too_many_files")
        assert full.json()["error"]["details"] == {"limit": 2}
        assert (await give(customer, claim, PDF)).json() == given[1]
        assert (rows(api), len(stored(api))) == (2, 2)


async def test_files_at_the_same_moment_keep_to_the_limit(database_url: str, tmp_path: Path) -> None:
    store, workers = str(tmp_path / "evidence"), 6
    async with running(database_url, evidence_store=store, evidence_max_files=3) as api:
        draft = (await (await api.customer()).open_draft()).json()["id"]
        home, barrier = Home("draft", draft, LIES), Barrier(workers)

        def one(worker: int) -> bool:
            with Upload("a.txt") as upload:
                upload.write(b"file %d" % worker)
                barrier.wait(timeout=10)
                try:
                    return add_evidence(api.services, home, upload)[1]
                except TooManyFiles:
                    return False

        with ThreadPoolExecutor(workers) as pool:
            kept = list(pool.map(one, range(workers)))
        assert (sum(kept), rows(api), len(stored(api))) == (3, 3, 3)


async def test_the_same_file_at_the_same_moment_is_kept_once(api: Api) -> None:
    workers = 6
    draft = (await (await api.customer()).open_draft()).json()["id"]
    home, barrier = Home("draft", draft, LIES), Barrier(workers)

    def one(_: int) -> tuple[str, bool]:
        with Upload("a.jpg") as upload:
            upload.write(photo())
            barrier.wait(timeout=10)
            kept, created = add_evidence(api.services, home, upload)
            return kept.id, created

    with ThreadPoolExecutor(workers) as pool:
        results = list(pool.map(one, range(workers)))
    assert len({kept for kept, _ in results}) == 1
    assert (sum(created for _, created in results), rows(api), len(stored(api))) == (1, 1, 2)
