"""The store of evidence: a folder, or an S3-compatible service; keys say nothing about what is in a file."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import obstore
import structlog
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from claims.domain.errors import EvidenceStoreUnavailable
from claims.settings import Settings

if TYPE_CHECKING:
    # Not there at run time.
    from obstore.store import ObjectStore, S3Config

_PART_BYTES = 256 * 1024
_OWNER = "database-id"
_TIMEOUT = timedelta(seconds=20)


class EvidenceFiles:
    """Writes, reads and removes files.

    Raises:
        EvidenceStoreUnavailable: In each call, when the store cannot be reached or does not have the file.
    """

    def __init__(self, settings: Settings) -> None:
        self._folder: Path | None = None
        self._store: ObjectStore
        if settings.evidence_store.startswith("s3://"):
            self._store = _bucket(settings)
        else:
            self._folder = _folder(settings.evidence_store)
            self._store = LocalStore(self._folder)

    def put(self, key: str, file: IO[bytes]) -> None:
        """Store a file, from its beginning; nobody sees it before all of it is there."""
        file.seek(0)
        with _reaching():
            obstore.put(self._store, key, file)

    def read(self, key: str) -> Iterator[bytes]:
        """Read a file in parts."""
        with _reaching():
            yield from obstore.get(self._store, key).stream(_PART_BYTES)

    async def open(self, key: str) -> tuple[int, AsyncIterator[bytes]]:
        """Find a file.

        Returns:
            Its size in bytes, and its parts.
        """
        with _reaching():
            found = await obstore.get_async(self._store, key)
        return found.meta["size"], found.stream(_PART_BYTES)

    def remove(self, keys: Iterable[str]) -> None:
        """Remove files that no record names any more; what cannot be removed now is swept up later."""
        for key in keys:
            try:
                obstore.delete(self._store, key)
            except FileNotFoundError:
                continue
            except (BaseError, OSError) as error:
                structlog.get_logger().warning("evidence.file_left", kind=type(error).__name__)

    def before(self, moment: datetime) -> Iterator[list[str]]:
        """List the keys of files of evidence that were stored before `moment`, in batches."""
        with _reaching():
            for batch in obstore.list(self._store):
                files = [found for found in batch if found["path"] != _OWNER]
                yield [found["path"] for found in files if found["last_modified"] < moment]

    def owner(self) -> str | None:
        """Read the id of the database this store belongs to; None when it has no mark yet."""
        with _reaching():
            try:
                found = obstore.get(self._store, _OWNER)
            except FileNotFoundError:
                return None
            return bytes(found.bytes()).decode(errors="replace").strip()

    def mark(self, database_id: str) -> None:
        """Note in the store which database it belongs to."""
        self.put(_OWNER, BytesIO(database_id.encode()))

    def remove_unfinished(self, moment: datetime) -> int:
        """Remove what a crash left half written before `moment`; a bucket does this by a rule of its own."""
        if self._folder is None:
            return 0
        # The store writes to `key#1` and renames; it hides those names in its own list.
        found = [path for path in self._folder.rglob("*#*") if path.is_file()]
        old = [path for path in found if datetime.fromtimestamp(path.stat().st_mtime, UTC) < moment]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)


@contextmanager
def _reaching() -> Iterator[None]:
    try:
        yield
    except (BaseError, OSError) as error:
        structlog.get_logger().error("evidence.store_failed", kind=type(error).__name__)
        raise EvidenceStoreUnavailable from error


def _folder(place: str) -> Path:
    folder = Path(unquote(urlsplit(place).path) if place.startswith("file://") else place).resolve()
    # Only for the user of the service; its parents may be for others too.
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _bucket(settings: Settings) -> S3Store:
    bucket, _, prefix = settings.evidence_store.removeprefix("s3://").partition("/")
    config: S3Config = {"region": settings.evidence_s3_region}
    if settings.evidence_s3_endpoint:
        config["endpoint"] = settings.evidence_s3_endpoint
    if settings.evidence_s3_key:
        config["access_key_id"] = settings.evidence_s3_key
        config["secret_access_key"] = settings.evidence_s3_secret
    return S3Store(
        bucket,
        prefix=prefix or None,
        config=config,
        client_options={"allow_http": settings.evidence_s3_endpoint.startswith("http://"), "timeout": _TIMEOUT},
        # A person waits for the answer.
        retry_config={"max_retries": 2, "retry_timeout": _TIMEOUT},
    )
