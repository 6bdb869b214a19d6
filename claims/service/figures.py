"""Figures and exports for supervisors."""

from __future__ import annotations

import csv
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any, TextIO

from claims.adapters.figures import ClaimRow
from claims.domain.actors import Actor
from claims.domain.figures import Figures, figures
from claims.service.services import Services

COLUMNS = tuple(field.name for field in fields(ClaimRow))
# A spreadsheet would run a cell that begins like a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def read_figures(services: Services) -> Figures:
    """Work out the figures as they are now."""
    with services.unit() as unit:
        return figures(unit.figures.times(), services.now())


def export_claims(services: Services, file: TextIO, actor: Actor, since: datetime | None = None) -> int:
    """Write claims as CSV, a line each, with a line in the audit trail.

    Args:
        services: The adapters.
        file: Opened for text with newline="".
        actor: Who exports.
        since: Only claims submitted from then on.

    Returns:
        How many claims were written.
    """
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    with services.unit() as unit:
        count = 0
        for count, row in enumerate(unit.figures.rows(since), start=1):  # noqa: B007 - the last count is the answer
            writer.writerow([_cell(value) for value in asdict(row).values()])
        unit.audit.add(actor, "claims_exported", "claims", services.now(), claims=count)
        unit.commit()
    return count


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = value.isoformat(timespec="seconds") if isinstance(value, datetime) else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
