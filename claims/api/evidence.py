"""Evidence for customers: files come in streamed, and go out to staff only."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar
from urllib.parse import unquote

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import empty

from claims.adapters.uploads import Upload
from claims.api.bodies import answer
from claims.api.evidence_schemas import EvidenceItem, EvidenceList
from claims.api.operations import Operation, serve, services_of
from claims.domain.evidence import Evidence
from claims.service import evidence as service
from claims.service.evidence import Home
from common.file_names import clean_name
from common.uploads import parts_of_body

blueprint = Blueprint("evidence")

T = TypeVar("T")

_OF_DRAFT = "/v1/drafts/<draft:str>/evidence"
_OF_CLAIM = "/v1/claims/<reference:str>/evidence"
_REFUSED = ("evidence_type_refused", "evidence_empty", "too_many_files")
_UNAVAILABLE = ("busy", "evidence_store_unavailable")
# Two at a time, in threads of their own: decoding a picture takes seconds and some hundred megabytes, and must not
# take the threads that the other calls need.
_WORKERS = ThreadPoolExecutor(max_workers=2, thread_name_prefix="evidence")


@serve(
    blueprint,
    Operation(
        "POST",
        _OF_DRAFT,
        "Give a file for a draft: the body is the file, X-File-Name its name in percent-encoded UTF-8. The same file "
        "again is the same evidence (200).",
        answers={201: EvidenceItem, 200: EvidenceItem},
        errors={
            404: ("draft_not_found",),
            409: ("already_submitted",),
            413: ("too_large",),
            422: _REFUSED,
            503: _UNAVAILABLE,
        },
        customer=True,
        upload=True,
    ),
)
async def give_for_draft(request: Request, draft: str, customer: str) -> HTTPResponse:
    """Take a file for a draft."""
    return await _take(request, Home("draft", draft, customer))


@serve(
    blueprint,
    Operation(
        "POST",
        _OF_CLAIM,
        "Give a file for a claim that is not closed or withdrawn, as for a draft.",
        answers={201: EvidenceItem, 200: EvidenceItem},
        errors={
            404: ("claim_not_found",),
            409: ("evidence_closed",),
            413: ("too_large",),
            422: _REFUSED,
            503: _UNAVAILABLE,
        },
        customer=True,
        upload=True,
    ),
)
async def give_for_claim(request: Request, reference: str, customer: str) -> HTTPResponse:
    """Take a file for a claim."""
    return await _take(request, Home("claim", reference.upper(), customer))


@serve(
    blueprint,
    Operation(
        "GET",
        _OF_DRAFT,
        "The evidence of a draft; a limited number of files, so in one part.",
        answers={200: EvidenceList},
        errors={404: ("draft_not_found",)},
        customer=True,
    ),
)
async def list_of_draft(request: Request, draft: str, customer: str) -> HTTPResponse:
    """List the evidence of a draft."""
    return await _list(request, Home("draft", draft, customer))


@serve(
    blueprint,
    Operation(
        "GET",
        _OF_CLAIM,
        "The evidence of a claim, also what was given while it was a draft.",
        answers={200: EvidenceList},
        errors={404: ("claim_not_found",)},
        customer=True,
    ),
)
async def list_of_claim(request: Request, reference: str, customer: str) -> HTTPResponse:
    """List the evidence of a claim."""
    return await _list(request, Home("claim", reference.upper(), customer))


@serve(
    blueprint,
    Operation(
        "DELETE",
        f"{_OF_DRAFT}/<evidence:str>",
        "Take a file back while it belongs to a draft.",
        answers={204: None},
        errors={404: ("draft_not_found", "evidence_not_found"), 409: ("already_submitted",)},
        customer=True,
    ),
)
async def take_back(request: Request, draft: str, evidence: str, customer: str) -> HTTPResponse:
    """Take a file back."""
    await asyncio.to_thread(service.remove_evidence, services_of(request), draft, customer, evidence)
    return empty()


async def receive(request: Request, upload: Upload) -> None:
    """Write a body to disk while it comes.

    Raises:
        TooLarge: It has more bytes than the settings allow.
    """
    async for part in parts_of_body(request, services_of(request).settings.evidence_max_bytes):
        await asyncio.to_thread(upload.write, part)


def upload_of(request: Request) -> Upload:
    """An empty upload with the name the sender gives."""
    return Upload(clean_name(unquote(request.headers.get("x-file-name", ""))))


async def in_worker(work: Callable[[], T]) -> T:
    """Run what may decode a picture."""
    return await asyncio.get_running_loop().run_in_executor(_WORKERS, work)


async def _take(request: Request, home: Home) -> HTTPResponse:
    services = services_of(request)
    await asyncio.to_thread(service.expect_open, services, home)
    with upload_of(request) as upload:
        await receive(request, upload)
        kept, created = await in_worker(partial(service.add_evidence, services, home, upload))
    return answer(_item(kept), status=201 if created else 200)


async def _list(request: Request, home: Home) -> HTTPResponse:
    found = await asyncio.to_thread(service.list_evidence, services_of(request), home)
    return answer(EvidenceList([_item(evidence) for evidence in found]))


def _item(evidence: Evidence) -> EvidenceItem:
    return EvidenceItem(
        evidence.id, evidence.name, evidence.content_type, evidence.size, evidence.state, evidence.uploaded_at
    )
