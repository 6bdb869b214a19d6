"""The bot's settings, read once from variables named BOT_..."""

from __future__ import annotations

from dataclasses import dataclass

from bot.desk.hours import InvalidHours, read_hours
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
    files_dir: str = setting(
        "Folder where customers' files wait for the claims backend, outside any web root", default="var/files"
    )
    file_max_bytes: int = setting(
        "How many bytes a file of a customer may have; no more than CLAIMS_EVIDENCE_MAX_BYTES", default=10 * 1024 * 1024
    )
    files_per_hour: int = setting("Files a session may send in an hour; an address three times as many", default=30)
    files_total_bytes: int = setting(
        "How many bytes may wait in the folder before no more files are taken", default=2 * 1024 * 1024 * 1024
    )
    files_given_bytes: int = setting(
        "How many bytes of files of staff may lie in the folder; they stay for customers to fetch",
        default=20 * 1024 * 1024 * 1024,
    )
    desk_secret: str = setting(
        "Keys the desk's audit trail and signs its sessions; keep it for as long as the trail; empty: no desk",
        default="",
        secret=True,
    )
    desk_hours: str = setting(
        "When the desk is staffed, in Belgian time and without public holidays; parts separated by ;, or always",
        default="mon-fri 08:30-18:00",
    )
    desk_minutes_each: int = setting("Minutes a conversation takes staff, for the expected wait", default=5)
    desk_away_minutes: int = setting(
        "After so many minutes without an answer a conversation goes back to the queue", default=10
    )
    desk_wait_minutes: int = setting(
        "After so many minutes in the queue the customer is offered a callback", default=10
    )
    desk_silent_hours: int = setting(
        "After so many hours of a customer's silence staff's conversation is closed", default=24
    )
    desk_warning_minutes: tuple[str, ...] = setting(
        "Service level: minutes in opening hours until the warning, for urgent, high and normal",
        default=("2", "10", "30"),
    )
    desk_breach_minutes: tuple[str, ...] = setting(
        "Service level: minutes in opening hours until it is broken, for urgent, high and normal",
        default=("5", "30", "120"),
    )
    heartbeat_seconds: float = setting("Pause between comments that keep a stream open", default=15.0)
    stop_seconds: float = setting("How long running turns may take when the service stops", default=10.0)

    def __post_init__(self) -> None:
        """Refuse values that would make the service stand still.

        Raises:
            SettingsError: A number must be positive, or the language is not one of ours.
        """
        for name in (
            *("engine_concurrency", "messages_per_minute", "sessions_per_minute", "streams_per_session"),
            *("file_max_bytes", "files_per_hour", "files_total_bytes", "files_given_bytes"),
        ):
            if getattr(self, name) < 1:
                raise SettingsError(f"BOT_{name.upper()} must be 1 or more")
        for name in ("turn_seconds", "connect_seconds", "heartbeat_seconds"):
            if getattr(self, name) <= 0:
                raise SettingsError(f"BOT_{name.upper()} must be more than 0")
        _check_desk(self)
        if self.events_secret:
            check_webhook_secret("BOT_EVENTS_SECRET", self.events_secret)
        if self.default_language not in LANGUAGES:
            raise SettingsError(f"BOT_DEFAULT_LANGUAGE must be one of {', '.join(LANGUAGES)}")


def _check_desk(settings: BotSettings) -> None:
    try:
        read_hours(settings.desk_hours)
    except InvalidHours:
        raise SettingsError("BOT_DESK_HOURS must be like mon-fri 08:30-18:00; sat 09:00-12:00") from None
    for name in ("desk_minutes_each", "desk_away_minutes", "desk_wait_minutes", "desk_silent_hours"):
        if getattr(settings, name) < 1:
            raise SettingsError(f"BOT_{name.upper()} must be 1 or more")
    for name in ("desk_warning_minutes", "desk_breach_minutes"):
        minutes = getattr(settings, name)
        if len(minutes) != 3 or not all(each.isdigit() for each in minutes):
            raise SettingsError(f"BOT_{name.upper()} must be three whole numbers: urgent,high,normal")
