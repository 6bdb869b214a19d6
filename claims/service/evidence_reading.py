"""What staff see of evidence: the list, the copies, and with more permission the originals; each reading is noted."""

from __future__ import annotations

from claims.domain.errors import EvidenceNotFound, NotAllowed
from claims.domain.evidence import Evidence
from claims.domain.staff import Permission, StaffMember
from claims.service.services import Services


def list_for_staff(services: Services, reference: str, staff: StaffMember) -> list[Evidence]:
    """List the evidence of a claim.

    Raises:
        NotAllowed: Their role does not allow it.
        ClaimNotFound: There is no such claim.
    """
    _expect(staff, Permission.READ_EVIDENCE)
    with services.unit() as unit:
        found = unit.evidence.of_draft(unit.claims.get(reference).draft_id)
        subject = f"claim:{reference}"
        unit.audit.add(staff.actor, "evidence_listed", subject, services.now(), files=len(found))
        unit.commit()
        return found


def read_copy(services: Services, evidence_id: str, staff: StaffMember) -> Evidence:
    """Find evidence whose copy is about to be read: that without metadata for images, the file itself for others.

    Raises:
        NotAllowed: Their role does not allow it.
        EvidenceNotFound: There is none that belongs to a claim.
        EvidenceNotReadable: It is not checked yet, or infected.
    """
    _expect(staff, Permission.READ_EVIDENCE)
    return _note_reading(services, evidence_id, staff, "evidence_read")


def read_original(services: Services, evidence_id: str, staff: StaffMember) -> Evidence:
    """Find evidence whose untouched original is about to be exported for proof.

    Raises:
        NotAllowed: Their role does not allow it.
        EvidenceNotFound: There is none that belongs to a claim.
        EvidenceNotReadable: It is not checked yet, or infected.
    """
    _expect(staff, Permission.DECIDE_CLAIMS)
    return _note_reading(services, evidence_id, staff, "evidence_original_read")


def _expect(staff: StaffMember, permission: Permission) -> None:
    if not staff.may(permission):
        raise NotAllowed


def _note_reading(services: Services, evidence_id: str, staff: StaffMember, action: str) -> Evidence:
    with services.unit() as unit:
        evidence = unit.evidence.get(evidence_id)
        claim = unit.claims.of_draft(evidence.draft_id)
        if claim is None:
            # What is not submitted is not staff's to see.
            raise EvidenceNotFound
        evidence.expect_readable()
        details = {"evidence": evidence.id, "sha256": evidence.sha256}
        unit.audit.add(staff.actor, action, f"claim:{claim.reference}", services.now(), **details)
        unit.commit()
        return evidence
