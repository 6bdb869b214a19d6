"""Two processes approve against one limit at the same moment, many times: it is never exceeded."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from pathlib import Path
from threading import Timer

import pytest

from claims.api.app import join
from claims.domain.claims import Claim, ClaimStatus
from claims.domain.incidents import Incident
from claims.domain.lifecycle import Step
from claims.domain.staff import Role, StaffMember
from claims.service.decisions import move_claim
from claims.service.drafts import NewDraft, amend_draft, open_draft
from claims.service.idempotency import keyed_request
from claims.service.services import Services
from claims.service.submission import submit_draft
from tests.integration.claims.claims_api import LIES, settings_for

ROOT = Path(__file__).parents[3]
ROUNDS = 25
SUPERVISOR = StaffMember("a.supervisor", "A Supervisor", Role.SUPERVISOR)

Approver = subprocess.Popen[str]


@contextmanager
def approvers(database_url: str, number: int = 2) -> Iterator[list[Approver]]:
    """Processes that wait for work; they end when their input does."""
    command = [sys.executable, "-m", "tests.integration.claims.approver", database_url]
    pipe = subprocess.PIPE
    with ExitStack() as stack:
        started = [subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) for _ in range(number)]
        for process in started:
            stack.enter_context(process)
            watchdog = Timer(120, process.kill)
            watchdog.start()
            stack.callback(watchdog.cancel)
        assert [said(process) for process in started] == ["ready"] * number
        yield started
        for process in started:
            assert process.stdin is not None
            process.stdin.close()


def tell(process: Approver, claim: Claim, amount: str) -> None:
    """Have a process approve a claim."""
    assert process.stdin is not None
    process.stdin.write(f"{claim.reference} {claim.version} {amount}\n")
    process.stdin.flush()


def said(process: Approver) -> str:
    """What a process says next."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def at_once(processes: list[Approver], claims: list[Claim], amounts: list[str]) -> list[str]:
    """Let each process approve its claim, all at the same moment."""
    for process, claim, amount in zip(processes, claims, amounts, strict=True):
        tell(process, claim, amount)
    return sorted(said(process) for process in processes)


def reviewed(services: Services, number: int, incident: Incident = Incident.NON_DELIVERY) -> Claim:
    """A claim of Lies that waits for a decision."""
    new = NewDraft(LIES, incident, "c1", "nl")
    draft = open_draft(services, new, keyed_request(f"open-{number}", "open_draft", b""))
    amend_draft(services, draft.id, LIES, {"incident_date": "2026-06-10"}, 1)
    claim, _ = submit_draft(services, draft.id, LIES, 2, keyed_request(f"submit-{number}", "submit", b""))
    return move(services, claim, ClaimStatus.IN_REVIEW)


def move(services: Services, claim: Claim, to: ClaimStatus, amount: str | None = None) -> Claim:
    """Take a claim one step further."""
    euros = None if amount is None else Decimal(amount)
    return move_claim(services, claim.reference, Step(to, claim.version, "a round", euros), SUPERVISOR)


def current(services: Services, claims: list[Claim]) -> list[Claim]:
    """The claims as they are now."""
    with services.unit() as unit:
        return [unit.claims.get(claim.reference) for claim in claims]


@pytest.fixture
def services(database_url: str) -> Iterator[Services]:
    """The service's own adapters, as the processes have them."""
    joined = join(settings_for(database_url))
    yield joined
    joined.engine.dispose()


def test_of_two_approvals_that_do_not_fit_together_exactly_one_is_made(database_url: str, services: Services) -> None:
    claims = [reviewed(services, number) for number in range(2)]
    with approvers(database_url) as processes:
        for _ in range(ROUNDS):
            assert at_once(processes, claims, ["3000", "2000.01"]) == ["approved", "limit_exceeded"]
            after = current(services, claims)
            assert sum(claim.approved_amount or 0 for claim in after) in (Decimal("3000"), Decimal("2000.01"))
            claims = [
                move(services, claim, ClaimStatus.IN_REVIEW) if claim.status is ClaimStatus.APPROVED else claim
                for claim in after
            ]


def test_the_third_claim_of_a_year_is_the_last(database_url: str, services: Services) -> None:
    claims = [reviewed(services, number, Incident.CYBERBULLYING) for number in range(4)]
    for claim in claims[:2]:
        move(services, claim, ClaimStatus.APPROVED, "0")
    rest = claims[2:]
    with approvers(database_url) as processes:
        for _ in range(ROUNDS):
            assert at_once(processes, rest, ["0", "0"]) == ["approved", "limit_exceeded"]
            rest = [
                move(services, claim, ClaimStatus.IN_REVIEW) if claim.status is ClaimStatus.APPROVED else claim
                for claim in current(services, rest)
            ]


def test_two_that_fit_are_both_made_and_one_claim_is_approved_once(database_url: str, services: Services) -> None:
    claims = [reviewed(services, number) for number in range(2)]
    same = reviewed(services, 2, Incident.IDENTITY_THEFT)
    with approvers(database_url) as processes:
        assert at_once(processes, claims, ["2500", "2500"]) == ["approved", "approved"]
        for _ in range(5):
            assert at_once(processes, [same, same], ["10", "10"]) == ["approved", "version_conflict"]
            [same] = current(services, [same])
            same = move(services, same, ClaimStatus.IN_REVIEW)
