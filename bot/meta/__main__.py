"""Sets up the Page: `python -m bot.meta profile`; with `--show` it only prints what would be sent."""

from __future__ import annotations

import asyncio
import json
import sys

from bot.meta.errors import Failure
from bot.meta.graph import make_graph
from bot.meta.profile import profile
from bot.meta.settings import read_meta
from common.settings import SettingsError

_USAGE = "usage: python -m bot.meta profile [--show]"


def main(arguments: list[str]) -> None:
    """Send the profile, or show it."""
    if arguments == ["profile", "--show"]:
        print(json.dumps(profile(), ensure_ascii=False, indent=2))
    elif arguments == ["profile"]:
        asyncio.run(_send())
    else:
        sys.exit(_USAGE)


async def _send() -> None:
    try:
        settings = read_meta()
        if not settings.page_id:
            raise SettingsError("BOT_META_PAGE_ID is not set: there is no Page to set up")
    except SettingsError as error:
        sys.exit(f"bot.meta: {error}")
    graph = make_graph(settings)
    try:
        await graph.set_profile(profile())
    except Failure as failure:
        sys.exit(f"bot.meta: not taken: {failure.kind.value}, code {failure.code}, subcode {failure.subcode}")
    finally:
        await graph.close()
    print("The Page has its greeting, start button, menu and ice breakers.")


if __name__ == "__main__":
    main(sys.argv[1:])
