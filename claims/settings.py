"""The settings of the claims service, read from variables that begin with CLAIMS_."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from common.settings import SettingsError, setting

PREFIX = "CLAIMS"
ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Settings:
    """Everything that differs between two installations."""

    service_tokens: tuple[str, ...] = setting(
        "Comma-separated tokens the other services may call with, 16 characters or longer each.", secret=True
    )
    token_secret: str = setting("Signs customer tokens and keys the hashes of one-time codes.", secret=True)
    database_url: str = setting(
        "Where policies and claims are kept: an SQLite file, or postgresql+psycopg://...",
        default="sqlite:///var/claims.db",
    )
    port: int = setting("The port to listen on; the service only listens on 127.0.0.1 by default.", default=5056)
    host: str = setting("The address to listen on.", default="127.0.0.1")
    smtp_host: str = setting("The mail server that sends one-time codes.", default="127.0.0.1")
    smtp_port: int = setting("Its port; the demo's mail sink listens on 5025.", default=5025)
    smtp_user: str = setting("The user to log in to the mail server with; empty for no login.", default="")
    # Not a `secret=True`: other people's mail servers have passwords of any length.
    smtp_password: str = field(
        default="", repr=False, metadata={"help": "The password that goes with the user.", "secret": False}
    )
    smtp_starttls: bool = setting("Whether to encrypt the connection to the mail server.", default=False)
    mail_from: str = setting("The sender of the mails with one-time codes.", default="Cyber Care <no-reply@example.be>")
    demo: bool = setting("Allows loading the demo policies; never set it where real customers are.", default=False)

    def __post_init__(self) -> None:
        """Refuse tokens that are too short to be secrets.

        Raises:
            SettingsError: There is none, or one is shorter than 16 characters.
        """
        if not self.service_tokens or any(len(token) < 16 for token in self.service_tokens):
            raise SettingsError("CLAIMS_SERVICE_TOKENS must hold secrets of 16 characters or more, separated by commas")
        if self.smtp_user and not self.smtp_starttls:
            raise SettingsError(
                "CLAIMS_SMTP_USER needs CLAIMS_SMTP_STARTTLS=true: the password would travel in the open"
            )
