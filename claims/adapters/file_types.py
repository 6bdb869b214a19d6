"""Tells what a file is from its content; its name and what the sender says about it count for nothing."""

from __future__ import annotations

import codecs
import re
import zipfile
from email.parser import BytesHeaderParser
from itertools import chain
from typing import IO

import puremagic

from claims.adapters.uploads import parts_of
from claims.domain.errors import EvidenceTypeRefused
from claims.domain.evidence import COPY_TYPES, EvidenceType

_BEGINNING = 1024
_HEADERS = 64 * 1024
_MAGIC = {
    "image/jpeg": EvidenceType.JPEG,
    "image/png": EvidenceType.PNG,
    "image/webp": EvidenceType.WEBP,
    "image/gif": EvidenceType.GIF,
    "image/heic": EvidenceType.HEIC,
    "image/heif": EvidenceType.HEIC,
    "application/pdf": EvidenceType.PDF,
}
_MARKUP = re.compile(r"<(!doctype|!--|\?xml|\?php|html|head|body|script|iframe|style|svg|meta|table|div)\b", re.I)
# Long enough never to be met by chance among the bytes of a picture.
_PAGE = re.compile(rb"<script|<html|<!doctype html|<\?php", re.I)
_PROGRAM = ("#!", "{\\rtf", "%!")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_HEADER = re.compile(rb"(From |[!-9;-~]+:)")
_MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def recognise(file: IO[bytes]) -> EvidenceType:
    """Tell which of the allowed kinds a file with something in it is; an image must still be decoded to be sure.

    Raises:
        EvidenceTypeRefused: It is none, or two things at once.
    """
    kind = _by_magic(file) or _by_reading(file)
    if kind is None:
        raise refusal("not_allowed")
    if kind is not EvidenceType.EMAIL and zipfile.is_zipfile(file):
        # An archive is read from its end, so it can hang on to anything.
        raise refusal("archive_inside")
    if kind in COPY_TYPES and _holds_page(file):
        raise refusal("page_inside")
    return kind


def refusal(reason: str) -> EvidenceTypeRefused:
    """The error for a file that is not taken: why, and what is."""
    return EvidenceTypeRefused(reason=reason, allowed=[kind.value for kind in EvidenceType])


def _by_magic(file: IO[bytes]) -> EvidenceType | None:
    file.seek(0)
    try:
        matches = puremagic.magic_stream(file)
    except puremagic.PureError:
        return None
    kind = next((_MAGIC[match.mime_type] for match in matches if match.mime_type in _MAGIC), None)
    if kind is EvidenceType.PDF and not _is_pdf(file):
        raise refusal("damaged")
    return kind


def _is_pdf(file: IO[bytes]) -> bool:
    """Readers look for the beginning within a kilobyte, which lets other files pass as one; here it must be first."""
    file.seek(0)
    first = file.read(8)
    size = file.seek(0, 2)
    file.seek(max(0, size - 2 * _BEGINNING))
    return re.match(rb"%PDF-\d\.\d", first) is not None and b"%%EOF" in file.read()


def _by_reading(file: IO[bytes]) -> EvidenceType | None:
    file.seek(0)
    first = file.read(_HEADERS)
    if _is_mail(first) and all(b"\0" not in part for part in parts_of(file)):
        return EvidenceType.EMAIL
    codings = [coding for mark, coding in _MARKS.items() if first.startswith(mark)] or ["utf-8-sig", "cp1252"]
    return EvidenceType.TEXT if any(_is_text(file, coding) for coding in codings) else None


def _is_mail(first: bytes) -> bool:
    if not _HEADER.match(first):
        return False
    names = {name.lower() for name in BytesHeaderParser().parsebytes(first)}
    return "from" in names and bool(names & {"date", "message-id", "received"})


def _is_text(file: IO[bytes], coding: str) -> bool:
    decoder = codecs.getincrementaldecoder(coding)()
    try:
        for number, part in enumerate(chain(parts_of(file), [b""])):
            text = decoder.decode(part, final=not part)
            if _CONTROL.search(text) or (number == 0 and _is_program(text[:_BEGINNING])):
                return False
    except UnicodeDecodeError:
        return False
    return True


def _is_program(beginning: str) -> bool:
    return beginning.startswith(_PROGRAM) or _MARKUP.search(beginning) is not None


def _holds_page(file: IO[bytes]) -> bool:
    last = b""
    for part in parts_of(file):
        if _PAGE.search(last + part):
            return True
        last = part[-32:]
    return False
