"""Reading the audit trail, and showing that nobody tampered with it."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy.exc import DataError

from claims.adapters.audit import FIRST, Audit
from claims.domain.staff import StaffMember
from claims.service.services import Services
from claims.service.unit_of_work import UnitOfWork

_BATCH = 1000


class Break(StrEnum):
    """How the chain breaks."""

    CHANGED = "changed"
    MISSING = "missing"
    REORDERED = "reordered"
    UNLINKED = "unlinked"
    CUT = "cut"
    REWRITTEN = "rewritten"


@dataclass(frozen=True)
class Head:
    """The last entry at some moment; noted elsewhere, it shows later that nothing was cut off since."""

    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


@dataclass(frozen=True)
class Verdict:
    """What checking the chain showed.

    Attributes:
        head: The last entry up to which everything fits; its number says how many entries that are.
        broken_at: The number of the first entry that does not fit, if one does not.
        how: How it does not fit.
    """

    head: Head
    broken_at: int | None = None
    how: Break | None = None


def verify(services: Services, noted: Head | None = None) -> Verdict:
    """Walk the chain from its beginning; others may add to it meanwhile.

    Args:
        services: The adapters.
        noted: A head that was written down before: without it, entries cut off at the end leave no trace.
    """
    last = Head(0, FIRST)
    while True:
        with services.unit() as unit:
            batch = _batch(unit, last.number)
            if batch is None:
                return Verdict(last, last.number + 1, Break.CHANGED)
            for entry in batch:
                how = _break(unit.audit, last, entry, noted)
                if how is not None:
                    return Verdict(last, last.number + 1, how)
                last = Head(entry["number"], entry["hash"])
        if not batch:
            cut = noted is not None and noted.number > last.number
            return Verdict(last, last.number + 1, Break.CUT) if cut else Verdict(last)


def read_trail(
    services: Services,
    reader: StaffMember,
    limit: int,
    *,
    before: int | None = None,
    subject: str | None = None,
    actor: str | None = None,
) -> list[Mapping[str, Any]]:
    """List entries, the newest first; that somebody looked becomes an entry too.

    Args:
        services: The adapters.
        reader: Who looks.
        limit: How many at most.
        before: Only entries with a lower number.
        subject: Only what was done to this, for example `claim:CC-2026-7K4M2P`.
        actor: Only what this one did, for example `staff:lies.handler`.
    """
    with services.unit() as unit:
        found = unit.audit.part(limit, before=before, subject=subject, actor=actor)
        unit.audit.add(reader.actor, "audit_read", "audit", services.now(), entries=len(found))
        unit.commit()
    return found


def _batch(unit: UnitOfWork, after: int) -> list[Mapping[str, Any]] | None:
    """Read the next entries, one at a time where one of them cannot be read; None when that is the next one."""
    for size in (_BATCH, 1):
        try:
            return list(unit.audit.entries(after, size))
        except (ValueError, DataError):
            # Somebody wrote what is no date or no JSON into the table.
            continue
    return None


def _break(audit: Audit, last: Head, entry: Mapping[str, Any], noted: Head | None) -> Break | None:
    number = last.number + 1
    if entry["number"] != number:
        return Break.MISSING
    if not _fits(audit, entry):
        return Break.REORDERED if _fits_elsewhere(audit, entry) else Break.CHANGED
    if entry["previous"] != last.hash:
        return Break.UNLINKED
    if noted is not None and noted.number == number and noted.hash != entry["hash"]:
        return Break.REWRITTEN
    return None


def _fits(audit: Audit, entry: Mapping[str, Any]) -> bool:
    return hmac.compare_digest(audit.hash_of(entry), entry["hash"])


def _fits_elsewhere(audit: Audit, entry: Mapping[str, Any]) -> bool:
    """Tell whether an entry is a true one under another number; looked for once, at the first break."""
    highest, _ = audit.head()
    return any(_fits(audit, {**entry, "number": number}) for number in range(1, highest + 1))
