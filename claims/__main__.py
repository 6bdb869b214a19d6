"""`python -m claims`: serve the API, or run one of the commands."""

from __future__ import annotations

import sys

from claims.adapters.schema import prepare_folder
from claims.api.app import create_app
from claims.commands.line import read_line, run
from claims.settings import PREFIX, Settings
from common import logs
from common.settings import SettingsError, read


def main() -> None:
    """Run the command that is asked for; without one, serve."""
    arguments = read_line()
    if arguments.command is None:
        serve()
    else:
        sys.exit(run(arguments))


def serve() -> None:
    """Read the settings and serve until stopped."""
    log = logs.configure("claims")
    try:
        settings = read(Settings, PREFIX)
        prepare_folder(settings.database_url)
        # A key file or rules that cannot be used are found when the app is made.
        app = create_app(settings)
    except SettingsError as error:
        sys.exit(str(error))
    log.info("claims.starting", port=settings.port, demo=settings.demo)
    app.run(host=settings.host, port=settings.port, single_process=True, access_log=False, motd=False)


if __name__ == "__main__":
    main()
