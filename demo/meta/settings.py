"""The stand-in's settings, read once from variables named META_..."""

from __future__ import annotations

from dataclasses import dataclass

from common.settings import setting


@dataclass(frozen=True)
class Settings:
    """What the launcher tells the stand-in; the secrets are those the bot has too."""

    app_secret: str = setting("Signs the webhooks", secret=True)
    verify_token: str = setting("Sent in the webhook's handshake", secret=True)
    page_token: str = setting("The token that may send for the page", secret=True)
    whatsapp_token: str = setting("The token that may send for the WhatsApp number", secret=True)
    webhook_url: str = setting("Where events go, for example http://127.0.0.1:5000/webhooks/meta")
    dir: str = setting("Where the conversations are kept over a restart", default="var/meta")
    port: int = setting("Port to listen on", default=5058)
