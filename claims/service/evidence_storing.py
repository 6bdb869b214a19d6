"""How a file gets into the store, whoever it belongs to: scanned, copied without metadata, and recorded last."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from typing import TypeVar

import structlog

from claims.adapters.errors import ConcurrentWrite
from claims.adapters.images import copy_image
from claims.adapters.scanner import ScannerUnavailable
from claims.adapters.uploads import Upload
from claims.domain.errors import ClaimsError
from claims.domain.evidence import COPY_TYPES, Evidence, EvidenceState, EvidenceType, HeldEvidence
from claims.service.services import Services
from claims.service.unit_of_work import again_when_beaten
from common.file_types import parts_of

Record = TypeVar("Record", Evidence, HeldEvidence)


def scan(services: Services, upload: Upload) -> EvidenceState:
    """Look for viruses; with the scanner down the file waits in quarantine."""
    if services.scanner is None:
        return EvidenceState.UNSCANNED
    try:
        clean = services.scanner.clean(parts_of(upload.file))
    except ScannerUnavailable as error:
        structlog.get_logger().warning("evidence.not_scanned", kind=type(error).__name__)
        return EvidenceState.QUARANTINED
    return EvidenceState.CLEAN if clean else EvidenceState.INFECTED


def new_keys(services: Services, kind: EvidenceType, state: EvidenceState) -> tuple[str, str | None]:
    """Where the original will lie, and its copy if there is to be one."""
    # No decoder gets to see a file with a virus in it.
    copied = kind in COPY_TYPES and state is not EvidenceState.INFECTED
    return f"originals/{services.ids.token()}", f"copies/{services.ids.token()}" if copied else None


def store(
    services: Services, record: Record, upload: Upload, keep: Callable[[], tuple[Record, bool]]
) -> tuple[Record, bool]:
    """Store the files first and the record second, so that a record never points nowhere.

    Args:
        services: The adapters.
        record: What is to be kept.
        upload: The file.
        keep: Keeps the record; gives the one that is kept, and whether it is this one.
    """
    with tempfile.TemporaryFile() as copy:
        if record.copy is not None:
            copy_image(record.content_type, upload.file, copy)
        try:
            services.files.put(record.original, upload.file)
            if record.copy is not None:
                services.files.put(record.copy, copy)
            kept, created = again_when_beaten(keep)
        except (ClaimsError, ConcurrentWrite):
            # After any other error the record may be there all the same: the sweep will tell.
            services.files.remove(record.keys)
            raise
    if not created:
        services.files.remove(record.keys)
    return kept, created
