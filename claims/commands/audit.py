"""`python -m claims audit verify`: has anybody tampered with the audit trail?"""

from __future__ import annotations

import argparse
import re
import sys
from typing import Any

from claims.commands.groups import group
from claims.service.audit import Break, Head, Verdict, verify
from claims.service.services import Services

_HEAD = re.compile(r"([0-9]{1,9}):([0-9a-f]{64})")
_SENTENCES = {
    Break.CHANGED: "was changed, or CLAIMS_AUDIT_SECRET is not the one it was written with",
    Break.MISSING: "is missing",
    Break.REORDERED: "is a true entry in the wrong place",
    Break.UNLINKED: "does not follow the entry before it",
    Break.CUT: "is missing, and all after it: the trail was cut off before the noted head",
    Break.REWRITTEN: "is not the noted head: the trail was cut off before it and written on",
}


def add_to(groups: Any) -> None:
    """Add the commands of this group."""
    commands = group(groups, "audit", "The audit trail.")
    verifying = commands.add_parser("verify", help="check every entry, and print the head to note for the next time")
    verifying.add_argument(
        "--head",
        type=_head,
        metavar="NUMBER:HASH",
        help="a head that was noted before; without it, entries cut off at the end leave no trace",
    )
    verifying.set_defaults(command=_verify)


def _head(text: str) -> Head:
    found = _HEAD.fullmatch(text)
    if found is None:
        raise argparse.ArgumentTypeError("a head looks like 17:0a1b..., as `audit verify` printed it")
    return Head(int(found[1]), found[2])


def _verify(services: Services, arguments: argparse.Namespace) -> int:
    verdict = verify(services, arguments.head)
    if verdict.how is None:
        print(f"{verdict.head.number} entries, all as they were written")
        print(f"head {verdict.head}")
        return 0
    print(_complaint(verdict, verdict.how), file=sys.stderr)
    return 1


def _complaint(verdict: Verdict, how: Break) -> str:
    return f"entry {verdict.broken_at} {_SENTENCES[how]}; {verdict.head.number} entries before it are good"
