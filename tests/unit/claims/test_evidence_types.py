"""What a file is comes from its content alone, and what is two things at once is not taken."""

from __future__ import annotations

import random
import zipfile
from contextlib import suppress
from io import BytesIO
from typing import Any

import pillow_heif
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from claims.adapters.file_types import recognise
from claims.domain.errors import EvidenceTypeRefused
from claims.domain.evidence import EvidenceType

pillow_heif.register_heif_opener()

PDF = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"
MAIL = b"From: a@example.be\r\nDate: Mon, 15 Jun 2026 10:00:00 +0200\r\nSubject: x\r\n\r\n<html><body>hello\r\n"


def image(kind: str, **how: Any) -> bytes:
    written = BytesIO()
    Image.new("RGB", (8, 8), "red").save(written, kind, **how)
    return written.getvalue()


def archive() -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as folder:
        folder.writestr("run.class", b"x")
    return written.getvalue()


def reason_against(content: bytes) -> str:
    with pytest.raises(EvidenceTypeRefused) as refused:
        recognise(BytesIO(content))
    assert refused.value.details["allowed"] == [kind.value for kind in EvidenceType]
    return str(refused.value.details["reason"])


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (image("JPEG"), EvidenceType.JPEG),
        (image("PNG"), EvidenceType.PNG),
        (image("WEBP"), EvidenceType.WEBP),
        (image("GIF"), EvidenceType.GIF),
        (image("HEIF"), EvidenceType.HEIC),
        (PDF, EvidenceType.PDF),
        (MAIL, EvidenceType.EMAIL),
        (b"Received: from x\r\nFrom: a@b.be\r\n\r\nh\xe9\r\n", EvidenceType.EMAIL),
        (b"From a@b.be Mon Jun 15\nFrom: a@b.be\nMessage-ID: <x>\n\nh", EvidenceType.EMAIL),
        ("[15/06, 10:00] Lies: \u200eécoute 🛒\n".encode(), EvidenceType.TEXT),
        ("\ufeffwith a mark".encode(), EvidenceType.TEXT),
        ("Windows schrijft dit: é".encode("utf-16"), EvidenceType.TEXT),
        ("een oude pc: café € 240".encode("cp1252"), EvidenceType.TEXT),
        (b"From: a heading, and no mail\n\nDate: later", EvidenceType.TEXT),
        (b"BMW 240 euro, PK 7, MZ, II, RI", EvidenceType.TEXT),
        (b"amount < 5000 and > 0", EvidenceType.TEXT),
        (b"x" * 70_000 + "é".encode() * 40_000, EvidenceType.TEXT),
    ],
)
def test_what_is_taken(content: bytes, kind: EvidenceType) -> None:
    assert recognise(BytesIO(content)) is kind


@pytest.mark.parametrize(
    "content",
    [
        b"<!DOCTYPE html><p>hello",
        b"  \n <html><script>alert(1)</script>",
        b"hello <script>alert(1)</script>",
        "<html>é".encode("utf-16"),
        b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<svg onload=alert(1)>",
        b"#!/bin/sh\nrm -rf /\n",
        b"{\\rtf1 hello}",
        b"%!PS-Adobe-3.0\n",
        b"MZ\x90\x00" + bytes(200),
        b"\x7fELF" + bytes(200),
        archive(),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        b"text and then\x00zero",
        b"colour \x1b[31m of a terminal",
        "no mark before it: é".encode("utf-16-le"),
        MAIL + b"\x00",
        image("TIFF"),
        image("BMP"),
        image("AVIF"),
        image("ICO"),
        b"\x00",
    ],
)
def test_what_is_not_taken(content: bytes) -> None:
    assert reason_against(content) == "not_allowed"


@pytest.mark.parametrize("content", [b"%PDF-1.4\nno end", b"%PDF-x\n%%EOF", b"%PDF"])
def test_a_document_that_only_begins_or_ends_as_one(content: bytes) -> None:
    assert reason_against(content) == "damaged"


@pytest.mark.parametrize("content", [image("JPEG") + archive(), image("GIF") + archive(), PDF + archive() + b"%%EOF"])
def test_an_archive_behind_something_else(content: bytes) -> None:
    assert reason_against(content) == "archive_inside"


@pytest.mark.parametrize(
    "content",
    [
        image("JPEG", comment=b"<SCRIPT>alert(1)</SCRIPT>"),
        image("GIF", comment=b"<!doctype HTML>"),
        image("PNG") + b"<?php system($_GET[0]);",
        # Across two of the parts it is read in.
        image("JPEG").ljust(64 * 1024 - 4, b"\0") + b"<html>",
    ],
)
def test_a_page_within_a_picture(content: bytes) -> None:
    assert reason_against(content) == "page_inside"


def test_noise_is_nothing() -> None:
    chance = random.Random(4)
    assert {reason_against(chance.randbytes(400)) for _ in range(50)} == {"not_allowed"}


@given(st.binary(min_size=1, max_size=300))
def test_whatever_comes_is_recognised_or_refused(content: bytes) -> None:
    with suppress(EvidenceTypeRefused):
        assert recognise(BytesIO(content)) in EvidenceType
