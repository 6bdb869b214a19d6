"""Tells what a file is from its content; its name and what the sender says about it count for nothing.

Both doors for files use it: the bot when a customer gives one, and the claims backend, which trusts nobody.
"""

from __future__ import annotations

import codecs
import re
import zipfile
from collections.abc import Iterator
from email.parser import BytesHeaderParser
from enum import StrEnum
from itertools import chain
from typing import IO

import puremagic


class FileType(StrEnum):
    """The kinds of files that are taken as evidence.

    Screenshots, photos, bank statements, saved chats and saved mails are what the police and Safeonweb ask victims to
    keep (https://safeonweb.be/en/when-file-report). What can run or be opened as a page is not among them.
    """

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    GIF = "image/gif"
    HEIC = "image/heic"
    PDF = "application/pdf"
    TEXT = "text/plain"
    EMAIL = "message/rfc822"


class FileRefused(Exception):
    """A file is none of these, or two things at once; `reason` says which."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


_PART_BYTES = 64 * 1024
_BEGINNING = 1024
_HEADERS = 64 * 1024
_MAGIC = {
    "image/jpeg": FileType.JPEG,
    "image/png": FileType.PNG,
    "image/webp": FileType.WEBP,
    "image/gif": FileType.GIF,
    "image/heic": FileType.HEIC,
    "image/heif": FileType.HEIC,
    "application/pdf": FileType.PDF,
}
_MARKUP = re.compile(r"<(!doctype|!--|\?xml|\?php|html|head|body|script|iframe|style|svg|meta|table|div)\b", re.I)
# Long enough never to be met by chance among the bytes of a picture.
_PAGE = re.compile(rb"<script|<html|<!doctype html|<\?php", re.I)
_PROGRAM = ("#!", "{\\rtf", "%!")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_HEADER = re.compile(rb"(From |[!-9;-~]+:)")
_MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def recognise(file: IO[bytes]) -> FileType:
    """Tell which of the allowed kinds a file with something in it is; an image must still be decoded to be sure.

    Raises:
        FileRefused: It is none, or two things at once.
    """
    kind = _by_magic(file) or _by_reading(file)
    if kind is None:
        raise FileRefused("not_allowed")
    if kind is not FileType.EMAIL and zipfile.is_zipfile(file):
        # An archive is read from its end, so it can hang on to anything.
        raise FileRefused("archive_inside")
    if kind.startswith("image/") and _holds_page(file):
        raise FileRefused("page_inside")
    return kind


def parts_of(file: IO[bytes]) -> Iterator[bytes]:
    """Read a file from its beginning, in parts."""
    file.seek(0)
    while part := file.read(_PART_BYTES):
        yield part


def _by_magic(file: IO[bytes]) -> FileType | None:
    file.seek(0)
    try:
        matches = puremagic.magic_stream(file)
    except puremagic.PureError:
        return None
    kind = next((_MAGIC[match.mime_type] for match in matches if match.mime_type in _MAGIC), None)
    if kind is FileType.PDF and not _is_pdf(file):
        raise FileRefused("damaged")
    return kind


def _is_pdf(file: IO[bytes]) -> bool:
    """Readers look for the beginning within a kilobyte, which lets other files pass as one; here it must be first."""
    file.seek(0)
    first = file.read(8)
    size = file.seek(0, 2)
    file.seek(max(0, size - 2 * _BEGINNING))
    return re.match(rb"%PDF-\d\.\d", first) is not None and b"%%EOF" in file.read()


def _by_reading(file: IO[bytes]) -> FileType | None:
    file.seek(0)
    first = file.read(_HEADERS)
    if _is_mail(first) and all(b"\0" not in part for part in parts_of(file)):
        return FileType.EMAIL
    codings = [coding for mark, coding in _MARKS.items() if first.startswith(mark)] or ["utf-8-sig", "cp1252"]
    return FileType.TEXT if any(_is_text(file, coding) for coding in codings) else None


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
