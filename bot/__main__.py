"""Starts the bot: `python -m bot`."""

from __future__ import annotations

import sys
from pathlib import Path

from sqlalchemy import Engine

from bot.app import create_app
from bot.log.store import Log
from bot.meta.settings import read_meta
from bot.migrate import is_current, open_database, upgrade
from bot.pages import load_site
from bot.parts import build_parts
from bot.sentences import Sentences
from bot.settings import BotSettings
from common import logs
from common.settings import SettingsError, read
from content.responses import Responses

PROJECT_ROOT = Path(__file__).parent.parent


def main() -> None:
    """Read the settings, check what the service stands on, and serve until told to stop."""
    log = logs.configure("bot")
    try:
        settings, meta = read(BotSettings, "BOT"), read_meta()
        database = open_database(settings.database_url)
        _check_schema(database, demo=settings.demo)
    except SettingsError as error:
        sys.exit(f"bot: {error}")
    sentences = Sentences.load(Responses.load(PROJECT_ROOT))
    parts = build_parts(settings, Log(database), sentences, load_site(demo=settings.demo))
    log.info("bot.starting", port=settings.port, demo=settings.demo, widget=parts.site.version)
    create_app(parts, meta=meta).run(settings.host, settings.port, single_process=True, access_log=False, motd=False)


def _check_schema(database: Engine, *, demo: bool) -> None:
    if is_current(database):
        return
    if not demo:
        raise SettingsError("the database of BOT_DATABASE_URL is not up to date: run `python -m bot.migrate`")
    upgrade(database)


if __name__ == "__main__":
    main()
