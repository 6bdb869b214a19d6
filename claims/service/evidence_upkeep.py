"""What happens to evidence by itself: files are scanned that could not be before, and left-over files go."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import structlog

from claims.adapters.scanner import NoVerdict, Scanner, ScannerUnavailable
from claims.domain.actors import Actor
from claims.domain.errors import EvidenceStoreUnavailable
from claims.domain.evidence import Evidence, EvidenceState
from claims.service.services import Services
from claims.service.unit_of_work import again_when_beaten

LEFT_OVER = timedelta(days=1)
"""How old a file without a record is when it goes: far longer than an upload takes."""

_EVER = datetime.max.replace(tzinfo=UTC)
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

    To a wrong or empty database every file would look like that, so nothing goes from a store of another database.

    Returns:
        How many were removed.
    """
    if not _is_ours(services):
        return 0
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


def _is_ours(services: Services) -> bool:
    """Compare the mark of the store with this database; a store without one becomes ours when it holds nothing else."""

    def own_id() -> str:
        with services.unit() as unit:
            found = unit.installation.database_id(services.ids.token())
            unit.commit()
        return found

    own, marked = again_when_beaten(own_id), services.files.owner()
    if marked is None and _knows_every_file(services):
        services.files.mark(own)
        marked = own
    if marked != own:
        # The mark of ours is no secret: whoever is sure that they belong together puts it there.
        structlog.get_logger().error("evidence.sweep_refused", marked=marked is not None, ours=own)
    return marked == own


def _knows_every_file(services: Services) -> bool:
    for keys in services.files.before(_EVER):
        with services.unit() as unit:
            if set(keys) - unit.evidence.known(keys):
                return False
    return True


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
