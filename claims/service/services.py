"""What the use cases need, gathered in one place so that tests can bring their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Engine

from claims.adapters.clock import Clock, belgian_day
from claims.adapters.customer_tokens import CustomerTokens
from claims.adapters.ids import Ids
from claims.adapters.mail import Mailer
from claims.service.background import Background
from claims.service.unit_of_work import UnitOfWork
from claims.settings import Settings


@dataclass(frozen=True)
class Services:
    """The adapters, joined."""

    settings: Settings
    engine: Engine
    clock: Clock
    ids: Ids
    mailer: Mailer
    tokens: CustomerTokens
    background: Background

    def unit(self) -> UnitOfWork:
        """Begin a unit of work."""
        return UnitOfWork(self.engine)

    def now(self) -> datetime:
        """Tell the time."""
        return self.clock()

    def today(self) -> date:
        """Tell which day it is in Belgium."""
        return belgian_day(self.clock())
