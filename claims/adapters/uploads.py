"""A file on its way in: on disk while it comes, without a name, so that it is gone whatever happens."""

from __future__ import annotations

import hashlib
import tempfile
from types import TracebackType


class Upload:
    """An unnamed temporary file that knows its size and hash; the operating system removes it when it is closed.

    Attributes:
        name: What the customer calls it, fit to be shown; nothing on disk is called so.
        size: Bytes so far.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.file = tempfile.TemporaryFile()  # noqa: SIM115 - closed in __exit__
        self.size = 0
        self._hash = hashlib.sha256()

    @property
    def sha256(self) -> str:
        """The hash of what came so far."""
        return self._hash.hexdigest()

    def write(self, part: bytes) -> None:
        """Take the next part."""
        self.file.write(part)
        self._hash.update(part)
        self.size += len(part)

    def __enter__(self) -> Upload:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.file.close()
