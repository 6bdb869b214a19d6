"""Mails with one-time codes, in the customer's language."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from functools import cache
from typing import Protocol

import yaml

from claims.settings import RESPONSES, Settings

LANGUAGES = ("en", "nl", "fr")
_TIMEOUT_SECONDS = 10


@dataclass(frozen=True)
class Mail:
    """What is sent to whom."""

    to: str
    subject: str
    text: str
    language: str


class Mailer(Protocol):
    """Sends a mail, or raises OSError when it cannot."""

    def send(self, mail: Mail) -> None:
        """Send one mail."""


@cache
def _texts(language: str) -> dict[str, dict[str, str]]:
    content: dict[str, dict[str, str]] = yaml.safe_load((RESPONSES / language / "mail.yml").read_text("utf-8"))
    return content


def code_mail(to: str, code: str, minutes: int, language: str) -> Mail:
    """Write the mail that carries a one-time code."""
    texts = _texts(language)["code_mail"]
    values = {"code": code, "minutes": minutes}
    return Mail(to, texts["subject"].format(**values).strip(), texts["text"].format(**values), language)


class SmtpMailer:
    """Sends through the mail server of the settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def send(self, mail: Mail) -> None:
        """Send one mail.

        Raises:
            OSError: The server cannot be reached or does not take it (every smtplib error is one).
        """
        settings = self._settings
        with smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=_TIMEOUT_SECONDS) as server:
            if settings.smtp_starttls:
                server.starttls(context=ssl.create_default_context())
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password)
            server.send_message(_message(mail, settings.mail_from))


def _message(mail: Mail, sender: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = sender
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain="claims.invalid")
    # Keeps out-of-office replies away from the sender's address.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    # Only now: setting the text drops headers that speak about it.
    message["Content-Language"] = mail.language
    return message
