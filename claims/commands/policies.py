"""`python -m claims policies import`: policies from a file, for installations without the operator's system."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from claims.adapters.policy_csv import PolicyFileRefused
from claims.commands.groups import ACTOR, group
from claims.service.policy_import import import_policies
from claims.service.services import Services


def add_to(groups: Any) -> None:
    """Add the commands of this group."""
    commands = group(groups, "policies", "Policies.")
    about = "Take policies from a file; bad lines are printed and their policies left out, good ones are kept."
    importing = commands.add_parser("import", help="take policies from a file", description=about)
    importing.add_argument("file", type=Path, metavar="FILE.csv")
    importing.set_defaults(command=_import)


def _import(services: Services, arguments: argparse.Namespace) -> int:
    try:
        report = import_policies(services, arguments.file, ACTOR)
    except PolicyFileRefused as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    for bad in report.bad_lines:
        print(f"line {bad.number}: {bad.reason}", file=sys.stderr)
    print(
        f"{report.added} policies added, {report.changed} changed, {report.unchanged} as they were, "
        f"{report.left_out} left out"
    )
    return 1 if report.bad_lines else 0
