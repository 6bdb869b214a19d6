"""What happens to evidence by itself: files are scanned that could not be before, and left-over files go."""

from __future__ import annotations

from datetime import timedelta

import structlog

from claims.adapters.scanner import NoVerdict, Scanner, ScannerUnavailable
from claims.domain.actors import Actor
from claims.domain.errors import EvidenceStoreUnavailable
from claims.domain.evidence import Evidence, EvidenceState
from claims.service.services import Services

LEFT_OVER = timedelta(days=1)
"""How old a file without a record is when it goes: far longer than an upload takes."""

_WAITING = (EvidenceState.QUARANTINED, EvidenceState.UNSCANNED)
_SCANNER = Actor.system("scanner")


def scan_waiting(services: Services) -> int:
    """Scan what could not be scanned when it came, also from before there was a scanner.

    Returns:
        How many files were scanned; with the scanner down it stops at once.
    """
    if services.scanner is None:
        return 0
    with services.unit() as unit:
        waiting = unit.evidence.waiting(_WAITING)
    scanned = 0
    for evidence in waiting:
        try:
            scanned += _scan(services, services.scanner, evidence)
        except (NoVerdict, EvidenceStoreUnavailable) as error:
            structlog.get_logger().warning("evidence.not_scanned", evidence=evidence.id, kind=type(error).__name__)
        except ScannerUnavailable as error:
            structlog.get_logger().warning("evidence.scanner_down", kind=type(error).__name__)
            break
    return scanned


def sweep(services: Services) -> int:
    """Remove files older than a day that no record names: what a crash between file and record left behind.

    Returns:
        How many were removed.
    """
    before = services.now() - LEFT_OVER
    removed = services.files.remove_unfinished(before)
    for keys in services.files.before(before):
        with services.unit() as unit:
            orphans = set(keys) - unit.evidence.known(keys)
        services.files.remove(orphans)
        removed += len(orphans)
    if removed:
        structlog.get_logger().info("evidence.swept", files=removed)
    return removed


def _scan(services: Services, scanner: Scanner, evidence: Evidence) -> bool:
    clean = scanner.clean(services.files.read(evidence.original))
    state = EvidenceState.CLEAN if clean else EvidenceState.INFECTED
    with services.unit() as unit:
        if not unit.evidence.scanned(evidence, state):
            return False
        claim = unit.claims.of_draft(evidence.draft_id)
        subject = f"draft:{evidence.draft_id}" if claim is None else f"claim:{claim.reference}"
        details = {"evidence": evidence.id, "sha256": evidence.sha256, "state": state.value}
        unit.audit.add(_SCANNER, "evidence_scanned", subject, services.now(), **details)
        unit.commit()
    return True
