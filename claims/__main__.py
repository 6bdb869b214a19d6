"""`python -m claims`: serve the API."""

from __future__ import annotations

import sys

from claims.adapters.schema import prepare_folder
from claims.api.app import create_app
from claims.settings import PREFIX, Settings
from common import logs
from common.settings import SettingsError, read


def main() -> None:
    """Read the settings and serve until stopped."""
    log = logs.configure("claims")
    try:
        settings = read(Settings, PREFIX)
    except SettingsError as error:
        sys.exit(str(error))
    prepare_folder(settings.database_url)
    app = create_app(settings)
    log.info("claims.starting", port=settings.port, demo=settings.demo)
    app.run(host=settings.host, port=settings.port, single_process=True, access_log=False, motd=False)


if __name__ == "__main__":
    main()
