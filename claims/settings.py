"""The settings of the claims service, read from variables that begin with CLAIMS_."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from claims.adapters.rules import load_rules
from common.settings import SettingsError, setting
from common.webhooks import check_webhook_secret
from content.facts import ContentError

PREFIX = "CLAIMS"
# Without encryption only on this machine.
_PRIVATE_ADDRESS = re.compile(r"https://[^\s?#]+|http://(127\.0\.0\.1|localhost)(:\d+)?(/[^\s?#]*)?", re.ASCII)
ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Settings:
    """Everything that differs between two installations."""

    service_tokens: tuple[str, ...] = setting(
        "Comma-separated tokens the other services may call with, 16 characters or longer each.", secret=True
    )
    token_secret: str = setting(
        "Signs customer tokens, keys the hashes of one-time codes, encrypts the second factors of staff.", secret=True
    )
    audit_secret: str = setting("Keys the hashes of the audit trail; keep it for as long as the trail.", secret=True)
    database_url: str = setting(
        "Where policies and claims are kept: an SQLite file, or postgresql+psycopg://...",
        default="sqlite:///var/claims.db",
    )
    port: int = setting("The port to listen on; the service only listens on 127.0.0.1 by default.", default=5056)
    host: str = setting("The address to listen on.", default="127.0.0.1")
    smtp_host: str = setting("The mail server that sends one-time codes and news of claims.", default="127.0.0.1")
    smtp_port: int = setting("Its port; the demo's mail sink listens on 5025.", default=5025)
    smtp_user: str = setting("The user to log in to the mail server with; empty for no login.", default="")
    # Not a `secret=True`: other people's mail servers have passwords of any length.
    smtp_password: str = field(
        default="", repr=False, metadata={"help": "The password that goes with the user.", "secret": False}
    )
    smtp_starttls: bool = setting("Whether to encrypt the connection to the mail server.", default=False)
    mail_from: str = setting("The sender of all mails.", default="Cyber Care <no-reply@example.be>")
    staff_session_hours: int = setting("After how many hours staff must sign in again.", default=8)
    staff_idle_minutes: int = setting("After how many minutes without use a staff session ends.", default=30)
    payout_days: int = setting(
        "Days from submission to payout; the product page says 15, and from when is our reading.", default=15
    )
    reminder_days: tuple[str, ...] = setting(
        "How many days before the payout is due staff are reminded, comma-separated.", default=("5", "2", "0")
    )
    staff_mail: str = setting("Where reminders of claims that are nearly due go; empty for none.", default="")
    codes_per_policy: int = setting("How many one-time codes may be asked for a policy in an hour.", default=5)
    codes_per_address: int = setting(
        "How many one-time codes one mail address is sent in a day, whatever the policy.", default=10
    )
    host_key_file: str = setting(
        "The host page's public key (PEM; Ed25519 or EC P-256) for its identity tokens; empty for none.", default=""
    )
    host_issuer: str = setting("The issuer (iss) of the host page's identity tokens.", default="")
    operator_url: str = setting(
        "The operator's customer system, asked for policies at /policies/...; empty where policies are kept here.",
        default="",
    )
    operator_token: str = setting("The token to ask the operator's customer system with.", default="", secret=True)
    events_url: str = setting(
        "Where changes of claims are told to, the bot's address with /claim-events; empty tells nobody.", default=""
    )
    events_secret: str = setting(
        "Signs what is told there, the same as BOT_EVENTS_SECRET: 32 random bytes or more in base64.",
        default="",
        secret=True,
    )
    evidence_store: str = setting(
        "Where evidence is kept, outside any web root: a folder, or s3://bucket/prefix.", default="var/evidence"
    )
    evidence_s3_endpoint: str = setting("The address of an S3-compatible service; empty for Amazon's own.", default="")
    evidence_s3_region: str = setting("The region of the bucket.", default="us-east-1")
    evidence_s3_key: str = setting("The access key of the bucket; empty for that of the machine's role.", default="")
    # Not a `secret=True`: other people's stores have secrets of any length.
    evidence_s3_secret: str = field(
        default="", repr=False, metadata={"help": "The secret that goes with the access key.", "secret": False}
    )
    evidence_max_bytes: int = setting("How many bytes one file of evidence may have.", default=10 * 1024 * 1024)
    evidence_max_files: int = setting("How many files a draft and its claim may have together.", default=20)
    clamav: str = setting(
        "Where clamd listens, host:port or the path of its socket; empty: no file is checked for viruses.", default=""
    )
    cover_rules: Path = setting(  # noqa: RUF009 - it makes a field, as for the others
        "The rules of the check of cover; name a copy to set what your general conditions say.",
        default=Path("data/facts/cover_rules.yml"),
    )
    demo: bool = setting("Allows loading the demo policies; never set it where real customers are.", default=False)

    def __post_init__(self) -> None:
        """Refuse tokens that are too short to be secrets.

        Raises:
            SettingsError: There is none, or one is shorter than 16 characters.
        """
        if not self.service_tokens or any(len(token) < 16 for token in self.service_tokens):
            raise SettingsError("CLAIMS_SERVICE_TOKENS must hold secrets of 16 characters or more, separated by commas")
        self._check_clock()
        self._check_identity()
        self._check_operator()
        self._check_events()
        self._check_evidence()
        self._check_cover_rules()
        if min(self.staff_session_hours, self.staff_idle_minutes) < 1:
            raise SettingsError("CLAIMS_STAFF_SESSION_HOURS and CLAIMS_STAFF_IDLE_MINUTES must be 1 or more")
        if self.smtp_user and not self.smtp_starttls:
            raise SettingsError(
                "CLAIMS_SMTP_USER needs CLAIMS_SMTP_STARTTLS=true: the password would travel in the open"
            )

    def _check_identity(self) -> None:
        if min(self.codes_per_policy, self.codes_per_address) < 1:
            raise SettingsError("CLAIMS_CODES_PER_POLICY and CLAIMS_CODES_PER_ADDRESS must be 1 or more")
        if self.host_key_file and not self.host_issuer:
            raise SettingsError("CLAIMS_HOST_KEY_FILE needs CLAIMS_HOST_ISSUER: whose identity tokens are these?")

    def _check_evidence(self) -> None:
        scheme, separator, rest = self.evidence_store.partition("://")
        if not self.evidence_store or (separator and (scheme not in ("file", "s3") or not rest)):
            raise SettingsError("CLAIMS_EVIDENCE_STORE must be a folder, file:///folder or s3://bucket/prefix")
        if bool(self.evidence_s3_key) != bool(self.evidence_s3_secret):
            raise SettingsError("CLAIMS_EVIDENCE_S3_KEY and CLAIMS_EVIDENCE_S3_SECRET go together")
        if not (1 <= self.evidence_max_files <= 100 and 1 <= self.evidence_max_bytes <= 100 * 1024 * 1024):
            raise SettingsError("CLAIMS_EVIDENCE_MAX_FILES is 1 to 100, CLAIMS_EVIDENCE_MAX_BYTES up to 100 MiB")
        port = self.clamav.rpartition(":")[2]
        if self.clamav and not self.clamav.startswith("/") and not (port.isdecimal() and ":" in self.clamav):
            raise SettingsError("CLAIMS_CLAMAV must be host:port or the path of a socket that begins with /")

    def _check_operator(self) -> None:
        if not self.operator_url:
            return
        if not _PRIVATE_ADDRESS.fullmatch(self.operator_url):
            raise SettingsError("CLAIMS_OPERATOR_URL must begin with https://: policies would travel in the open")
        if not self.operator_token:
            raise SettingsError("CLAIMS_OPERATOR_URL needs CLAIMS_OPERATOR_TOKEN")

    def _check_events(self) -> None:
        if self.events_url and not _PRIVATE_ADDRESS.fullmatch(self.events_url):
            raise SettingsError("CLAIMS_EVENTS_URL must begin with https://: what staff write would travel in the open")
        if self.events_url or self.events_secret:
            check_webhook_secret("CLAIMS_EVENTS_SECRET", self.events_secret)

    def _check_cover_rules(self) -> None:
        try:
            load_rules(self.cover_rules)
        except ContentError as error:
            raise SettingsError(f"CLAIMS_COVER_RULES cannot be used: {error}") from error

    def _check_clock(self) -> None:
        if not 1 <= self.payout_days <= 365:
            raise SettingsError("CLAIMS_PAYOUT_DAYS must be a number of days from 1 to 365")
        if not all(day.isdecimal() and int(day) <= self.payout_days for day in self.reminder_days):
            raise SettingsError("CLAIMS_REMINDER_DAYS must hold whole numbers up to CLAIMS_PAYOUT_DAYS, such as 5,2,0")
        if self.staff_mail and not re.fullmatch(r"[\w.+-]{1,64}@[\w.-]{1,189}", self.staff_mail, re.ASCII):
            raise SettingsError("CLAIMS_STAFF_MAIL must be one mail address, such as claims@example.be, or empty")
