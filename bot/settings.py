"""The bot's settings, read once from variables named BOT_..."""

from __future__ import annotations

from dataclasses import dataclass

from common.settings import SettingsError, setting
from common.webhooks import check_webhook_secret

LANGUAGES = ("en", "nl", "fr")
DEFAULT_DATABASE = "sqlite:///var/bot.sqlite3"


@dataclass(frozen=True)
class BotSettings:
    """Everything an operator can set; see `common.settings.read`."""

    engine_url: str = setting("Address of the engine, for example http://127.0.0.1:5005")
    engine_secret: str = setting("The engine's ENGINE_TURN_SECRET", secret=True)
    actions_url: str = setting("Address of the action server, asked for its health")
    claims_url: str = setting("Address of the claims backend: files go there, and it is asked for its health")
    claims_token: str = setting("One of the claims backend's CLAIMS_SERVICE_TOKENS", secret=True)
    internal_token: str = setting("Token other services send to /internal", secret=True)
    token_secret: str = setting("Signs the customers' session tokens", secret=True)
    events_secret: str = setting(
        "Signs the claims backend's events to /claim-events, its CLAIMS_EVENTS_SECRET; empty takes none",
        default="",
        secret=True,
    )
    database_url: str = setting("SQLAlchemy address of the conversation log", default=DEFAULT_DATABASE)
    host: str = setting("Address to listen on", default="127.0.0.1")
    port: int = setting("Port to listen on", default=5000)
    allowed_origins: tuple[str, ...] = setting("Origins of other sites that embed the widget", default=())
    cookie_secure: bool = setting("Send the session cookie over HTTPS only", default=True)
    demo: bool = setting("Serve the demo page and migrate the database at start", default=False)
    default_language: str = setting("Language of a visitor who has none of ours", default="en")
    session_days: int = setting("How long a session token is valid", default=30)
    proxies: int = setting("How many trusted proxies add to X-Forwarded-For", default=0)
    engine_concurrency: int = setting("Turns asked of the engine at the same time", default=4)
    turn_seconds: float = setting("Longest wait for one turn", default=30.0)
    connect_seconds: float = setting("Longest wait for a connection to the engine", default=2.0)
    error_answers: int = setting("HTTP 5xx answers to one message before it is given up", default=40)
    messages_per_minute: int = setting("Messages a session may send in a minute", default=40)
    sessions_per_minute: int = setting("Sessions an address may open in a minute", default=30)
    streams_per_session: int = setting("Event streams a session may hold open", default=20)
    heartbeat_seconds: float = setting("Pause between comments that keep a stream open", default=15.0)
    stop_seconds: float = setting("How long running turns may take when the service stops", default=10.0)

    def __post_init__(self) -> None:
        """Refuse values that would make the service stand still.

        Raises:
            SettingsError: A number must be positive, or the language is not one of ours.
        """
        for name in ("engine_concurrency", "messages_per_minute", "sessions_per_minute", "streams_per_session"):
            if getattr(self, name) < 1:
                raise SettingsError(f"BOT_{name.upper()} must be 1 or more")
        for name in ("turn_seconds", "connect_seconds", "heartbeat_seconds"):
            if getattr(self, name) <= 0:
                raise SettingsError(f"BOT_{name.upper()} must be more than 0")
        if self.events_secret:
            check_webhook_secret("BOT_EVENTS_SECRET", self.events_secret)
        if self.default_language not in LANGUAGES:
            raise SettingsError(f"BOT_DEFAULT_LANGUAGE must be one of {', '.join(LANGUAGES)}")
