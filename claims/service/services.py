"""What the use cases need, gathered in one place so that tests can bring their own."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Engine

from claims.adapters.clock import Clock, belgian_day
from claims.adapters.customer_tokens import CustomerTokens
from claims.adapters.events import EventSender
from claims.adapters.files import EvidenceFiles
from claims.adapters.identity_tokens import HostTokens
from claims.adapters.ids import Ids
from claims.adapters.mail import Mailer
from claims.adapters.operator_policies import PolicySource
from claims.adapters.passwords import Passwords
from claims.adapters.rules import load_rules
from claims.adapters.scanner import Scanner
from claims.adapters.second_factor import SecondFactor
from claims.domain.rules import Rulebook
from claims.service.background import Background
from claims.service.bell import Bell
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
    passwords: Passwords
    second_factor: SecondFactor
    background: Background
    policy_source: PolicySource | None
    host_tokens: HostTokens | None
    files: EvidenceFiles
    scanner: Scanner | None
    events: EventSender | None = None
    bell: Bell = field(default_factory=Bell)

    def unit(self) -> UnitOfWork:
        """Begin a unit of work."""
        return UnitOfWork(self.engine, self.settings.audit_secret, self.bell.ring)

    @property
    def rules(self) -> Rulebook:
        """The rules of the check of cover, read once."""
        return load_rules(self.settings.cover_rules)

    def now(self) -> datetime:
        """Tell the time."""
        return self.clock()

    def today(self) -> date:
        """Tell which day it is in Belgium."""
        return belgian_day(self.clock())
