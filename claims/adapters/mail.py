"""Mails with one-time codes, in the customer's language."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Protocol

from claims.settings import Settings
from content.responses import Responses

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


def code_mail(to: str, code: str, minutes: int, language: str) -> Mail:
    """Write the mail that carries a one-time code."""
    responses = Responses.load()
    values = {"code": code, "minutes": minutes}
    subject = responses.render("code_mail", language, part="subject", **values).text
    return Mail(to, subject, responses.render("code_mail", language, **values).text, language)


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
