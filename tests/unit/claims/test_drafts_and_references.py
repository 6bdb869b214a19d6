"""Drafts move by versions; references can be read out."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from claims.domain.claims import MAX_ANSWERS, Draft
from claims.domain.errors import AlreadySubmitted, TooManyAnswers, VersionConflict
from claims.domain.incidents import Incident
from claims.domain.references import ALPHABET, claim_reference

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
DRAFT = Draft("d1", "CYB-1001-0001", Incident.PHISHING, "c1", "nl", NOW, NOW)


def test_answers_are_added_corrected_and_taken_back() -> None:
    first = DRAFT.amended({"amount": "10", "bank": "x"}, 1, LATER)
    second = first.amended({"amount": "20", "bank": None}, 2, LATER, Incident.PAYMENT_FRAUD)
    assert second.answers == {"amount": "20"}
    assert (second.version, second.incident, second.updated_at) == (3, Incident.PAYMENT_FRAUD, LATER)
    assert DRAFT.answers == {}


def test_an_old_version_is_refused_with_the_current_one() -> None:
    with pytest.raises(VersionConflict) as caught:
        replace(DRAFT, version=4).amended({}, 3, LATER)
    assert caught.value.details == {"version": 4}


def test_a_submitted_draft_stays_as_it_is() -> None:
    submitted = DRAFT.submitted(1, LATER)
    for change in (
        lambda: submitted.amended({}, 2, LATER),
        lambda: submitted.submitted(2, LATER),
        submitted.expect_open,
    ):
        with pytest.raises(AlreadySubmitted):
            change()


def test_answers_are_limited() -> None:
    full = DRAFT.amended({"a" * (n + 1): "x" for n in range(MAX_ANSWERS)}, 1, LATER)
    with pytest.raises(TooManyAnswers):
        full.amended({"one_more": "x"}, 2, LATER)


def test_references_have_no_letters_people_mix_up() -> None:
    made = {claim_reference(2026, random.Random(seed).choice) for seed in range(200)}
    assert all(re.fullmatch(rf"CC-2026-[{ALPHABET}]{{6}}", reference) for reference in made)
    assert len(made) == 200
    assert not set(ALPHABET) & set("0O1IL5SBUZ")
    assert "CC-2026-7K4M2P"[8:].strip(ALPHABET) == ""
