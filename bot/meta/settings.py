"""The settings of Messenger and WhatsApp, variables named BOT_META_...; without them this door is closed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from urllib.parse import urlsplit

from common.settings import SettingsError, read, setting

PREFIX = "BOT_META"
GRAPH_URL = "https://graph.facebook.com/v25.0"
_ID = re.compile(r"[0-9]{1,32}")
_TEMPLATE = re.compile(r"[a-z0-9_]{1,512}")
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")


@dataclass(frozen=True)
class MetaSettings:
    """Everything that connects a Page, a telephone number, or both."""

    app_secret: str = setting(
        "The app's secret, signs every call of the webhook; empty closes Messenger and WhatsApp",
        default="",
        secret=True,
    )
    verify_token: str = setting(
        "What Meta shows when the webhook is set up; choose it yourself", default="", secret=True
    )
    app_id: str = setting("The app's id: tells our own messages from those of people in the Page's inbox", default="")
    page_id: str = setting("Id of the Facebook Page; empty leaves Messenger off", default="")
    page_token: str = setting("Page access token", default="", secret=True)
    phone_number_id: str = setting("Id of the WhatsApp telephone number; empty leaves WhatsApp off", default="")
    whatsapp_token: str = setting("Token of a system user that may send for that number", default="", secret=True)
    whatsapp_template: str = setting(
        "Approved template that asks a customer to answer when a member of staff writes after 24 hours", default=""
    )
    graph_url: str = setting("Address of the Graph API, with its version", default=GRAPH_URL)
    media_hosts: tuple[str, ...] = setting(
        "Hosts files are fetched from, with their subdomains", default=("fbcdn.net", "fbsbx.com", "whatsapp.net")
    )
    media_seconds: float = setting("Longest wait for a customer's file", default=30.0)
    send_seconds: float = setting("Longest wait for an answer of the Graph API", default=10.0)
    confirm_seconds: float = setting(
        "How long to wait for a sign of a message that may or may not have gone out, before it is sent again",
        default=20.0,
    )
    sends_per_second: float = setting("Calls to the Graph API in a second, for each account", default=40.0)
    attempts: int = setting("How often a message is tried before it is given up", default=12)

    def __post_init__(self) -> None:
        """Refuse half a set-up, and values that cannot be right.

        Raises:
            SettingsError: A variable is missing or unusable; the message names it.
        """
        self._check_together()
        for name in ("app_id", "page_id", "phone_number_id"):
            if getattr(self, name) and not _ID.fullmatch(getattr(self, name)):
                raise SettingsError(f"{_variable(name)} must be a number of up to 32 digits, as Meta shows it")
        for name in ("media_seconds", "send_seconds", "confirm_seconds", "sends_per_second"):
            if not 0 < getattr(self, name) < float("inf"):
                raise SettingsError(f"{_variable(name)} must be more than 0")
        if self.attempts < 1:
            raise SettingsError(f"{_variable('attempts')} must be 1 or more")
        self._check_addresses()

    @property
    def on(self) -> bool:
        """Whether a Page or a number is connected."""
        return bool(self.page_id or self.phone_number_id)

    def account(self, channel: str) -> str:
        """Our side of a channel: the Page's or the number's id; empty if it is not connected."""
        return self.page_id if channel == "messenger" else self.phone_number_id

    def token(self, channel: str) -> str:
        """The token to call for a channel."""
        return self.page_token if channel == "messenger" else self.whatsapp_token

    def _check_together(self) -> None:
        needs = {
            "page_id": ("page_token", "app_id", "app_secret", "verify_token"),
            "phone_number_id": ("whatsapp_token", "app_secret", "verify_token"),
            "page_token": ("page_id",),
            "whatsapp_token": ("phone_number_id",),
            "whatsapp_template": ("phone_number_id",),
        }
        for name, others in needs.items():
            missing = [other for other in others if not getattr(self, other)]
            if getattr(self, name) and missing:
                raise SettingsError(f"{_variable(missing[0])} is not set, and {_variable(name)} needs it")
        if self.app_secret and not self.on:
            raise SettingsError(f"{_variable('page_id')} or {_variable('phone_number_id')} is not set")

    def _check_addresses(self) -> None:
        parts = urlsplit(self.graph_url)
        if parts.scheme not in ("https", "http") or not parts.hostname or parts.query:
            raise SettingsError(f"{_variable('graph_url')} must be an address such as {GRAPH_URL}")
        if parts.scheme == "http" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
            raise SettingsError(f"{_variable('graph_url')} must begin with https: tokens are sent there")
        if not all(_HOST.fullmatch(host) for host in self.media_hosts):
            raise SettingsError(f"{_variable('media_hosts')} must be names of hosts, such as fbcdn.net")
        if self.whatsapp_template and not _TEMPLATE.fullmatch(self.whatsapp_template):
            raise SettingsError(f"{_variable('whatsapp_template')} must be a template's name: a-z, 0-9 and _")


def read_meta(environ: Mapping[str, str] | None = None) -> MetaSettings:
    """Read the variables BOT_META_...

    Raises:
        SettingsError: One of them is unusable, or one is missing.
    """
    return read(MetaSettings, PREFIX, environ)


def variables() -> list[str]:
    """The names of all variables."""
    return [_variable(field.name) for field in fields(MetaSettings)]


def _variable(name: str) -> str:
    return f"{PREFIX}_{name.upper()}"
