"""Names fit to be shown, downloads that are what they are called, and who may not read what."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.domain.claims import ClaimStatus
from claims.domain.errors import EvidenceClosed, EvidenceNotReadable
from claims.domain.evidence import (
    COPY_TYPES,
    Evidence,
    EvidenceState,
    EvidenceType,
    download_name,
    expect_taking_evidence,
)
from common.file_names import MAX_NAME, clean_name

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)


def evidence(state: EvidenceState, kind: EvidenceType = EvidenceType.PDF, copy: str | None = None) -> Evidence:
    return Evidence("e", "CYB-1001-0001", "d", "a", kind, 1, "0" * 64, state, NOW, "customer:x", "originals/o", copy)


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("photo.jpg", "photo.jpg"),
        ("C:\\Users\\Lies\\photo.jpg", "photo.jpg"),
        ("../../etc/passwd", "passwd"),
        ("a\x00b\r\nc.txt", "ab c.txt"),
        ("gpj.\u202eexe.jpg", "gpj.exe.jpg"),
        ("e\u0301cran  (1) .png", "écran (1) .png"),
        (" . ", "file"),
        ("", "file"),
        ("folder/", "file"),
        ("\ud800.txt", "txt"),
        ("x" * 400 + ".jpeg", "x" * 145 + ".jpeg"),
        ("." + "y" * 400, "y" * 150),
    ],
)
def test_a_name_is_made_fit_to_be_shown(given_name: str, shown: str) -> None:
    assert clean_name(given_name) == shown


@given(st.text(max_size=400))
def test_whatever_is_typed_gives_a_name(text: str) -> None:
    name = clean_name(text)
    assert 1 <= len(name) <= MAX_NAME
    assert not set(name) & set("/\\\0\r\n\u202e")
    assert clean_name(name) == name


@pytest.mark.parametrize(
    ("name", "kind", "saved_as"),
    [
        ("Photo.JPEG", EvidenceType.JPEG, "Photo.JPEG"),
        ("IMG_1.HEIC", EvidenceType.JPEG, "IMG_1.HEIC.jpg"),
        ("invoice.bat", EvidenceType.TEXT, "invoice.bat.txt"),
        ("page.html", EvidenceType.EMAIL, "page.html.eml"),
        ("file", EvidenceType.PDF, "file.pdf"),
    ],
)
def test_a_download_is_called_what_it_is(name: str, kind: EvidenceType, saved_as: str) -> None:
    assert download_name(name, kind) == saved_as


def test_every_kind_can_be_downloaded_and_none_is_a_page() -> None:
    assert all("." in download_name("file", kind) for kind in EvidenceType)
    assert not {kind.value for kind in EvidenceType} & {"text/html", "image/svg+xml", "application/xhtml+xml"}


@pytest.mark.parametrize("status", ClaimStatus)
def test_a_claim_takes_evidence_until_it_is_over(status: ClaimStatus) -> None:
    if status in (ClaimStatus.CLOSED, ClaimStatus.WITHDRAWN):
        with pytest.raises(EvidenceClosed):
            expect_taking_evidence(status)
    else:
        expect_taking_evidence(status)


@pytest.mark.parametrize("state", EvidenceState)
def test_only_what_is_looked_at_or_never_will_be_is_read(state: EvidenceState) -> None:
    if state in (EvidenceState.QUARANTINED, EvidenceState.INFECTED):
        with pytest.raises(EvidenceNotReadable) as refused:
            evidence(state).expect_readable()
        assert refused.value.details == {"state": state.value}
    else:
        evidence(state).expect_readable()


def test_staff_see_the_copy_where_there_is_one() -> None:
    heic = evidence(EvidenceState.CLEAN, EvidenceType.HEIC, "copies/c")
    assert (heic.shown_type, heic.keys) == (EvidenceType.JPEG, ("originals/o", "copies/c"))
    pdf = evidence(EvidenceState.CLEAN)
    assert (pdf.shown_type, pdf.keys) == (EvidenceType.PDF, ("originals/o",))
    assert set(COPY_TYPES) == {kind for kind in EvidenceType if kind.value.startswith("image/")}
