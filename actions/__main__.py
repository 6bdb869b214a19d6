"""Starts the action server: `python -m actions`."""

from __future__ import annotations

import sys

from actions.server import create_app
from actions.settings import Settings
from common import logs
from common.settings import SettingsError, read


def main() -> int:
    """Read the settings and serve until stopped."""
    logs.configure("actions")
    try:
        settings = read(Settings, "ACTIONS")
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    create_app(settings).run(settings.host, settings.port, single_process=True, access_log=False, motd=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
