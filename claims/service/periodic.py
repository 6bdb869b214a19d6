"""The work nobody asks for: sending what waits, reminding, scanning, tidying up, each in its own time."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from threading import Event, Thread

import structlog

from claims.adapters.outbox import EVENT, MAIL
from claims.service.conversation_evidence import settle_held
from claims.service.deadlines import remind
from claims.service.evidence_upkeep import scan_waiting, sweep
from claims.service.outbox_delivery import deliver_due
from claims.service.services import Services

_LONGEST_PAUSE_SECONDS = 60.0


@dataclass(frozen=True)
class Job:
    """One piece of work.

    Attributes:
        seconds: The pause between two runs.
        work: What to do; every process does it, so it must bear being done twice at the same moment.
        woken: Also done as soon as something was put into the outbox.
    """

    name: str
    seconds: float
    work: Callable[[Services], object]
    woken: bool = False


class Periodic:
    """Runs jobs, each in a thread of its own: one that hangs or fails holds up no other."""

    def __init__(self, services: Services, jobs: list[Job] | None = None) -> None:
        self._services, self._stopping = services, Event()
        self._jobs = self._usual() if jobs is None else jobs
        self._threads: list[Thread] = []

    def start(self) -> None:
        """Begin; every job is run once at the start."""
        for job in self._jobs:
            # A daemon: a mail server that hangs must not keep the process from ending.
            thread = Thread(target=self._repeat, args=(job,), name=f"periodic-{job.name}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self, seconds: float = 10.0) -> None:
        """End after what is being done now, or after `seconds`; what is not done by then is done after a start."""
        self._stopping.set()
        self._services.bell.ring()
        end = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))

    def step(self, job: Job) -> bool:
        """Do a job once; False when it failed."""
        try:
            job.work(self._services)
        except Exception as error:  # whatever it is, it is tried again
            # Only the kind: what a database or a server says can hold what a person typed.
            structlog.get_logger().error("periodic.failed", job=job.name, kind=type(error).__name__)
            return False
        return True

    def _repeat(self, job: Job) -> None:
        failures = heard = 0
        while not self._stopping.is_set():
            failures = 0 if self.step(job) else failures + 1
            pause = rest(job.seconds, failures)
            if job.woken:
                heard = self._services.bell.wait(heard, pause)
            else:
                self._stopping.wait(pause)

    def _usual(self) -> list[Job]:
        stopping = self._stopping.is_set
        return [
            Job("mails", 1, partial(deliver_due, kind=MAIL, stopping=stopping), woken=True),
            Job("events", 1, partial(deliver_due, kind=EVENT, stopping=stopping), woken=True),
            Job("reminders", 600, remind),
            Job("scanning", 30, scan_waiting),
            Job("held evidence", 60, settle_held),
            Job("sweeping", 3600, sweep),
        ]


def rest(seconds: float, failures: int) -> float:
    """The pause before the next run: longer, up to a minute, while a job that runs often fails."""
    return min(seconds * 2.0 ** min(failures, 16), max(seconds, _LONGEST_PAUSE_SECONDS))
