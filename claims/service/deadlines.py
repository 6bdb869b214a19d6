"""The payout clock of claims, and reminding staff before it runs out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from claims.adapters.clock import belgian_day
from claims.domain.claims import Claim, ClaimVersion
from claims.domain.deadlines import PayoutClock, payout_clock, reminder_due
from claims.service.services import Services
from claims.service.unit_of_work import again_when_beaten


def clock_of(services: Services, claim: Claim, versions: Sequence[ClaimVersion]) -> PayoutClock | None:
    """Read the payout clock of a claim; None when there is nothing left to pay out."""
    return payout_clock(claim, versions, services.settings.payout_days, services.today(), belgian_day)


def remind(services: Services) -> int:
    """Put a mail into the outbox for each claim that is nearly due, once for each of the days in the settings.

    Returns:
        How many mails were put.
    """
    settings = services.settings
    reminders = [int(day) for day in settings.reminder_days]
    if not settings.staff_mail or not reminders:
        return 0
    days, today = timedelta(days=settings.payout_days), services.today()

    def work() -> int:
        put = 0
        with services.unit() as unit:
            for reference, counted_from in unit.search.nearly_due(today - days + timedelta(days=max(reminders))):
                due_on = counted_from + days
                reminder = reminder_due((due_on - today).days, reminders)
                shown = {"kind": "date", "value": due_on.isoformat()}
                values = {"reference": reference, "days": (due_on - today).days, "due_on": shown}
                mail = {"to": settings.staff_mail, "template": "reminder_mail", "language": "en", "values": values}
                key = f"reminder:{reference}:{reminder}"
                put += unit.outbox.put(services.ids.token(), "mail", key, mail, services.now())
            unit.commit()
        return put

    # Several processes remind: whoever comes second finds the keys taken.
    return again_when_beaten(work)
