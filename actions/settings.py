"""Settings of the action server, read from ACTIONS_* variables."""

from __future__ import annotations

from dataclasses import dataclass

from common.settings import setting


@dataclass(frozen=True)
class Settings:
    """Settings of the action server."""

    secret: str = setting("Shared secret the engine sends as a bearer token", secret=True)
    claims_token: str = setting("Service token for the claims backend", secret=True)
    bot_token: str = setting("Service token for the bot's internal messages", secret=True)
    claims_url: str = setting("Address of the claims backend", default="http://127.0.0.1:5056")
    bot_url: str = setting("Address of the bot service", default="http://127.0.0.1:5000")
    database_url: str = setting("Where submissions wait when the backend is down", default="sqlite:///var/actions.db")
    host: str = setting("Address to listen on", default="127.0.0.1")
    port: int = setting("Port to listen on", default=5055)
