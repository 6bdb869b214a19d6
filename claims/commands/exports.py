"""`python -m claims export`: claims as CSV, for the insurer's own figures."""

from __future__ import annotations

import argparse
import os
from datetime import datetime, time
from pathlib import Path
from typing import Any

from claims.adapters.clock import BELGIUM
from claims.commands.groups import ACTOR
from claims.domain.dates import iso_date
from claims.service.figures import export_claims
from claims.service.services import Services


def add_to(groups: Any) -> None:
    """Add the command."""
    about = "Write claims as CSV, a line each, without what customers wrote."
    exporting = groups.add_parser("export", help=about, description=about)
    exporting.add_argument("file", type=Path, metavar="FILE.csv", help="must not exist yet")
    exporting.add_argument(
        "--since", type=_since, metavar="YYYY-MM-DD", help="only claims submitted from this day on, Belgian time"
    )
    exporting.set_defaults(command=_export)


def _since(text: str) -> datetime:
    day = iso_date(text)
    if day is None:
        raise argparse.ArgumentTypeError("a day looks like 2026-01-31")
    return datetime.combine(day, time(), BELGIUM)


def _export(services: Services, arguments: argparse.Namespace) -> int:
    path: Path = arguments.file
    # For its owner only, and never over a file or through a link that somebody put there.
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(opened, "w", encoding="utf-8", newline="") as file:
            count = export_claims(services, file, ACTOR, arguments.since)
    except BaseException:
        path.unlink()
        raise
    print(f"{count} claims written to {path}")
    return 0
