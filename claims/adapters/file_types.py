"""Tells what evidence is from its content, in the words of this service."""

from __future__ import annotations

from typing import IO

from claims.domain.errors import EvidenceTypeRefused
from claims.domain.evidence import EvidenceType
from common import file_types


def recognise(file: IO[bytes]) -> EvidenceType:
    """Tell which of the allowed kinds a file with something in it is; an image must still be decoded to be sure.

    Raises:
        EvidenceTypeRefused: It is none, or two things at once.
    """
    try:
        return file_types.recognise(file)
    except file_types.FileRefused as refused:
        raise refusal(refused.reason) from None


def refusal(reason: str) -> EvidenceTypeRefused:
    """The error for a file that is not taken: why, and what is."""
    return EvidenceTypeRefused(reason=reason, allowed=[kind.value for kind in EvidenceType])
