"""What every group of commands shares."""

from __future__ import annotations

import argparse
from typing import Any

from claims.domain.actors import Actor

ACTOR = Actor.system("command line")
"""How the audit trail names whoever types a command; the machine knows who that was."""


def group(groups: Any, name: str, about: str) -> Any:
    """Add a group of commands.

    Args:
        groups: The groups so far, as argparse keeps them.
        name: The first word of its commands.
        about: One sentence for --help.

    Returns:
        Where the commands of the group are added.
    """
    parser: argparse.ArgumentParser = groups.add_parser(name, help=about, description=about)
    return parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
