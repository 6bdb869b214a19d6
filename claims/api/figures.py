"""Figures and the export, for supervisors."""

from __future__ import annotations

import asyncio
import io

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import raw

from claims.api import figures_schemas as schemas
from claims.api.bodies import answer
from claims.api.operations import Operation, serve, services_of
from claims.domain import figures
from claims.domain.staff import Permission, StaffMember
from claims.service.figures import export_claims, read_figures

blueprint = Blueprint("figures")


@serve(
    blueprint,
    Operation(
        "GET",
        "/v1/staff/figures",
        "Open claims by age, claims by status, and the time to decision.",
        answers={200: schemas.Figures},
        staff=Permission.READ_FIGURES,
    ),
)
async def read(request: Request, staff: StaffMember) -> HTTPResponse:
    """Show the figures."""
    found = await asyncio.to_thread(read_figures, services_of(request))
    return answer(_view(found))


@serve(
    blueprint,
    Operation(
        "GET",
        "/v1/staff/export",
        "All claims as CSV, a line each, without what customers wrote.",
        query=schemas.ExportQuery,
        answers={200: None},
        content_type="text/csv",
        staff=Permission.EXPORT,
    ),
)
async def export(request: Request, staff: StaffMember, query: schemas.ExportQuery) -> HTTPResponse:
    """Export claims."""
    written = io.StringIO(newline="")
    await asyncio.to_thread(export_claims, services_of(request), written, staff.actor, query.moment())
    headers = {"content-disposition": 'attachment; filename="claims.csv"'}
    return raw(written.getvalue().encode(), content_type="text/csv; charset=utf-8", headers=headers)


def _view(found: figures.Figures) -> schemas.Figures:
    ages = [schemas.AgeGroup(group.from_days, group.to_days, group.claims) for group in found.open_by_age]
    return schemas.Figures(
        by_status={status.value: count for status, count in found.by_status.items()},
        open_by_age=ages,
        decided=found.decided,
        median_hours=found.median_hours,
        slowest_tenth_hours=found.slowest_tenth_hours,
    )
