"""Evidence for staff: the list, and files that are handed out as downloads and never shown as pages."""

from __future__ import annotations

import asyncio
import base64
import re
from urllib.parse import quote

from sanic import Blueprint, HTTPResponse, Request

from claims.api.bodies import answer
from claims.api.evidence_schemas import StaffEvidenceItem, StaffEvidenceList
from claims.api.operations import Operation, serve, services_of
from claims.domain.evidence import Evidence, EvidenceType, download_name
from claims.domain.staff import Permission, StaffMember
from claims.service.evidence_reading import list_for_staff, read_copy, read_original

blueprint = Blueprint("evidence_files")

_FILE = "/v1/staff/evidence/<evidence:str>"
_ERRORS = {
    404: ("evidence_not_found",),
    409: ("evidence_not_readable",),
    503: ("evidence_store_unavailable",),
}


@serve(
    blueprint,
    Operation(
        "GET",
        "/v1/staff/claims/<reference:str>/evidence",
        "The evidence of a claim; unscanned: nobody looked for viruses. A limited number of files, so in one part.",
        answers={200: StaffEvidenceList},
        errors={404: ("claim_not_found",)},
        staff=Permission.READ_EVIDENCE,
    ),
)
async def list_all(request: Request, reference: str, staff: StaffMember) -> HTTPResponse:
    """List evidence."""
    found = await asyncio.to_thread(list_for_staff, services_of(request), reference.upper(), staff)
    return answer(StaffEvidenceList([_item(evidence) for evidence in found]))


@serve(
    blueprint,
    Operation(
        "GET",
        f"{_FILE}/content",
        "A file to look at: images as a copy without metadata, other files as they came.",
        answers={200: None},
        errors=_ERRORS,
        staff=Permission.READ_EVIDENCE,
        content_type="*/*",
    ),
)
async def content(request: Request, evidence: str, staff: StaffMember) -> HTTPResponse:
    """Send the copy."""
    found = await asyncio.to_thread(read_copy, services_of(request), evidence, staff)
    return await _send(request, found, found.copy or found.original, found.shown_type)


@serve(
    blueprint,
    Operation(
        "GET",
        f"{_FILE}/original",
        "A file for proof, as it came, with its SHA-256 in Repr-Digest (RFC 9530).",
        answers={200: None},
        errors=_ERRORS,
        staff=Permission.DECIDE_CLAIMS,
        content_type="*/*",
    ),
)
async def original(request: Request, evidence: str, staff: StaffMember) -> HTTPResponse:
    """Send the original."""
    found = await asyncio.to_thread(read_original, services_of(request), evidence, staff)
    digest = base64.b64encode(bytes.fromhex(found.sha256)).decode()
    return await _send(request, found, found.original, found.content_type, {"repr-digest": f"sha-256=:{digest}:"})


async def _send(
    request: Request, evidence: Evidence, key: str, kind: EvidenceType, more: dict[str, str] | None = None
) -> HTTPResponse:
    size, parts = await services_of(request).files.open(key)
    headers = {
        "content-disposition": _disposition(download_name(evidence.name, kind)),
        "content-length": str(size),
        "content-security-policy": "sandbox; default-src 'none'",
        "x-content-type-options": "nosniff",
    }
    response = await request.respond(headers=headers | (more or {}), content_type=kind.value)
    async for part in parts:
        await response.send(part)
    await response.eof()
    return response  # type: ignore[no-any-return]


def _disposition(name: str) -> str:
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _item(evidence: Evidence) -> StaffEvidenceItem:
    return StaffEvidenceItem(
        evidence.id,
        evidence.name,
        evidence.content_type,
        evidence.size,
        evidence.state,
        evidence.uploaded_at,
        evidence.sha256,
        evidence.uploaded_by,
        evidence.shown_type,
    )
