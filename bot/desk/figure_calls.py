"""Figures and exports for supervisors, over HTTP."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sanic import HTTPResponse, Request, json, text

from bot.desk.desk import Desk
from bot.desk.exports import feedback, feedback_yaml
from bot.desk.figures import Period, figures
from bot.desk.guard import needs
from bot.desk.hours import BRUSSELS
from bot.desk.members import EXPORT, SUPERVISE, Member
from bot.desk.sheets import figures_csv
from common.errors import BadRequest

LONGEST_DAYS = 366
_USUAL_DAYS = 7


@needs(SUPERVISE)
async def read_figures(request: Request, desk: Desk, member: Member) -> HTTPResponse:
    """The figures of a period."""
    return json(await _figures(request, desk))


@needs(EXPORT)
async def export_figures(request: Request, desk: Desk, member: Member) -> HTTPResponse:
    """The same as CSV, in the language of the reader."""
    found = await _figures(request, desk)
    await desk.act(member, "figures_exported", "figures", lambda connection: None)
    return _file(figures_csv(found, request.args.get("language") or "en"), "text/csv; charset=utf-8", "figures.csv")


@needs(EXPORT)
async def export_feedback(request: Request, desk: Desk, member: Member) -> HTTPResponse:
    """What staff said messages meant, as training data."""
    found = await desk.act(member, "feedback_exported", "feedback", feedback)
    return _file(feedback_yaml(found), "application/yaml; charset=utf-8", "feedback.yml")


async def _figures(request: Request, desk: Desk) -> dict[str, Any]:
    now = desk.now()
    period = read_period(request.args.get("from") or "", request.args.get("to") or "", now)
    found = await desk.read(figures, period, desk.levels, now)
    days = period.days
    return {"from": days[0].isoformat(), "to": days[-1].isoformat(), **found}


def read_period(first: str, last: str, now: datetime) -> Period:
    """Days in Belgium, both included; without them the last week.

    Raises:
        BadRequest: They are no days, the wrong way round, or too many.
    """
    today = now.astimezone(BRUSSELS).date()
    try:
        until = date.fromisoformat(last) if last else today
        begin = date.fromisoformat(first) if first else until - timedelta(days=_USUAL_DAYS - 1)
    except ValueError:
        raise BadRequest("invalid_period", "from and to are days such as 2026-01-31.") from None
    if not 0 <= (until - begin).days < LONGEST_DAYS:
        raise BadRequest("invalid_period", f"from comes before to, and at most {LONGEST_DAYS} days.")
    return Period(_midnight(begin), _midnight(until + timedelta(days=1)))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), BRUSSELS).astimezone(UTC)


def _file(body: str, content_type: str, name: str) -> HTTPResponse:
    return text(body, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
