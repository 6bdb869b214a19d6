"""Conversations, as the bot knows them: files from a customer who need not be identified, and where they go."""

from __future__ import annotations

import asyncio
import re
from functools import partial
from urllib.parse import unquote

from msgspec import Struct
from sanic import Blueprint, HTTPResponse, Request

from claims.api.bodies import answer
from claims.api.evidence import in_worker, receive, upload_of
from claims.api.operations import Operation, serve, services_of
from claims.api.schemas import Body
from claims.domain.evidence import EvidenceState, EvidenceType
from claims.service.conversation_evidence import Destination, Given, find_destination, give
from common.errors import Unprocessable

blueprint = Blueprint("conversations")

_CONVERSATION = "/v1/conversations/<conversation:str>"
# Short enough to stand in the trail with a word in front of it.
_ID = re.compile(r"[\x21-\x7e]{1,80}")


class ConversationView(Struct, frozen=True):
    """`evidence_to` is draft, claim, or held: kept until there is a draft; `claim` is the claim it would go to."""

    evidence_to: str
    claim: str | None
    claims: list[str]


class GivenEvidence(Struct, frozen=True):
    """A file that was taken, and where it went."""

    id: str
    name: str
    type: EvidenceType
    size: int
    state: EvidenceState
    evidence_to: str
    claim: str | None


class GivingQuery(Body, frozen=True):
    """`coming`: the file is for a draft that is about to be made."""

    coming: bool = False


@serve(
    blueprint,
    Operation(
        "GET",
        _CONVERSATION,
        "The claims of a conversation, and where a file given in it would go.",
        answers={200: ConversationView},
        errors={422: ("invalid_conversation",)},
    ),
)
async def show(request: Request, conversation: str) -> HTTPResponse:
    """Show where evidence goes."""
    found = await asyncio.to_thread(find_destination, services_of(request), _id(conversation))
    return answer(_view(found))


@serve(
    blueprint,
    Operation(
        "POST",
        f"{_CONVERSATION}/evidence",
        "Give a file from a conversation: to its draft or open claim, whichever changed last; without one it is held "
        "for thirty days and goes to the first draft. `coming`: an intake runs whose draft is not there yet, so it is "
        "held for that one, whatever else is open. The same file again is the same evidence (200).",
        answers={201: GivenEvidence, 200: GivenEvidence},
        errors={
            409: ("already_submitted", "evidence_closed"),
            413: ("too_large",),
            422: ("invalid_conversation", "evidence_type_refused", "evidence_empty", "too_many_files"),
            503: ("busy", "evidence_store_unavailable"),
        },
        upload=True,
        query=GivingQuery,
    ),
)
async def take(request: Request, conversation: str, query: GivingQuery) -> HTTPResponse:
    """Take a file."""
    name = _id(conversation)
    with upload_of(request) as upload:
        await receive(request, upload)
        given = await in_worker(partial(give, services_of(request), name, upload, coming=query.coming))
    return answer(_given(given), status=201 if given.created else 200)


def _id(text: str) -> str:
    conversation = unquote(text)
    if not _ID.fullmatch(conversation):
        raise Unprocessable("invalid_conversation", "The id of a conversation has 1 to 80 visible ASCII characters.")
    return conversation


def _view(found: Destination) -> ConversationView:
    return ConversationView(found.kind, found.reference, list(found.claims))


def _given(given: Given) -> GivenEvidence:
    evidence, to = given.evidence, given.destination
    kind, size, state = evidence.content_type, evidence.size, evidence.state
    return GivenEvidence(evidence.id, evidence.name, kind, size, state, to.kind, to.reference)
