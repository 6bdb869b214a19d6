"""Reads the command line, runs one command, and says in one sentence what went wrong."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import Any

from sqlalchemy.exc import OperationalError, ProgrammingError

from claims.adapters.errors import ConcurrentWrite
from claims.adapters.schema import prepare_folder
from claims.api.app import join
from claims.commands import audit, exports, policies, staff
from claims.domain.errors import ClaimsError
from claims.service.services import Services
from claims.settings import PREFIX, Settings
from common.settings import SettingsError, read

Command = Callable[[Services, argparse.Namespace], int]
"""Does one thing and returns the exit code."""

_ABOUT = """\
Without a command: serve the API until stopped.

The settings are environment variables that begin with CLAIMS_; a command works on the database of
CLAIMS_DATABASE_URL, also while the service runs. `python -m claims.migrate` brings the database up to date.
"""
_EXIT_CODES = "Exit codes: 0 done, 1 refused or something was found, 2 the command is not understood."


def read_line(words: list[str] | None = None) -> argparse.Namespace:
    """Read a command line; `command` is None when there is no command."""
    parser = argparse.ArgumentParser(
        prog="python -m claims",
        description=_ABOUT,
        epilog=_EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(command=None)
    groups = parser.add_subparsers(title="commands", metavar="COMMAND")
    for module in (staff, policies, audit, exports):
        module.add_to(groups)
    return parser.parse_args(words)


def run(arguments: argparse.Namespace) -> int:
    """Run a command.

    Returns:
        The exit code.
    """
    command: Command = arguments.command
    try:
        settings = read(Settings, PREFIX)
        prepare_folder(settings.database_url)
        services = join(settings)
        try:
            return command(services, arguments)
        finally:
            services.engine.dispose()
    except SettingsError as error:
        return _refused(str(error))
    except ClaimsError as error:
        return _refused(error.message, error.details)
    except ConcurrentWrite:
        return _refused("Others are writing the same thing right now; nothing was changed, try again.")
    except (OperationalError, ProgrammingError) as error:
        return _refused(f"The database cannot be used ({type(error.orig).__name__}): is it up to date? See --help.")
    except OSError as error:
        return _refused(f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror))


def _refused(sentence: str, details: dict[str, Any] | None = None) -> int:
    more = "".join(f" {name}: {value}." for name, value in (details or {}).items())
    print(f"error: {sentence}{more}", file=sys.stderr)
    return 1
