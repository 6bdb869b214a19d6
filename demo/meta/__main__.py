"""`python -m demo.meta`: serves the stand-in until stopped."""

from __future__ import annotations

import sys

from common.logs import configure
from common.settings import SettingsError, read
from demo.meta.app import create_app
from demo.meta.settings import Settings


def main() -> int:
    """Serve.

    Returns:
        1 after one line on a setting that is missing or unusable.
    """
    configure("meta")
    try:
        settings = read(Settings, "META")
    except SettingsError as error:
        print(f"meta: {error}", file=sys.stderr)
        return 1
    app = create_app(settings, f"http://127.0.0.1:{settings.port}")
    app.run(host="127.0.0.1", port=settings.port, single_process=True, access_log=False, motd=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
