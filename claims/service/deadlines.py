"""The payout clock of claims, and reminding staff before it runs out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from claims.adapters.clock import belgian_day
from claims.domain.claims import Claim, ClaimVersion
from claims.domain.deadlines import OVERDUE, PayoutClock, payout_clock, reminder_due
from claims.service.services import Services
from claims.service.unit_of_work import again_when_beaten


def clock_of(services: Services, claim: Claim, versions: Sequence[ClaimVersion]) -> PayoutClock | None:
    """Read the payout clock of a claim; None when there is nothing left to pay out."""
    return payout_clock(claim, versions, services.settings.payout_days, services.today(), belgian_day)


def remind(services: Services) -> int:
    """Put a mail into the outbox for each claim that is nearly due or overdue, once for each step.

    The steps are the days in the settings, and the day after the last one. When the date moves they begin anew.

    Returns:
        How many mails were put.
    """
    settings = services.settings
    if not settings.staff_mail or not settings.reminder_days:
        return 0
    steps = [*(int(day) for day in settings.reminder_days), OVERDUE]
    days, today = timedelta(days=settings.payout_days), services.today()

    def work() -> int:
        put = 0
        with services.unit() as unit:
            for reference, counted_from in unit.search.nearly_due(today - days + timedelta(days=max(steps))):
                due_on = counted_from + days
                left = (due_on - today).days
                step = reminder_due(left, steps)
                assert step is not None  # noqa: S101 - the search goes by the first step
                key, mail = _key(reference, due_on, step), _reminder(settings.staff_mail, reference, due_on, left)
                put += unit.outbox.put(services.ids.token(), "mail", key, mail, services.now())
            unit.commit()
        return put

    # Several processes remind: whoever comes second finds the keys taken.
    return again_when_beaten(work)


def _key(reference: str, due_on: date, step: int) -> str:
    """Name a reminder; the outbox sends in the order of the last part: by due date, then by the day of the reminder."""
    return f"reminder:{reference}:{due_on:%Y%m%d}{due_on - timedelta(days=step):%Y%m%d}"


def _reminder(to: str, reference: str, due_on: date, left: int) -> dict[str, Any]:
    values = {"reference": reference, "due_on": {"kind": "date", "value": due_on.isoformat()}}
    if left < 0:
        return {"to": to, "template": "overdue_mail", "language": "en", "values": values | {"days": -left}}
    return {"to": to, "template": "reminder_mail", "language": "en", "values": values | {"days": left}}
