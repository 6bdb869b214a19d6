"""Mails to customers and staff: written from the texts of their language, sent through a mail server."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Any, Protocol

from claims.settings import Settings
from content.responses import Responses

_CONNECT_SECONDS = 10
# A server that checks a mail before it takes it needs longer. Not to wait for its answer is to send the mail twice.
_ANSWER_SECONDS = 60
_PERMANENT = 500
_DOMAIN = "claims.invalid"


@dataclass(frozen=True)
class Mail:
    """What is sent to whom.

    Attributes:
        id: Becomes the Message-ID, so that a mail that had to be sent again can be recognised; empty for a new one.
    """

    to: str
    subject: str
    text: str
    language: str
    id: str = ""


class MailRefused(OSError):
    """This mail will never reach its address however often it is sent; the message never holds the address."""


class Mailer(Protocol):
    """Sends a mail, or raises OSError when it cannot, MailRefused when it never will."""

    def send(self, mail: Mail) -> None:
        """Send one mail."""


def code_mail(to: str, code: str, minutes: int, language: str) -> Mail:
    """Write the mail that carries a one-time code."""
    return write_mail(to, "code_mail", language, {"code": code, "minutes": minutes})


def write_mail(to: str, template: str, language: str, values: Mapping[str, Any], mail_id: str = "") -> Mail:
    """Write a mail from its texts in data/responses/<language>/mail.yml.

    Args:
        to: The address.
        template: Name of the response, with a `subject` and a `text`.
        language: en, nl or fr.
        values: For the placeholders; amounts and dates as `{"kind", "value"}`.
        mail_id: Becomes the Message-ID.
    """
    responses = Responses.load()
    subject = responses.render(template, language, **values, part="subject").text
    return Mail(to, subject, responses.render(template, language, **values).text, language, mail_id)


class SmtpMailer:
    """Sends through the mail server of the settings."""

    def __init__(
        self, settings: Settings, *, connect: float = _CONNECT_SECONDS, answer: float = _ANSWER_SECONDS
    ) -> None:
        self._settings, self._connect, self._answer = settings, connect, answer

    def send(self, mail: Mail) -> None:
        """Send one mail.

        Raises:
            MailRefused: The address or subject cannot be written, or the server refuses the recipient for good (5xx).
            OSError: The server cannot be reached or does not take the mail (every smtplib error is one). Also when it
                refuses login, sender or content with 5xx: that lies with us or the server, and somebody can mend it.
        """
        settings = self._settings
        message = _message(mail, settings.mail_from)
        with closing(smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=self._connect)) as server:
            if settings.smtp_starttls:
                server.starttls(context=ssl.create_default_context())
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password)
            assert server.sock is not None  # noqa: S101 - it is connected
            server.sock.settimeout(self._answer)
            _hand_over(server, message)
            # It is taken: whatever happens while saying goodbye, it must not be sent again.
            with suppress(OSError):
                server.quit()


def _hand_over(server: smtplib.SMTP, message: EmailMessage) -> None:
    try:
        server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        if all(code >= _PERMANENT for code in codes):
            raise MailRefused(f"recipient refused: {codes}") from None
        raise


def _message(mail: Mail, sender: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = sender
    message["To"] = _address(mail.to)
    try:
        message["Subject"] = mail.subject
    except ValueError:
        raise MailRefused("the subject has more than one line") from None
    message["Date"] = formatdate()
    message["Message-ID"] = f"<{mail.id}@{_DOMAIN}>" if mail.id else make_msgid(domain=_DOMAIN)
    # Keeps out-of-office replies away from the sender's address.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    # Only now: setting the text drops headers that speak about it.
    message["Content-Language"] = mail.language
    return message


def _address(text: str) -> Address:
    """One address and nothing else: no line breaks, no second recipient, no name."""
    try:
        return Address(addr_spec=text)
    except (ValueError, IndexError, MessageError):
        raise MailRefused("the address cannot be written to") from None
