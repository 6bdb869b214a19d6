"""Where the bytes of files lie until the claims backend has them: one folder, outside any web root."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO

from bot.files.model import EMPTY, TOO_LARGE, TYPE_REFUSED, FileRefused
from common import file_types
from common.file_types import FileType

_ID = re.compile(r"file_[0-9a-f]{30}")
_ON_ITS_WAY = ".part"


class Folder:
    """Holds files by the ids we gave them; what customers call them is no part of a path."""

    def __init__(self, path: Path, largest: int) -> None:
        self._path, self.largest = path, largest

    def prepare(self) -> None:
        """Make the folder, readable by nobody else."""
        self._path.mkdir(parents=True, exist_ok=True, mode=0o700)

    def path(self, file_id: str) -> Path:
        """Where a file lies."""
        return self._path / file_id

    def incoming(self) -> Incoming:
        """A file on its way in."""
        return Incoming(self._path, self.largest)

    def remove(self, file_id: str) -> None:
        """Delete a file."""
        self.path(file_id).unlink(missing_ok=True)

    def old(self, before: float) -> Iterator[str]:
        """The ids of files, and names of those that broke off, that were last written before a moment."""
        for path in self._path.iterdir() if self._path.is_dir() else ():
            ours = _ID.fullmatch(path.name) or path.suffix == _ON_ITS_WAY
            if ours and path.stat().st_mtime < before:
                yield path.name


class Incoming:
    """A file while it comes: under a name of its own, and gone again unless it is kept."""

    def __init__(self, folder: Path, largest: int) -> None:
        self._largest, self.size = largest, 0
        self._file: IO[bytes] = tempfile.NamedTemporaryFile(  # noqa: SIM115 - closed in __exit__
            dir=folder, suffix=_ON_ITS_WAY, delete=False
        )
        self._path = Path(self._file.name)

    def write(self, part: bytes) -> None:
        """Take the next part.

        Raises:
            FileRefused: It is too large.
        """
        self.size += len(part)
        if self.size > self._largest:
            raise FileRefused(TOO_LARGE)
        self._file.write(part)

    def recognise(self) -> FileType:
        """Tell from the content what it is; what its sender says of it counts for nothing.

        Raises:
            FileRefused: It is empty, or nothing that is taken.
        """
        if self.size == 0:
            raise FileRefused(EMPTY)
        try:
            return file_types.recognise(self._file)
        except file_types.FileRefused:
            raise FileRefused(TYPE_REFUSED) from None

    def keep(self, target: Path) -> None:
        """Give it its place; from now on it stays."""
        self._file.flush()
        self._path.replace(target)

    def __enter__(self) -> Incoming:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)
