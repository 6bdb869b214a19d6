"""Imports policies from a file: good ones are kept, bad lines are reported, and doing it again changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from claims.adapters.policy_csv import BadLine, PolicyFileRefused, read_policies
from claims.domain.actors import Actor
from claims.domain.policies import Policy
from claims.service.services import Services
from claims.service.unit_of_work import again_when_beaten

# So many in one unit of work: on SQLite nobody else can write meanwhile.
_BATCH = 100
COMMAND_LINE = Actor.system("command line")


@dataclass(frozen=True)
class ImportReport:
    """What became of a file.

    Attributes:
        unchanged: Policies that were here already, exactly so.
        left_out: Policies that were not taken, for a bad line.
        bad_lines: Each with its number and reason, never with what it holds.
    """

    added: int
    changed: int
    unchanged: int
    left_out: int
    bad_lines: tuple[BadLine, ...]


def import_policies(services: Services, path: Path, actor: Actor = COMMAND_LINE) -> ImportReport:
    """Take the policies of a CSV file in place of those with the same reference; what was handled before stays.

    Args:
        services: The adapters.
        path: The file, as `claims.adapters.policy_csv` describes it.
        actor: Who imports it, for the audit trail.

    Raises:
        PolicyFileRefused: The file as a whole cannot be imported; nothing was.
    """
    if services.policy_source is not None:
        raise PolicyFileRefused(
            "CLAIMS_OPERATOR_URL is set: policies come from there, and would soon replace what a file says."
        )
    file = read_policies(path, services.today())
    batches = [file.policies[start : start + _BATCH] for start in range(0, len(file.policies), _BATCH)] or [()]
    whole = {"sha256": file.sha256, "left_out": file.left_out, "bad_lines": len(file.bad_lines), "parts": len(batches)}
    counted: Counter[str] = Counter()
    for part, policies in enumerate(batches, start=1):
        counted += again_when_beaten(partial(_keep, services, policies, actor, whole | {"part": part}))
    kept = (counted["added"], counted["changed"], counted["unchanged"])
    return ImportReport(*kept, left_out=file.left_out, bad_lines=file.bad_lines)


def _keep(services: Services, policies: Sequence[Policy], actor: Actor, details: dict[str, Any]) -> Counter[str]:
    counted = Counter(added=0, changed=0, unchanged=0)
    with services.unit() as unit:
        for policy in policies:
            before = unit.policies.find(policy.reference)
            counted["added" if before is None else "unchanged" if before == policy else "changed"] += 1
            if before != policy:
                unit.policies.put(policy)
        unit.audit.add(actor, "policies_imported", "policies", services.now(), **details, **counted)
        unit.commit()
    return counted
